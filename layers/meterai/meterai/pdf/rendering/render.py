"""A page as a PNG image."""

import struct
import zlib
from math import sqrt

import pypdfium2
from pypdfium2 import raw as pdfium

from meterai.domain.errors import DocumentEncrypted, PageOutOfRange
from meterai.pdf.parser_errors import check_envelope, translate_parser_errors

MAX_PIXELS = 40_000_000
"""A page may declare any size; an image of more pixels would fill a function's memory."""


def render_page(
    document: bytes, page_index: int, *, dpi: float, max_pixels: int = MAX_PIXELS
) -> bytes:
    """The page (from 0) as PNG, with annotations; large pages at less than `dpi`.

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
            return _rendered(opened, page_index, dpi, max_pixels)


def _rendered(opened: pypdfium2.PdfDocument, page_index: int, dpi: float, max_pixels: int) -> bytes:
    if not 0 <= page_index < len(opened):
        raise PageOutOfRange(page=page_index + 1, page_count=len(opened))
    opened.init_forms()
    page = opened[page_index]
    width_pt, height_pt = page.get_size()
    scale = min(dpi / 72, sqrt(max_pixels / (width_pt * height_pt)))
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
    return _png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)


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
