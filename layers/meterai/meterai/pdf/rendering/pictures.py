"""Whether two documents show the same, as pdfium draws them."""

import pypdfium2

DPI = 50.0
MAX_SIDE_PX = 2_000


def show_the_same(one: bytes, other: bytes) -> bool:
    """All pages of both are drawn, with annotations and fields; no pixel may differ.

    False where a page cannot be drawn. Costs about 10 ms a page, and belongs into a sandbox."""
    try:
        with pypdfium2.PdfDocument(one) as first, pypdfium2.PdfDocument(other) as second:
            first.init_forms()
            second.init_forms()
            return len(first) == len(second) and all(
                _picture(first[index]) == _picture(second[index]) for index in range(len(first))
            )
    except pypdfium2.PdfiumError:
        return False


def _picture(page: pypdfium2.PdfPage) -> tuple[int, int, bytes]:
    scale = min(DPI / 72, MAX_SIDE_PX / max(page.get_size()))
    bitmap = page.render(scale=scale)
    return bitmap.width, bitmap.height, bytes(bitmap.buffer)
