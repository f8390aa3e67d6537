"""Empty signature fields: where they are, and which of them a stamp fills."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from meterai.domain.errors import StampSizeRefused
from meterai.domain.stamping.placement import Placement, Rectangle
from meterai.domain.stamping.placement_requests import largest_square
from meterai.pdf.structure.annotations import MAX_ANNOTATIONS
from meterai.pdf.structure.objects import (
    Dictionary,
    dictionary_in,
    entry,
    follow,
    form_fields,
    full_name,
    inherited,
    items_in,
    numbers,
    raw,
    reference_key,
)
from meterai.pdf.structure.page_tree import PageNode

PRINTED, NOT_SEEN = 4, 1 | 2 | 32  # invisible, hidden, no view (ISO 32000-1, table 165)
HOLDS_MORE = ("/Parent", "/Kids", "/Lock", "/SV", "/V", "/A", "/AA")
"""What a field has that is more than a place: relatives, locks, rules for its signature."""
MAX_DIFFERENCE_PT = 0.02  # placements are rounded


class EmptyField(NamedTuple):
    """A signature field without a signature. `fillable`: a stamp there becomes its signature."""

    page_index: int
    box: Rectangle
    fillable: bool


class FieldToFill(NamedTuple):
    """`written`: the reference to it. `box` in user space."""

    written: Any
    dictionary: Dictionary
    box: Rectangle


def empty_fields(catalog: Dictionary, pages: Sequence[PageNode]) -> dict[str, EmptyField]:
    """The empty signature fields that have a box on a page, by full name."""
    form = dictionary_in(catalog, "/AcroForm")
    named = {
        reference_key(written): full_name(field)
        for written, field in form_fields(form)
        if inherited(field, "/FT") == "/Sig" and inherited(field, "/V") is None
    }
    found: dict[str, EmptyField] = {}
    for index, node in enumerate(pages):
        for item in items_in(node.dictionary, "/Annots")[:MAX_ANNOTATIONS]:
            name = named.get(reference_key(item)) if reference_key(item) is not None else None
            box = numbers(raw(follow(item), "/Rect")) if name is not None else None
            if name is not None and box is not None and len(box) == 4:
                shown = node.page.displayed((box[0], box[1], box[2], box[3]))
                fillable = _is_fillable(follow(item))
                found.setdefault(name, EmptyField(index, shown, fillable))
    return found


def field_to_fill(catalog: Dictionary, node: PageNode, placement: Placement) -> FieldToFill | None:
    """The empty field in whose middle the placement is, as large as it can be: where somebody asks
    for a stamp `at` this field."""
    if "/AcroForm" not in catalog:
        return None
    form = dictionary_in(catalog, "/AcroForm") or {}
    listed = set(map(reference_key, items_in(form, "/Fields"))) - {None}
    for item in items_in(node.dictionary, "/Annots")[:MAX_ANNOTATIONS]:
        if reference_key(item) not in listed:
            continue
        field = follow(item)
        box = numbers(raw(field, "/Rect")) if isinstance(field, dict) else None
        if box is None or len(box) != 4 or not _is_fillable(field):
            continue
        left, right = sorted((box[0], box[2]))
        bottom, top = sorted((box[1], box[3]))
        if _is_middle(placement, node.page.displayed((left, bottom, right, top))):
            return FieldToFill(item, field, (left, bottom, right, top))
    return None


def _is_fillable(field: Dictionary) -> bool:
    flags = entry(field, "/F")
    return (
        entry(field, "/FT") == "/Sig"
        and entry(field, "/Subtype") == "/Widget"
        and isinstance(flags, int)
        and flags & PRINTED == PRINTED
        and not flags & NOT_SEEN
        and all(entry(field, key) is None for key in HOLDS_MORE)
    )


def _is_middle(placement: Placement, box: Rectangle) -> bool:
    try:
        middle = largest_square(placement.page, box)
    except StampSizeRefused:
        return False
    pairs = zip(placement.box, middle.box, strict=True)
    return all(abs(one - other) <= MAX_DIFFERENCE_PT for one, other in pairs)
