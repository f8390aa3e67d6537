"""Opening a document for inspection, with the same readers that the engines write with.

So a document that is accepted here can be stamped, whatever other readers make of the file. The
incremental engine reads most documents in a millisecond; pyHanko is imported for odd ones only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from meterai.domain.errors import DocumentDamaged
from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.document import Document
from meterai.pdf.engines.incremental.pages import Pages, all_pages
from meterai.pdf.parser_errors import check_envelope, translate_parser_errors
from meterai.pdf.structure.objects import Dictionary, reference_key
from meterai.pdf.structure.page_tree import PageNode, page_nodes
from meterai.pdf.structure.restrictions import refuse_restricted


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that may be stamped. `version` is the PDF version, e.g. (1, 6); `hybrid`: it has
    cross-reference tables and streams. `page_keys`: each page's object number and generation, as
    the page tree lists it unread; None for one that is no object of its own."""

    catalog: Dictionary
    pages: Sequence[PageNode]
    page_keys: Sequence[tuple[int, int] | None]
    version: tuple[int, int]
    encrypted: bool = False
    hybrid: bool = False


def open_stampable(document: bytes) -> Opened:
    """Raises NotAPdf, DocumentTooLarge, DocumentDamaged, DocumentAmbiguous, DocumentEncrypted,
    PermissionDenied, DocumentCertified, DocumentLocked, FormIsXfa, FieldsNotDrawn."""
    check_envelope(document)
    with translate_parser_errors():
        try:
            return open_incrementally(document)
        except (Unsupported, DocumentDamaged):
            return open_with_pyhanko(document)


def open_with_pyhanko(data: bytes) -> Opened:
    """With pyHanko's reader. Raises errors of any kind."""
    from meterai.pdf.engines.pyhanko_update import Update  # a quarter of a second of imports

    update = Update(data, seed="")
    reader = update.prev
    refuse_restricted(update.root)
    pages = page_nodes(update.root)
    return Opened(
        update.root,
        pages,
        [reference_key(page.reference) for page in pages],
        (reader.input_version[0], reader.input_version[1]),
        encrypted=reader.encrypted,
        hybrid=reader.xrefs.hybrid_xrefs_present,
    )


def open_incrementally(data: bytes) -> Opened:
    document = Document(data)
    refuse_restricted(document.catalog)
    pages = all_pages(document)
    keys = [(number, 0) for number in pages.numbers]
    return Opened(document.catalog, _LazyPages(document, pages), keys, document.version)


class _LazyPages(Sequence[PageNode]):
    """Pages that are parsed when they are read. Where the incremental engine does not support one,
    pyHanko reads it: each page is the one that the engines would stamp."""

    def __init__(self, document: Document, pages: Pages) -> None:
        self._document = document
        self._pages = pages
        self._others: Sequence[PageNode] | None = None

    def __len__(self) -> int:
        return len(self._pages.numbers)

    @overload
    def __getitem__(self, index: int) -> PageNode: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[PageNode]: ...
    def __getitem__(self, index: int | slice) -> PageNode | Sequence[PageNode]:
        """Raises DocumentDamaged where the two readers count different numbers of pages."""
        if isinstance(index, slice):
            return [self[at] for at in range(len(self))[index]]
        try:
            return self._pages.node(self._document, range(len(self))[index])
        except Unsupported:
            if self._others is None:
                self._others = open_with_pyhanko(self._document.data).pages
        if len(self._others) != len(self):
            raise DocumentDamaged(cause="page_count", pages=len(self))
        return self._others[index]
