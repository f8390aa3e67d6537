"""Annotations and signature fields on a page, earlier stamps included."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from meterai.domain.stamping.placement import Rectangle
from meterai.pdf.stamp_spec import FIELD_PREFIX
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

NOT_SHOWN = 2 | 32  # hidden, no view (ISO 32000-1, table 165)
MAX_ANNOTATIONS = 5_000


class Annotation(NamedTuple):
    """A visible annotation and its displayed box. `text` is the text it shows, where known."""

    box: Rectangle
    text: str
    stamp: str  # the serial of an e-meterai, else empty


class EmptyField(NamedTuple):
    """A signature field without a signature."""

    page_index: int
    box: Rectangle


def annotations(node: PageNode) -> Iterator[Annotation]:
    """The visible annotations of one page."""
    for item in items_in(node.dictionary, "/Annots")[:MAX_ANNOTATIONS]:
        annotation = follow(item)
        if not isinstance(annotation, dict):
            continue
        box = numbers(raw(annotation, "/Rect"))
        flags = entry(annotation, "/F")
        hidden = isinstance(flags, int) and flags & NOT_SHOWN
        if box is None or len(box) != 4 or hidden or entry(annotation, "/Subtype") == "/Popup":
            continue
        displayed = node.page.displayed((box[0], box[1], box[2], box[3]))
        name = full_name(annotation)
        signed = inherited(annotation, "/FT") == "/Sig" and dictionary_in(annotation, "/V")
        stamp = name.removeprefix(FIELD_PREFIX) if signed and name.startswith(FIELD_PREFIX) else ""
        yield Annotation(displayed, _shown_text(annotation, name), stamp)


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
                found.setdefault(name, EmptyField(index, shown))
    return found


def _shown_text(annotation: Dictionary, name: str) -> str:
    """The text of a free-text note or a text field; the field name for a signature."""
    subtype, kind = entry(annotation, "/Subtype"), inherited(annotation, "/FT")
    if subtype == "/FreeText":
        return str(entry(annotation, "/Contents") or "")
    if subtype != "/Widget":
        return ""
    value = inherited(annotation, "/V")
    if kind == "/Sig":
        return f"[{name}]" if isinstance(value, dict) else ""
    return str(value) if kind == "/Tx" and isinstance(value, str) else ""
