"""A page as a PNG image."""

import struct
import zlib
from collections.abc import Sequence
from math import sqrt
from typing import Any

import pypdfium2
from pypdfium2 import raw as pdfium

from meterai.domain.errors import DocumentEncrypted, PageOutOfRange
from meterai.domain.stamping.placement import Rectangle
from meterai.pdf.parser_errors import check_envelope, translate_parser_errors

MAX_PIXELS = 40_000_000
"""A page may declare any size; an image of more pixels would fill a function's memory."""

MAX_ANSWERED_PIXELS = 2_500_000  # A4 at 150 dpi has 2.2 million
MAX_ANSWERED_BYTES = 4_300_000  # Lambda responses are at most 6 MB; base64 takes a quarter of that
DPI_STEP = 0.75
FRAME_PX = 3
FRAME_MARGIN_PX = 8  # the frame is within it
FRAME, FRAME_EDGE = (200, 30, 20, 255), (255, 255, 255, 255)
"""Red between white: seen on paper and on dark pictures."""


def answered_picture(
    document: bytes, page_index: int, *, dpi: float, marks: Sequence[Rectangle] = ()
) -> bytes:
    """`render_page` within what a function of Lambda can answer."""
    limits: dict[str, Any] = {"max_pixels": MAX_ANSWERED_PIXELS, "marks": marks}
    png = render_page(document, page_index, dpi=dpi, **limits)
    while len(png) > MAX_ANSWERED_BYTES:
        dpi *= DPI_STEP
        png = render_page(document, page_index, dpi=dpi, **limits)
    return png


def render_page(
    document: bytes,
    page_index: int,
    *,
    dpi: float,
    max_pixels: int = MAX_PIXELS,
    marks: Sequence[Rectangle] = (),
) -> bytes:
    """The page (from 0) as PNG, with annotations; large pages at less than `dpi`. `marks` are
    framed: they are in points as displayed, but not multiplied by the page's UserUnit, which pdfium
    does not know.

    Raises NotAPdf, DocumentTooLarge, DocumentDamaged, DocumentEncrypted, PageOutOfRange.
    """
    check_envelope(document)
    with translate_parser_errors():
        try:
            opened = pypdfium2.PdfDocument(document)
        except pypdfium2.PdfiumError as error:
            if error.err_code == pdfium.FPDF_ERR_PASSWORD:
                raise DocumentEncrypted from error
            raise
        with opened:
            return _rendered(opened, page_index, dpi, max_pixels, marks)


def _rendered(
    opened: pypdfium2.PdfDocument,
    page_index: int,
    dpi: float,
    max_pixels: int,
    marks: Sequence[Rectangle],
) -> bytes:
    if not 0 <= page_index < len(opened):
        raise PageOutOfRange(page=page_index + 1, page_count=len(opened))
    opened.init_forms()
    page = opened[page_index]
    width_pt, height_pt = page.get_size()
    scale = min(dpi / 72, sqrt(max_pixels / (width_pt * height_pt)))
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
    for mark in marks:
        _frame(bitmap, mark, scale)
    return _png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)


def _frame(bitmap: pypdfium2.PdfBitmap, mark: Rectangle, scale: float) -> None:
    """Around the mark; at the edge of the page, along the edge."""
    left, bottom, right, top = (side * scale for side in mark)
    for colour, out_px, thick_px in ((FRAME_EDGE, 1, FRAME_PX + 2), (FRAME, 0, FRAME_PX)):
        grown_px = FRAME_MARGIN_PX + out_px
        x, end_x = _clipped(left - grown_px, right + grown_px, bitmap.width)
        y, end_y = _clipped(
            bitmap.height - top - grown_px, bitmap.height - bottom + grown_px, bitmap.height
        )
        for bar in (
            (x, y, end_x - x, thick_px),
            (x, end_y - thick_px, end_x - x, thick_px),
            (x, y, thick_px, end_y - y),
            (end_x - thick_px, y, thick_px, end_y - y),
        ):
            bitmap.fill_rect(colour, *bar)


def _clipped(start: float, end: float, size_px: int) -> tuple[int, int]:
    """At least as long as both ends of a frame, within the page."""
    begins = max(0, min(round(start), size_px - 2 * FRAME_MARGIN_PX))
    return begins, max(begins + 2 * FRAME_MARGIN_PX, min(round(end), size_px))


def _png(rgb: bytes, width: int, height: int, stride: int) -> bytes:
    """Eight bits a channel, no filters (W3C PNG, 5). A library for this would add 7 MB."""
    lines = b"".join(b"\0" + rgb[row * stride : row * stride + 3 * width] for row in range(height))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(lines, 6)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
