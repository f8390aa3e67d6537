"""Serials in QR codes that are read off the drawn pages.

A picture of an e-meterai proves nothing: anybody can draw one. It says which serial a file claims.
Importing this loads pdfium and the reader of bar codes: 20 ms.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from math import sqrt

import pypdfium2
import zxingcpp

from meterai.domain.errors import DocumentRefused
from meterai.domain.stamping.serials import Serial, serial_at_address
from meterai.pdf.sandbox import run_sandboxed

DPI = 150
"""At which a copy at two thirds of a stamp's size is still read: two points a module."""

MAX_PIXELS = 5_000_000  # a page: A3 at 150 dpi has 4.4 million
MAX_PAGES = 100
MAX_CPU_SECONDS = 1.2  # after which no further page is drawn
MAX_SERIALS = 50
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def read_qr_serials(document: bytes) -> tuple[Serial, ...]:
    """See `ports.StampReader.drawn_serials`. Reads in a sandbox, with a budget of its own."""
    try:
        return run_sandboxed(lambda: serials_on_pages(document))
    except DocumentRefused:
        return ()


def serials_on_pages(document: bytes) -> tuple[Serial, ...]:
    """Each once, in the order found: from both ends of the document towards its middle.

    Only from the first `MAX_PAGES` in that order. A page that cannot be drawn has none. Raises what
    pdfium raises for a file that it cannot open.
    """
    until = time.process_time() + MAX_CPU_SECONDS
    found: dict[Serial, None] = {}
    with pypdfium2.PdfDocument(document) as opened:
        opened.init_forms()
        for index in _from_both_ends(len(opened)):
            with suppress(pypdfium2.PdfiumError):
                found |= dict.fromkeys(_serials_on(opened, index))
            if time.process_time() > until or len(found) >= MAX_SERIALS:
                break
    return tuple(found)[:MAX_SERIALS]


def _from_both_ends(count: int) -> Iterator[int]:
    """Last, first, last but one, second, and so on: e-meterai stand at the ends of letters."""
    for step in range(min(count, MAX_PAGES)):
        yield step // 2 if step % 2 else count - 1 - step // 2


def _serials_on(opened: pypdfium2.PdfDocument, index: int) -> Iterator[Serial]:
    page = opened[index]
    try:
        width_pt, height_pt = page.get_size()
        scale = min(DPI / 72, sqrt(MAX_PIXELS / max(1, width_pt * height_pt)))
        bitmap = page.render(scale=scale, grayscale=True)
        # A copy, as the reader of codes keeps no reference; up to three columns are padding.
        dots = memoryview(bytes(bitmap.buffer)).cast("B", (bitmap.height, bitmap.stride))
        for code in zxingcpp.read_barcodes(dots, formats=QR_CODES):
            serial = serial_at_address(code.text)
            if serial is not None:
                yield serial
    finally:
        page.close()
