"""Whether other readers find the same pages in the same order as the engines.

Each reader walks a damaged page tree in its own way, so a stamp could land on another page than the
one that was chosen. Both others read the tree only, not what pages show: a few milliseconds.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO

from meterai.domain.errors import DocumentAmbiguous, DocumentDamaged
from meterai.domain.stamping.placement import Placement
from meterai.pdf.engines.opening import Opened
from meterai.pdf.structure.objects import reference_key
from meterai.pdf.structure.page_tree import PageNode

MAX_COMPARED_SIZES = 500
SIZE_TOLERANCE_PT = 1.0


def refuse_other_pages(document: bytes, opened: Opened, placements: Sequence[Placement]) -> None:
    """Raises DocumentAmbiguous where pdfium or qpdf count or order the pages differently. Of the
    pages that have no stamp, pdfium's sizes are compared up to a limit."""
    count = len(opened.pages)
    stamped = {placement.page_index(count) for placement in placements}
    compared = [*range(min(count, MAX_COMPARED_SIZES)), *stamped]
    if _objects_by_qpdf(document, opened) or _sizes_by_pdfium(document, opened.pages, compared):
        raise DocumentAmbiguous(cause="pages_differ", pages=count)


def _objects_by_qpdf(document: bytes, opened: Opened) -> bool:
    import pikepdf

    try:
        with pikepdf.open(BytesIO(document)) as by_qpdf:
            found = [page.objgen for page in by_qpdf.pages]
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError):
        return False  # it reads none, so it shows no other ones
    return len(found) != len(opened.pages) or any(
        key not in (None, other) and reference_key(opened.pages[index].reference) != other
        for index, (key, other) in enumerate(zip(opened.page_keys, found, strict=True))
    )


def _sizes_by_pdfium(document: bytes, pages: Sequence[PageNode], compared: Iterable[int]) -> bool:
    import pypdfium2

    with pypdfium2.PdfDocument(document) as by_pdfium:
        if len(by_pdfium) != len(pages):
            return True
        return any(
            _size_differs(by_pdfium.get_page_size(index), pages[index]) for index in compared
        )


def _size_differs(shown: tuple[float, float], node: PageNode) -> bool:
    try:
        page = node.page
    except DocumentDamaged:  # only the page that is stamped must be valid
        return False
    ours = page.displayed_size_pt
    return any(
        min(abs(theirs - one), abs(theirs * page.user_unit - one)) > SIZE_TOLERANCE_PT
        for theirs, one in zip(shown, ours, strict=True)
    )
