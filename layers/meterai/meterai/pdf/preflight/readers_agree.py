"""Whether other readers find the same pages in the same order as the engines.

Each reader walks a damaged page tree in its own way, so a stamp could land on another page than the
one that was chosen. Both others read the tree only, not what pages show: a few milliseconds.
"""

from collections.abc import Sequence
from io import BytesIO

from meterai.domain.errors import DocumentAmbiguous, DocumentDamaged
from meterai.pdf.structure.objects import reference_key
from meterai.pdf.structure.page_tree import PageNode

MAX_COMPARED_PAGES = 500
SIZE_TOLERANCE_PT = 1.0


def refuse_other_pages(document: bytes, pages: Sequence[PageNode]) -> None:
    """Raises DocumentAmbiguous where pdfium or qpdf count or order the pages differently."""
    if _objects_by_qpdf(document, pages) or _sizes_by_pdfium(document, pages):
        raise DocumentAmbiguous(cause="pages_differ", pages=len(pages))


def _objects_by_qpdf(document: bytes, pages: Sequence[PageNode]) -> bool:
    import pikepdf

    try:
        with pikepdf.open(BytesIO(document)) as opened:
            found = [page.objgen for page in opened.pages]
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError):
        return False  # it reads none, so it shows no other ones
    ours = [reference_key(node.reference) for node in pages[:MAX_COMPARED_PAGES]]
    return len(found) != len(pages) or any(
        key is not None and key != other for key, other in zip(ours, found, strict=False)
    )


def _sizes_by_pdfium(document: bytes, pages: Sequence[PageNode]) -> bool:
    import pypdfium2

    with pypdfium2.PdfDocument(document) as opened:
        if len(opened) != len(pages):
            return True
        return any(
            _size_differs(opened.get_page_size(index), node)
            for index, node in enumerate(pages[:MAX_COMPARED_PAGES])
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
