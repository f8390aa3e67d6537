"""Preflight without a sandbox and without the page's content, for tests of the engines' readers."""

from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial
from meterai.pdf.engines.opening import open_stampable
from meterai.pdf.parser_errors import translate_parser_errors
from meterai.pdf.structure.restrictions import signed_fields, stamped_serials


@dataclass(frozen=True, slots=True)
class Preflight:
    """Facts of a document that can be stamped.

    `displayed_sizes_pt` are width and height of the page of each placement, in their order;
    `already_stamped` are the serials in its field names, unverified; `signed` says whether it has
    any signature, stamps included.
    """

    page_count: int
    displayed_sizes_pt: tuple[tuple[float, float], ...]
    already_stamped: tuple[Serial, ...]
    signed: bool


def preflight(document: bytes, placements: Sequence[Placement]) -> Preflight:
    """Read the document as `stamp` will, without writing.

    Raises NotAPdf, DocumentTooLarge, DocumentDamaged, DocumentEncrypted, PermissionDenied,
    DocumentCertified, DocumentLocked, FormIsXfa, PageOutOfRange, BoxOffPage.
    """
    opened = open_stampable(document)
    with translate_parser_errors():
        pages = opened.pages
        shown = [pages[placement.page_index(len(pages))].page for placement in placements]
        for page, placement in zip(shown, placements, strict=True):
            page.rectangle(placement)
        return Preflight(
            page_count=len(pages),
            displayed_sizes_pt=tuple(page.displayed_size_pt for page in shown),
            already_stamped=stamped_serials(opened.catalog),
            signed=next(signed_fields(opened.catalog), None) is not None,
        )
