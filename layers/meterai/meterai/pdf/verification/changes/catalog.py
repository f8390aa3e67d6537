"""What a later revision changes in the catalog and in the form (ISO 32000-1, 7.7.2, 12.7.2)."""

import re
from typing import Any

from meterai.domain.stamping.later_changes import Change, ChangeKind
from meterai.domain.stamping.verdicts import Cause
from meterai.pdf.verification.changes.findings import Altered, Findings
from meterai.pdf.verification.changes.objects import TRAILER
from meterai.pdf.verification.changes.states import (
    INFORMATION,
    After,
    Explained,
    added,
    changed_keys,
)
from meterai.pdf.verification.changes.syntax import Reference, same

_VERSION = re.compile(r"/[12]\.\d")
_CATALOG_KEYS = {"/Data", "/Root"}
"""Of a signature's reference (12.8.1, table 253) and of cross-references."""
_NOT_SHOWN = {"/Metadata", "/Extensions"}
_KINDS = {
    "/Pages": ChangeKind.PAGE_TREE,
    "/AcroForm": ChangeKind.FORM,
    "/OCProperties": ChangeKind.RESOURCES,
}


class CatalogComparison:
    """`explained`: the catalog and the form's own objects. `new_fields`: those at the top of the
    form that the revision adds, as written. `old`: the catalog before. `fonts`: those that the form
    gains, with which viewers draw fields that have no appearance; None is any."""

    def __init__(self, after: After, findings: Findings) -> None:
        self.explained = Explained()
        self.new_fields: list[Any] = []
        self.fonts: set[str | None] = set()
        self._after = after
        self._before = after.before
        self._findings = findings
        root = after.revision.trailer["/Root"]
        old, new = self._before.follow(root), after.follow(root)
        if not isinstance(old, dict) or not isinstance(new, dict):
            raise Altered(ChangeKind.OTHER)
        self.old = old
        self._root: int = root.idnum
        self.explained.add(self._root, {TRAILER}, _CATALOG_KEYS)
        if self._root in after.changed:
            self._compare_catalogs(old, new)
        self._compare_forms(old.get("/AcroForm"), new.get("/AcroForm"))

    def _compare_catalogs(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        for key in changed_keys(old, new, self._after) - _NOT_SHOWN - {"/AcroForm"}:
            if key == "/DSS" and "/DSS" in new:
                number = self._after.revision.number
                self._findings.add(Change(number, ChangeKind.VALIDATION_DATA))
            elif key != "/Version" or not _is_later(old.get(key), new.get(key)):
                raise Altered(_KINDS.get(key, ChangeKind.OTHER), why=f"catalog {key}")

    def _compare_forms(self, old_slot: Any, new_slot: Any) -> None:
        old, new = self._before.follow(old_slot), self._after.follow(new_slot)
        if old is None and new is None:
            return
        old = old if old is not None else {}
        if not isinstance(old, dict) or not isinstance(new, dict):
            raise Altered(ChangeKind.FORM, why="form")
        self._note(old_slot, self._root)
        holder = old_slot.idnum if isinstance(old_slot, Reference) else self._root
        for key in (
            changed_keys(old, new, self._after) - {"/Fields", "/SigFlags", "/DR"} - INFORMATION
        ):
            if key == "/NeedAppearances":
                self._redraws(self._after.follow(new.get(key)))
            elif key == "/DA" and key not in old:
                self.fonts.add(None)
                self._findings.draws_all_pages = True
            else:
                raise Altered(ChangeKind.FORM, why=f"form {key}")
        if type(self._after.follow(new.get("/SigFlags", 0))) is not int:
            raise Altered(ChangeKind.FORM, why="form /SigFlags")
        self._note(old.get("/Fields"), holder)
        self._compare_fields(old.get("/Fields"), new.get("/Fields"))
        self._compare_resources(old.get("/DR"), new.get("/DR"), holder)

    def _redraws(self, needed: Any) -> None:
        """Viewers draw the fields anew once /NeedAppearances is set."""
        if needed not in (None, False):
            self._findings.add(Change(self._after.revision.number, ChangeKind.FORM))
            self._findings.covered(Cause.CHANGED)
        self._findings.draws_all_pages = True

    def _compare_fields(self, old_slot: Any, new_slot: Any) -> None:
        old = self._before.follow(old_slot) or []
        new = self._after.follow(new_slot) or []
        rest = (
            added(old, new, self._after)
            if isinstance(old, list) and isinstance(new, list)
            else None
        )
        if rest is None:
            raise Altered(ChangeKind.FORM, why="form /Fields")
        self.new_fields = rest

    def _compare_resources(self, old_slot: Any, new_slot: Any, holder: int) -> None:
        """Resources may be added; those of the issued fields stay. Only the form may use the same
        dictionaries: a colour space that a page gains shows in some readers alone."""
        old, new = self._before.follow(old_slot) or {}, self._after.follow(new_slot) or {}
        if not isinstance(old, dict) or not isinstance(new, dict):
            raise Altered(ChangeKind.RESOURCES, why="form /DR")
        if same(old_slot, new_slot) and not self._touches(old_slot, *old.values()):
            return
        self._note(old_slot, holder)
        holder = old_slot.idnum if isinstance(old_slot, Reference) else holder
        for key in {*old, *new}:
            was, now = self._before.follow(old.get(key)), self._after.follow(new.get(key))
            if same(was, now):
                continue
            self._note(old.get(key), holder)
            if isinstance(now, dict) and (was is None or isinstance(was, dict)):
                kept = was or {}
                if changed_keys(kept, now, self._after) - (now.keys() - kept.keys()):
                    raise Altered(ChangeKind.RESOURCES, why=f"form /DR {key}")
            elif was is not None or not isinstance(now, list):
                raise Altered(ChangeKind.RESOURCES, why=f"form /DR {key}")
            if key == "/Font":
                gained = now.keys() - (was or {}).keys() if isinstance(now, dict) else {None}
                self.fonts |= gained
            self._findings.draws_all_pages = True

    def _touches(self, *slots: Any) -> bool:
        return any(
            isinstance(slot, Reference) and slot.idnum in self._after.changed for slot in slots
        )

    def _note(self, slot: Any, holder: int) -> None:
        """The object is accounted for, and only the holder may refer to it."""
        if isinstance(slot, Reference) and slot.idnum in self._after.changed:
            self.explained.add(slot.idnum, {holder})


def _is_later(old: Any, new: Any) -> bool:
    """A version that is raised changes nothing that is shown."""
    return (
        type(new) is str
        and _VERSION.fullmatch(new) is not None
        and (old is None or (type(old) is str and old <= new))
    )
