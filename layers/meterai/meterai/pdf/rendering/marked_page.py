"""A page as it is shown, with frames around some of its places."""

from collections.abc import Sequence
from io import BytesIO

import pikepdf
import pypdfium2

from meterai.domain.stamping.placement import Rectangle, page_index
from meterai.pdf.parser_errors import check_envelope, translate_parser_errors
from meterai.pdf.rendering.render import answered_picture

MAX_MARKS = 50


def marked_page(document: bytes, page: int, marks: Sequence[Rectangle], *, dpi: float) -> bytes:
    """`page` counts from 1, or from the end; `marks` are in points as displayed.

    Raises DocumentRefused of several kinds where it cannot be drawn.
    """
    check_envelope(document)
    with translate_parser_errors(), pypdfium2.PdfDocument(document) as opened:
        index = page_index(page, len(opened))
    unit = _user_unit(document, index) if marks else 1.0
    drawn = [_divided(mark, unit) for mark in marks[:MAX_MARKS]]
    return answered_picture(document, index, dpi=dpi, marks=drawn)


def _user_unit(document: bytes, index: int) -> float:
    """How many points one unit of the page is. A file that only pdfium can follow has 1: then
    frames may be misplaced, on the few pages that have another."""
    try:
        with pikepdf.open(BytesIO(document)) as opened:
            return float(opened.pages[index].obj.get("/UserUnit", 1)) or 1.0
    except Exception:  # noqa: BLE001 - a hostile file may raise anything
        return 1.0


def _divided(mark: Rectangle, unit: float) -> Rectangle:
    left, bottom, right, top = mark
    return left / unit, bottom / unit, right / unit, top / unit
