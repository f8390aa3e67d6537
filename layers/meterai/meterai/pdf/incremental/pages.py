"""Finding pages: all are counted, only the wanted ones are parsed (ISO 32000-1, 7.7.3)."""

from collections.abc import Iterable
from typing import NamedTuple

from meterai.pdf.doors import NotMine
from meterai.pdf.incremental.document import Document
from meterai.pdf.incremental.syntax import Array, Dictionary, Reference
from meterai.pdf.objects import DEEPEST, MOST_NODES, entry, raw
from meterai.pdf.page_tree import INHERITED, PageNode

BATCH = 256
"""So many leaves are looked at in one go: their texts stand in memory together."""

LONG_AND_FLAT = 100
"""So many kids of the root, as many as its /Count, are pages: of them only the wanted is parsed."""


class Pages(NamedTuple):
    """Object numbers of all pages in order, and for each the attributes that it may inherit."""

    numbers: list[int]
    inherited: list[Dictionary]

    def node(self, document: Document, index: int) -> PageNode:
        """The page at `index` from 0."""
        number = self.numbers[index]
        dictionary = document.value(number)
        if not isinstance(dictionary, Dictionary) or dictionary.get("/Type") != "/Page":
            raise NotMine("page")
        if "/Kids" in dictionary:
            raise NotMine("page")
        own = {key: raw(dictionary, key) for key in INHERITED if entry(dictionary, key) is not None}
        inherited = {**self.inherited[index], **own}
        return PageNode(Reference(number, document), dictionary, inherited)


def all_pages(document: Document) -> Pages:
    """Raises NotMine where a node's /Count is not what is below it."""
    root = raw(document.catalog, "/Pages")
    if not isinstance(root, Reference):
        raise NotMine("page tree")
    pages = Pages([], [])
    _add_pages(document, root.idnum, Dictionary(), pages, 0)
    if not pages.numbers or len(set(pages.numbers)) != len(pages.numbers):
        raise NotMine("page tree")
    return pages


def _add_pages(
    document: Document, number: int, inherited: Dictionary, pages: Pages, depth: int
) -> None:
    """Add what is below the node. A ring of nodes is as deep as it gets."""
    node = document.value(number)
    if not isinstance(node, Dictionary) or node.get("/Type") != "/Pages" or depth > DEEPEST:
        raise NotMine("page tree")
    kids = entry(node, "/Kids")
    if not isinstance(kids, Array) or not all(type(kid) is Reference for kid in kids):
        raise NotMine("kids")
    for key in INHERITED:
        if entry(node, key) is not None:
            inherited = Dictionary(inherited)
            inherited[key] = raw(node, key)
    before = len(pages.numbers)
    numbers = [kid.idnum for kid in kids]
    flat = depth == 0 and len(numbers) >= LONG_AND_FLAT and entry(node, "/Count") == len(numbers)
    for at in range(0, len(numbers), BATCH):
        batch = numbers[at : at + BATCH]
        if not flat and not _plain_leaves(document, batch):
            for kid in batch:
                _add_kid(document, kid, inherited, pages, depth)
            continue
        pages.numbers.extend(batch)
        pages.inherited.extend([inherited] * len(batch))
    if entry(node, "/Count") != len(pages.numbers) - before or len(pages.numbers) > MOST_NODES:
        raise NotMine("page count")


def _plain_leaves(document: Document, numbers: list[int]) -> bool:
    """Whether all are plainly pages: no text says otherwise, and no escape may hide it."""
    texts = b"\n".join(map(document.leaf_text, numbers))
    nodes = b"/Kids" in texts or b"/Pages" in texts or b"#" in texts
    return not nodes and texts.count(b"/Page") == len(numbers)


def _add_kid(
    document: Document, number: int, inherited: Dictionary, pages: Pages, depth: int
) -> None:
    found = document.value(number)
    if not isinstance(found, Dictionary):
        raise NotMine("page tree")
    if "/Kids" in found:
        _add_pages(document, number, inherited, pages, depth + 1)
    elif found.get("/Type") == "/Page":
        pages.numbers.append(number)
        pages.inherited.append(inherited)
    else:
        raise NotMine("page tree")


def shares_annotations(document: Document, numbers: Iterable[int], annotations: int) -> bool:
    """Whether any of these pages may have the annotations array that is object `annotations`."""
    written = b"%d" % annotations
    return any(
        (b"/Annots" in text and written in text) or b"#" in text
        for text in map(document.leaf_text, numbers)
    )
