"""Whether two documents show the same, as pdfium draws them."""

import pypdfium2

DPI = 50.0
MAX_SIDE_PX = 2_000
MAX_COMPARED_PAGES = 20


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


def shows_what_was_shown(before: bytes, after: bytes) -> bool:
    """Each page that can be drawn before is the same after, of the first `MAX_COMPARED_PAGES`.

    Pages that cannot be drawn say nothing, nor does a document that cannot be opened."""
    try:
        opened = pypdfium2.PdfDocument(before)
    except pypdfium2.PdfiumError:
        return True
    with opened as first, pypdfium2.PdfDocument(after) as second:
        first.init_forms()
        second.init_forms()
        return all(
            _drawn(second, index) == drawn
            for index in range(min(len(first), MAX_COMPARED_PAGES))
            if (drawn := _drawn(first, index)) is not None
        )


def _drawn(opened: pypdfium2.PdfDocument, index: int) -> tuple[int, int, bytes] | None:
    try:
        return _picture(opened[index])
    except (pypdfium2.PdfiumError, IndexError):
        return None


def _picture(page: pypdfium2.PdfPage) -> tuple[int, int, bytes]:
    longer = max(page.get_size())
    if longer <= 0:
        raise pypdfium2.PdfiumError("nothing to see")
    scale = min(DPI / 72, MAX_SIDE_PX / longer)
    bitmap = page.render(scale=scale)
    return bitmap.width, bitmap.height, bytes(bitmap.buffer)
