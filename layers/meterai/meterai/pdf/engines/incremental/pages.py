"""The page tree: all pages are counted, only the needed ones parsed (ISO 32000-1, 7.7.3)."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.document import Document
from meterai.pdf.engines.incremental.syntax import Array, Dictionary, Reference
from meterai.pdf.structure.objects import DEEPEST, MAX_NODES, entry, raw
from meterai.pdf.structure.page_tree import INHERITED, PageNode

BATCH = 256
"""The number of leaves checked at once: their source is in memory together."""

MIN_FLAT_KIDS = 100
"""If the root has at least so many kids, as many as its /Count, all are taken for pages."""

_DIRECT_ANNOTATION = re.compile(rb"/Annots\s*+\[[^\]<]*+<<")
_ANNOTATIONS_APART = re.compile(rb"/Annots\s++(\d{1,10})\s++0\s++R")


class Pages(NamedTuple):
    """The object numbers of all pages in order, and the attributes that each inherits."""

    numbers: list[int]
    inherited: list[dict[str, Any]]

    def node(self, document: Document, index: int) -> PageNode:
        """The page at `index` from 0."""
        number = self.numbers[index]
        dictionary = document.value(number)
        if not isinstance(dictionary, Dictionary) or dictionary.get("/Type") != "/Page":
            raise Unsupported("page")
        if "/Kids" in dictionary:
            raise Unsupported("page")
        inherited = _handed_down(dictionary, self.inherited[index])
        return PageNode(Reference(number, document), dictionary, inherited)


def all_pages(document: Document) -> Pages:
    """Raises Unsupported where a node's /Count is not what is below it, and where it meets an
    annotation that is no object of its own: pyHanko makes it one, which validators can compare."""
    root = raw(document.catalog, "/Pages")
    if not isinstance(root, Reference):
        raise Unsupported("page tree")
    pages = Pages([], [])
    _add_pages(document, root.idnum, {}, pages, 0)
    if not pages.numbers or len(set(pages.numbers)) != len(pages.numbers):
        raise Unsupported("page tree")
    return pages


def _add_pages(
    document: Document, number: int, inherited: dict[str, Any], pages: Pages, depth: int
) -> None:
    """Add the pages below the node. The limit on depth also stops cycles."""
    node = document.value(number)
    if not isinstance(node, Dictionary) or node.get("/Type") != "/Pages" or depth > DEEPEST:
        raise Unsupported("page tree")
    kids = entry(node, "/Kids")
    if not isinstance(kids, Array) or not all(type(kid) is Reference for kid in kids):
        raise Unsupported("kids")
    inherited = _handed_down(node, inherited)
    before = len(pages.numbers)
    numbers = [kid.idnum for kid in kids]
    flat = depth == 0 and len(numbers) >= MIN_FLAT_KIDS and entry(node, "/Count") == len(numbers)
    for at in range(0, len(numbers), BATCH):
        batch = numbers[at : at + BATCH]
        if not flat and not _plain_leaves(document, batch):
            for kid in batch:
                _add_kid(document, kid, inherited, pages, depth)
            continue
        pages.numbers.extend(batch)
        pages.inherited.extend([inherited] * len(batch))
    if entry(node, "/Count") != len(pages.numbers) - before or len(pages.numbers) > MAX_NODES:
        raise Unsupported("page count")


def _handed_down(node: Dictionary, inherited: dict[str, Any]) -> dict[str, Any]:
    """What a node's kids inherit: its own attributes, then those that it inherits."""
    own = {key: node[key] for key in INHERITED if key in node and entry(node, key) is not None}
    return {**inherited, **own} if own else inherited


def _plain_leaves(document: Document, numbers: list[int]) -> bool:
    """Whether all are certainly pages, judged by their source without parsing. A `#` escape could
    hide another type. A single one is parsed instead: it is the page that is needed."""
    if len(numbers) == 1:
        return False
    texts = b"\n".join(map(document.leaf_text, numbers))
    if b"/Annots" in texts:
        apart = {int(array) for array in _ANNOTATIONS_APART.findall(texts)}
        arrays = map(document.leaf_text, apart)
        if _DIRECT_ANNOTATION.search(texts) or any(b"<<" in array for array in arrays):
            raise Unsupported("direct annotations")
    nodes = b"/Kids" in texts or b"/Pages" in texts or b"#" in texts
    return not nodes and texts.count(b"/Page") == len(numbers)


def _add_kid(
    document: Document, number: int, inherited: dict[str, Any], pages: Pages, depth: int
) -> None:
    found = document.value(number)
    if not isinstance(found, Dictionary):
        raise Unsupported("page tree")
    if "/Kids" in found:
        _add_pages(document, number, inherited, pages, depth + 1)
    elif found.get("/Type") == "/Page":
        annotations = entry(found, "/Annots")
        if isinstance(annotations, Array) and any(isinstance(one, dict) for one in annotations):
            raise Unsupported("direct annotations")
        pages.numbers.append(number)
        pages.inherited.append(inherited)
    else:
        raise Unsupported("page tree")


def shares_annotations(document: Document, numbers: Iterable[int], annotations: int) -> bool:
    """Whether any of these pages may use object `annotations` as its annotations array."""
    written = b"%d" % annotations
    return any(
        (b"/Annots" in text and written in text) or b"#" in text
        for text in map(document.leaf_text, numbers)
    )
