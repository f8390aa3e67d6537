"""The fields that a later revision adds to the form: signatures, or anything else."""

from dataclasses import dataclass, field
from typing import Any

from meterai.domain.stamping.later_changes import Change, ChangeKind
from meterai.domain.stamping.verdicts import Cause
from meterai.pdf.structure.objects import numbers
from meterai.pdf.verification.changes.fields import FormFields, name_of, walk
from meterai.pdf.verification.changes.findings import Altered, Findings
from meterai.pdf.verification.changes.signers import ClaimedSignature, read_signature
from meterai.pdf.verification.changes.states import After

_ACTIONS = {"/A", "/AA", "/PA"}
_SCALES_OR_TOGGLES = 8 | 256  # no zoom, toggle no view (ISO 32000-1, table 165)
_STAYS_UPRIGHT = 16  # no rotate: outside its box on a page that is turned


@dataclass(slots=True)
class NewFields:
    """`signatures`: by number of the field or widget; None where it is still empty. `shown`: those
    that are on a page. `known` are the fields before, `catalog` is the catalog before."""

    document: bytes
    after: After
    findings: Findings
    known: FormFields
    catalog: dict[str, Any]
    signatures: dict[int, ClaimedSignature | None] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)

    def read(self, roots: list[Any]) -> None:
        """The fields below these, which are new at the top of the form. Raises Altered."""
        after, known = self.after, self.known
        if roots:
            known.read(self.catalog, after.before)
        for root in roots:
            named = name_of(root, after)
            if named is not None and named in known.names:
                raise Altered(ChangeKind.AMBIGUOUS, why=f"two fields are called {named}")
            if named is not None:
                known.names.add(named)
        for written, one, dictionary in walk(roots, after):
            if written is None or not after.is_new(written) or not self._is_signature(one.kind):
                if one.kind is not None or "/Kids" not in dictionary:
                    self.findings.add(Change(after.revision.number, ChangeKind.ANNOTATION))
                    self.findings.covered(Cause.CHANGED)
                continue
            if _ACTIONS & dictionary.keys():
                raise Altered(ChangeKind.OTHER, why="a signature field with an action")
            self.signatures[one.number] = self.signature(one.value)

    def signature(self, value: Any) -> ClaimedSignature | None:
        """A field's signature, which must be new; None where there is none. Raises Altered."""
        found = self.after.follow(value)
        if found is None:
            return None
        revision = self.after.revision
        if not isinstance(found, dict) or not (isinstance(value, dict) or self.after.is_new(value)):
            raise Altered(ChangeKind.FORM, why="the value of a signature field")
        read = read_signature(self.document, revision.start, revision.end, found)
        if not read.covers_revision:
            self.findings.covered(Cause.CHANGED)
        return read

    def check_widget(
        self, widget: dict[str, Any], page: int, *, turns: bool, has_box: bool
    ) -> None:
        """Raises Altered where a new signature's widget acts by itself. One that looks different
        by zoom, state of the mouse or layer touches what is seen, and so does one that readers
        take for another annotation or put at another place."""
        if _ACTIONS & widget.keys():
            raise Altered(ChangeKind.OTHER, page, why="a widget with an action")
        corners = numbers(self.after.follow(widget.get("/Rect")))
        is_widget = widget.get("/Subtype") == "/Widget" and len(corners or ()) == 4
        flags = self.after.follow(widget.get("/F", 0))
        appearance = self.after.follow(widget.get("/AP", {}))
        forbidden = _SCALES_OR_TOGGLES | (_STAYS_UPRIGHT if turns else 0)
        is_plain = type(flags) is int and not flags & forbidden and "/OC" not in widget
        is_one = isinstance(appearance, dict) and appearance.keys() <= {"/N"}
        if not is_widget or (has_box and not (is_plain and is_one)):
            self.findings.covered(Cause.CHANGED)

    def read_widget(self, item: Any, widget: Any) -> None:
        """A signature field on a page that the form does not list: poppler forgets it where the
        form is part of the catalog."""
        is_field = isinstance(widget, dict) and "/Parent" not in widget and "/Kids" not in widget
        if is_field and self._is_signature(widget.get("/FT")) and "/V" in widget:
            self.read([item])

    def note_hidden(self) -> None:
        """Signatures that are on no page."""
        roots = {id(one) for number, one in self.signatures.items() if number in self.shown}
        for number, one in self.signatures.items():
            if number not in self.shown and one is not None and id(one) not in roots:
                change = Change(self.after.revision.number, one.what, signer=one.signer, at=one.at)
                self.findings.add(change)

    def _is_signature(self, kind: Any) -> bool:
        return bool(kind == "/Sig")
