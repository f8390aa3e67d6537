"""What a later revision changes on the pages: their dictionaries and their annotations."""

from collections.abc import Sequence
from typing import Any

from meterai.domain.errors import DocumentDamaged
from meterai.domain.stamping.later_changes import Change, ChangeKind
from meterai.domain.stamping.placement import Rectangle
from meterai.domain.stamping.verdicts import Cause
from meterai.pdf.structure.objects import numbers, reference_key
from meterai.pdf.structure.page_tree import PageNode
from meterai.pdf.verification.changes.fields import Resolver
from meterai.pdf.verification.changes.findings import Altered, Findings, Signer, signed
from meterai.pdf.verification.changes.new_fields import NewFields
from meterai.pdf.verification.changes.states import (
    After,
    Before,
    Explained,
    added,
    are_texts,
    changed_keys,
)
from meterai.pdf.verification.changes.syntax import Reference

_TAB_ORDERS = ("/R", "/C", "/S", "/A", "/W")
_BOXES = {"/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"}
MAX_ROUNDING = 0.01
"""Poppler writes at most three decimals."""
Place = tuple[int, Rectangle | None]
"""Page index and box as displayed."""


class PageChanges:
    """The pages of the issued revision, which no later revision may reorder."""

    def __init__(self, pages: Sequence[PageNode], findings: Findings, before: Before) -> None:
        self._pages = pages
        self._findings = findings
        self._before = before
        self._indexes: dict[int, int] = {}
        self._arrays: dict[int, set[int]] = {}
        self._places: dict[int, list[Place]] | None = None
        for index, node in enumerate(pages):
            key = reference_key(node.reference)
            if key is not None:
                self._indexes[key[0]] = index
                self._note_array(index, before.follow(node.reference))

    def compare(self, after: After, new_fields: NewFields) -> Explained:
        """Raises Altered for any change but further annotations."""
        explained = Explained()
        touched = {self._indexes[number] for number in after.changed & self._indexes.keys()}
        for number in after.changed & self._arrays.keys():
            touched |= self._arrays[number]
        for index in sorted(touched):
            self._compare(index, after, new_fields, explained)
        return explained

    def page_of(self, number: int, referrers: set[int]) -> int | None:
        """The page that the object is, or that refers to it, from 1."""
        found = [self._indexes[one] for one in (number, *referrers) if one in self._indexes]
        found += [min(self._arrays[one]) for one in (number,) if one in self._arrays]
        return min(found) + 1 if found else None

    def places_of(self, number: int) -> list[Place]:
        """Where an annotation is that was there before: on several pages, if they list it."""
        if self._places is None:
            self._places = {}
            for number_of_page, index in self._indexes.items():
                page = self._before.current(number_of_page)
                for item in self._before.follow(page.get("/Annots")) or []:
                    if isinstance(item, Reference):
                        box = self._box(index, self._before.follow(item), self._before)
                        self._places.setdefault(item.idnum, []).append((index, box))
        return self._places.get(number, [])

    def _box(self, index: int, annotation: Any, resolver: Resolver) -> Rectangle | None:
        """The box of an annotation on the page as displayed; None where it has no area."""
        written = annotation.get("/Rect") if isinstance(annotation, dict) else None
        corners = numbers(resolver.follow(written))
        if corners is None or len(corners) != 4:
            return None
        left, right = sorted((corners[0], corners[2]))
        bottom, top = sorted((corners[1], corners[3]))
        try:
            shown = self._pages[index].page.displayed((left, bottom, right, top))
        except DocumentDamaged:
            return None
        return shown if right > left and top > bottom else None

    def _compare(
        self, index: int, after: After, new_fields: NewFields, explained: Explained
    ) -> None:
        reference = self._pages[index].reference
        old, new = self._before.follow(reference), after.follow(reference)
        if not isinstance(old, dict) or not isinstance(new, dict):
            raise Altered(ChangeKind.PAGE, index + 1)
        for key in changed_keys(old, new, after) - {"/Annots"}:
            if key in _BOXES and _is_rounded(old.get(key), new.get(key)):
                continue
            if key == "/Tabs" and key not in old and new[key] in _TAB_ORDERS:
                continue
            if key != "/LastModified" or not are_texts(old.get(key), new.get(key)):
                kind = ChangeKind.RESOURCES if key == "/Resources" else ChangeKind.PAGE
                raise Altered(kind, index + 1, why=f"page {key}")
        explained.add_freely(reference.idnum)  # the values above show nothing in any role
        slot = old.get("/Annots")
        if isinstance(slot, Reference) and slot.idnum in after.changed:
            holders = {
                reference_key(self._pages[one].reference) for one in self._arrays[slot.idnum]
            }
            explained.add(slot.idnum, {key[0] for key in holders if key is not None})
        before, now = self._before.follow(slot), after.follow(new.get("/Annots"))
        before, now = before if before is not None else [], now if now is not None else []
        rest = (
            added(before, now, after)
            if isinstance(before, list) and isinstance(now, list)
            else None
        )
        if rest is None:
            raise Altered(ChangeKind.ANNOTATION, index + 1, why="page /Annots")
        for item in rest:
            self._add(index, item, after, new_fields)
        self._findings.pages.add(index)
        self._note_array(index, new)

    def _add(self, index: int, item: Any, after: After, new_fields: NewFields) -> None:
        """An annotation that the revision puts on the page."""
        annotation = after.follow(item)
        box = self._box(index, annotation, after)
        number = item.idnum if after.is_new(item) else None
        revision = after.revision.number
        if number is not None and number not in new_fields.signatures:
            new_fields.read_widget(item, annotation)
        if number is not None and number in new_fields.signatures:
            new_fields.check_widget(
                annotation, index + 1, turns=self.turns(index), has_box=box is not None
            )
            signature = new_fields.signatures[number]
            what = signature.what if signature is not None else ChangeKind.SIGNATURE
            change = Change(revision, what, index + 1, box)
            signer = None
            if signature is not None:
                signer = Signer(signature.what, signature.signer, signature.at)
            self._findings.add(signed(change, signer))
            new_fields.shown.add(number)
            if signature is not None:  # an empty field shows nothing
                self._findings.place(index, box)
            if self._places is not None:
                self._places.setdefault(number, []).append((index, box))
        else:
            self._findings.add(Change(revision, ChangeKind.ANNOTATION, index + 1, box))
            self._findings.covered(Cause.CHANGED)

    def turns(self, index: int) -> bool:
        """Whether the page is shown turned."""
        return self._pages[index].page.rotation != 0

    def _note_array(self, index: int, page: Any) -> None:
        slot = page.get("/Annots") if isinstance(page, dict) else None
        if isinstance(slot, Reference):
            self._arrays.setdefault(slot.idnum, set()).add(index)


def _is_rounded(old: Any, new: Any) -> bool:
    before, after = numbers(old), numbers(new)
    return (
        before is not None
        and after is not None
        and len(before) == len(after)
        and all(abs(one - other) <= MAX_ROUNDING for one, other in zip(before, after, strict=True))
    )
