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
from meterai.pdf.structure.page_tree import PageNode

MAX_OBJECTS = 20_000
MIN_BACKGROUND_SHARE = 0.75  # an image on so much of the page is its background
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

    def free_space(self, index: int, taken: Iterable[Rectangle]) -> FreeSpace:
        """`taken` are further boxes, besides what the page shows."""
        geometry = self._pages[index].page
        width_pt, height_pt = geometry.displayed_size_pt
        images = list(self._images(index))
        background = {
            one for one in images if _area(one) >= MIN_BACKGROUND_SHARE * width_pt * height_pt
        }
        return free_space(
            self._page(index),
            geometry,
            [*taken, *self.text(index).runs, *(one for one in images if one not in background)],
            fills_page=bool(background),
        )

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


def _area(box: Rectangle) -> float:
    left, bottom, right, top = box
    return max(0, right - left) * max(0, top - bottom)
