"""A document as pdfium shows it: text, images and free space of its pages, read on demand.

Importing this loads pdfium, so it is imported only where a page must be read.
"""

from collections.abc import Iterable, Iterator, Sequence

import pypdfium2
from pypdfium2 import raw as pdfium

from meterai.domain.errors import DocumentDamaged, DocumentTooComplex
from meterai.domain.stamping.placement import Rectangle
from meterai.pdf.rendering.free_space import FreeSpace, free_space
from meterai.pdf.rendering.page_text import PageText
from meterai.pdf.rendering.paper import paper_and_pictures
from meterai.pdf.structure.page_tree import PageNode

MAX_OBJECTS = 20_000
MAX_FORM_DEPTH = 8


class PageView:
    """`pages` are from the engines' readers. Raises DocumentDamaged where pdfium counts others."""

    def __init__(self, document: bytes, pages: Sequence[PageNode]) -> None:
        self._opened = pypdfium2.PdfDocument(document)
        self._opened.init_forms()
        if len(self._opened) != len(pages):
            raise DocumentDamaged(cause="page_count", pages=len(pages))
        self._pages = pages
        self._shown: dict[int, pypdfium2.PdfPage] = {}
        self._texts: dict[int, PageText] = {}
        self._papers: dict[int, tuple[Rectangle, list[Rectangle]]] = {}

    def close(self) -> None:
        self._opened.close()

    def text(self, index: int) -> PageText:
        if index not in self._texts:
            self._texts[index] = PageText(self._page(index), self._pages[index].page)
        return self._texts[index]

    def forget(self, index: int) -> None:
        """Release a page that is not needed again, so that few of thousands stay in memory."""
        self._texts.pop(index).close()
        self._shown.pop(index).close()

    def paper(self, index: int) -> Rectangle:
        """Where the letter is on the page: all of it, or a scan that does not fill it."""
        return self._paper_and_pictures(index)[0]

    def free_space(self, index: int, taken: Iterable[Rectangle]) -> FreeSpace:
        """`taken` are further boxes, besides what the page shows."""
        paper, pictures = self._paper_and_pictures(index)
        boxes = [*taken, *self.text(index).runs, *pictures]
        return free_space(self._page(index), self._pages[index].page, boxes, paper)

    def _paper_and_pictures(self, index: int) -> tuple[Rectangle, list[Rectangle]]:
        if index not in self._papers:
            page = (0.0, 0.0, *self._pages[index].page.displayed_size_pt)
            images, texts = list(self._images(index)), self.text(index).runs
            self._papers[index] = paper_and_pictures(images, texts, page)
        return self._papers[index]

    def _images(self, index: int) -> Iterator[Rectangle]:
        """The displayed boxes of images, also of those inside form XObjects."""
        geometry = self._pages[index].page
        width_pt, height_pt = geometry.displayed_size_pt
        objects = self._page(index).get_objects(max_depth=MAX_FORM_DEPTH)
        for count, one in enumerate(objects):
            if count > MAX_OBJECTS:
                raise DocumentTooComplex(objects=count)
            if one.type != pdfium.FPDF_PAGEOBJ_IMAGE:
                continue
            box, container = one.get_bounds(), one.container
            while container is not None:
                box, container = container.get_matrix().on_rect(*box), container.container
            left, bottom, right, top = geometry.displayed(box)
            yield max(0, left), max(0, bottom), min(width_pt, right), min(height_pt, top)

    def _page(self, index: int) -> pypdfium2.PdfPage:
        if index not in self._shown:
            self._shown[index] = self._opened[index]
        return self._shown[index]
