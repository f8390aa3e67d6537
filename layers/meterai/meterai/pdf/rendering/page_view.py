"""A document as pdfium shows it: its pages' text, pictures and free space, looked at when asked.

Importing this loads pdfium; a document that needs no looking at does not pay for it.
"""

from collections.abc import Iterable, Iterator, Sequence

import pypdfium2
from pypdfium2 import raw as pdfium

from meterai.domain.errors import DocumentDamaged, DocumentTooComplex
from meterai.domain.stamping.placement import Rectangle
from meterai.pdf.placement.free_space import FreeSpace, free_space
from meterai.pdf.rendering.page_text import PageText
from meterai.pdf.structure.page_tree import PageNode

MAX_OBJECTS = 20_000
FILLS_PAGE = 0.75  # a picture of so much of the page is its paper
DEEPEST_FORM = 8


class PageView:
    """`pages` are what another reader found: where the two disagree, nothing is placed."""

    def __init__(self, document: bytes, pages: Sequence[PageNode]) -> None:
        self._opened = pypdfium2.PdfDocument(document)
        self._opened.init_forms()
        if len(self._opened) != len(pages):
            raise DocumentDamaged(cause="page_count", pages=len(pages))
        self._pages = pages
        self._shown: dict[int, pypdfium2.PdfPage] = {}
        self._texts: dict[int, PageText] = {}

    def close(self) -> None:
        self._opened.close()

    def text(self, index: int) -> PageText:
        if index not in self._texts:
            self._texts[index] = PageText(self._page(index), self._pages[index].page)
        return self._texts[index]

    def forget(self, index: int) -> None:
        """A page that need not be looked at again: of thousands, few are kept in memory."""
        self._texts.pop(index).close()
        self._shown.pop(index).close()

    def free_space(self, index: int, taken: Iterable[Rectangle]) -> FreeSpace:
        """`taken` besides what the page shows."""
        geometry = self._pages[index].page
        width_pt, height_pt = geometry.displayed_size_pt
        pictures = list(self._pictures(index))
        paper = {one for one in pictures if _area(one) >= FILLS_PAGE * width_pt * height_pt}
        return free_space(
            self._page(index),
            geometry,
            [*taken, *self.text(index).runs, *(one for one in pictures if one not in paper)],
            fills_page=bool(paper),
        )

    def _pictures(self, index: int) -> Iterator[Rectangle]:
        """The boxes of images, as displayed, within forms too."""
        geometry = self._pages[index].page
        width_pt, height_pt = geometry.displayed_size_pt
        objects = self._page(index).get_objects(max_depth=DEEPEST_FORM)
        for count, one in enumerate(objects):
            if count > MAX_OBJECTS:
                raise DocumentTooComplex(objects=count)
            if one.type != pdfium.FPDF_PAGEOBJ_IMAGE:
                continue
            box, around = one.get_bounds(), one.container
            while around is not None:
                box, around = around.get_matrix().on_rect(*box), around.container
            left, bottom, right, top = geometry.displayed(box)
            yield max(0, left), max(0, bottom), min(width_pt, right), min(height_pt, top)

    def _page(self, index: int) -> pypdfium2.PdfPage:
        if index not in self._shown:
            self._shown[index] = self._opened[index]
        return self._shown[index]


def _area(box: Rectangle) -> float:
    left, bottom, right, top = box
    return max(0, right - left) * max(0, top - bottom)
