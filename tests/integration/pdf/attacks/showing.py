"""What two renderers show of a file, compared with the file as it was issued."""

from functools import lru_cache
from subprocess import SubprocessError

import pypdfium2
from PIL import Image, ImageChops

from tests.integration.pdf.judges import poppler_picture

DPI = 40
MIN_TONE = 24


def shows(issued: bytes, document: bytes) -> tuple[str, str]:
    """In pdfium and in poppler: `issued`, `other`, or `nothing`."""
    return (
        _compared(_pdfium(issued), _pdfium(document)),
        _compared(_poppler(issued), _poppler(document)),
    )


def _compared(before: Image.Image | None, after: Image.Image | None) -> str:
    if after is None or before is None:
        return "nothing"
    if before.size != after.size:
        return "other"
    differs = ImageChops.difference(before, after).convert("L")
    return "other" if sum(differs.histogram()[MIN_TONE:]) else "issued"


@lru_cache(4)
def _pdfium(document: bytes) -> Image.Image | None:
    try:
        with pypdfium2.PdfDocument(document) as opened:
            opened.init_forms()
            picture: Image.Image = opened[0].render(scale=DPI / 72).to_pil().convert("RGB")
            return picture
    except pypdfium2.PdfiumError:
        return None


@lru_cache(4)
def _poppler(document: bytes) -> Image.Image | None:
    try:
        return poppler_picture(document, dpi=DPI)
    except (SubprocessError, OSError):
        return None
