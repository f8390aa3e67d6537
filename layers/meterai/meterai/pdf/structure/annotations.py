"""Annotations on a page, earlier stamps included."""

from collections.abc import Iterator
from typing import NamedTuple

from meterai.domain.stamping.placement import Rectangle
from meterai.pdf.structure.flags import NOT_SHOWN
from meterai.pdf.structure.objects import (
    Dictionary,
    dictionary_in,
    entry,
    follow,
    full_name,
    inherited,
    items_in,
    numbers,
    raw,
)
from meterai.pdf.structure.page_tree import PageNode
from meterai.pdf.structure.restrictions import stamp_serial

MAX_ANNOTATIONS = 5_000


class Annotation(NamedTuple):
    """A visible annotation and its displayed box. `text` is the text it shows, where known."""

    box: Rectangle
    text: str
    stamp: str  # the serial of an e-meterai, else empty


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
        signature = dictionary_in(annotation, "/V") if _is_signature(annotation) else None
        stamp = stamp_serial(name, signature) if signature is not None else None
        yield Annotation(displayed, _shown_text(annotation, name), stamp or "")


def _is_signature(field: Dictionary) -> bool:
    return bool(inherited(field, "/FT") == "/Sig")


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
