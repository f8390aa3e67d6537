"""The pages of a document and what they inherit, alike for every reader (ISO 32000-1, 7.7.3)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from meterai.domain.errors import DocumentDamaged
from meterai.domain.stamping.placement import Placement
from meterai.pdf.structure.objects import (
    Dictionary,
    dictionary_in,
    entry,
    number_in,
    numbers,
    raw,
    reference_key,
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


def stampable_page(pages: Sequence[PageNode], placement: Placement) -> PageNode:
    """The page of the placement. Raises PageOutOfRange, and DocumentDamaged where the page stands
    in the page tree itself: pdfium shows nothing there, and a stamp needs a reference to its page.
    """
    node = pages[placement.page_index(len(pages))]
    if reference_key(node.reference) is None:
        raise DocumentDamaged(cause="page_not_indirect")
    return node


def page_nodes(catalog: Dictionary) -> list[PageNode]:
    """All pages in order. Raises DocumentDamaged where readers may count differently."""
    root = raw(catalog, "/Pages")
    pages: list[PageNode] = []
    inherited: dict[int, Dictionary] = {}
    above: dict[int, Dictionary | None] = {}
    found: dict[int, int] = {}  # pages below each node
    counted: list[Dictionary] = []
    for written, node, parent in tree([root], "/Kids"):
        attributes = dict(inherited[id(parent)]) if parent is not None else {}
        attributes |= {key: raw(node, key) for key in INHERITED if entry(node, key) is not None}
        inherited[id(node)] = attributes
        above[id(node)] = parent
        if entry(node, "/Kids") is None and entry(node, "/Type") != "/Pages":
            pages.append(PageNode(written, node, attributes))
            ancestor = parent
            while ancestor is not None:
                found[id(ancestor)] = found.get(id(ancestor), 0) + 1
                ancestor = above[id(ancestor)]
        else:
            counted.append(node)
    if not pages or dictionary_in(catalog, "/Pages") is None:
        raise DocumentDamaged(cause="no_pages")
    if any(number_in(node, "/Count") != found.get(id(node), 0) for node in counted):
        raise DocumentDamaged(cause="page_count", pages=len(pages))
    return pages
