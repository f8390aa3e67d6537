"""The pages of a document and what they inherit, alike for every reader (ISO 32000-1, 7.7.3)."""

from typing import Any, NamedTuple

from meterai.domain.errors import DocumentDamaged
from meterai.pdf.structure.objects import (
    Dictionary,
    dictionary_in,
    entry,
    number_in,
    numbers,
    raw,
    tree,
)
from meterai.pdf.structure.pages import Page, page_from_numbers

INHERITED = ("/MediaBox", "/CropBox", "/Rotate")


class PageNode(NamedTuple):
    """A page: the reference to it, its dictionary, and its entries that may be inherited."""

    reference: Any
    dictionary: Dictionary
    inherited: Dictionary

    @property
    def page(self) -> Page:
        """Its geometry. Raises DocumentDamaged."""
        return page_from_numbers(
            media_box=numbers(raw(self.inherited, "/MediaBox")),
            crop_box=numbers(raw(self.inherited, "/CropBox")),
            rotation=number_in(self.inherited, "/Rotate") or 0,
            user_unit=number_in(self.dictionary, "/UserUnit") or 1,
        )


def page_nodes(catalog: Dictionary) -> list[PageNode]:
    """All pages in order. Raises DocumentDamaged where readers may count differently."""
    root = raw(catalog, "/Pages")
    pages: list[PageNode] = []
    inherited: dict[int, Dictionary] = {}
    for written, node, parent in tree([root], "/Kids"):
        attributes = dict(inherited[id(parent)]) if parent is not None else {}
        attributes |= {key: raw(node, key) for key in INHERITED if entry(node, key) is not None}
        inherited[id(node)] = attributes
        if entry(node, "/Kids") is None and entry(node, "/Type") != "/Pages":
            pages.append(PageNode(written, node, attributes))
    top = dictionary_in(catalog, "/Pages")
    if not pages or top is None:
        raise DocumentDamaged(cause="no_pages")
    if number_in(top, "/Count") != len(pages):
        raise DocumentDamaged(cause="page_count", pages=len(pages))
    return pages
