"""Inspection of a document before an e-meterai is reserved for it: can it be stamped there, and
what would the stamps cover?"""

from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.errors import CoversText
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import DocumentFacts, remark
from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.opening import Opened, open_stampable, open_with_pyhanko
from meterai.pdf.parser_errors import translate_parser_errors
from meterai.pdf.placement.resolver import PlacementResolver
from meterai.pdf.preflight.earlier_signatures import others_signed
from meterai.pdf.preflight.earlier_stamps import EarlierStamp, broken_stamps, earlier_stamps
from meterai.pdf.preflight.fields_without_form import refuse_any_field_without_form
from meterai.pdf.preflight.findings import displayed_sizes_pt, findings
from meterai.pdf.preflight.readers_agree import refuse_other_pages
from meterai.pdf.structure.page_tree import stampable_page
from meterai.pdf.structure.restrictions import is_signed, stamped_serials

MAX_REPORTED_CHARACTERS = 120  # of a text that is reported


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a child tells of the document that it has open. `others_signed`: it has a signature that
    is no stamp."""

    facts: DocumentFacts
    stamps: tuple[EarlierStamp, ...]
    others_signed: bool


def inspect(
    document: bytes,
    requests: Sequence[PlacementRequest],
    *,
    allow_overlap: bool,
    portal_limit_bytes: int,
) -> Inspected:
    """See `ports.Preflight`. Reads the document as the engines will, without writing."""
    opened = open_stampable(document)
    with translate_parser_errors():
        try:
            inspected = _inspected(document, opened, requests, portal_limit_bytes)
        except Unsupported:  # beyond the limits of the incremental engine's reader
            opened = open_with_pyhanko(document)
            inspected = _inspected(document, opened, requests, portal_limit_bytes)
    facts = inspected.facts
    covered = zip(facts.placements, facts.covers, strict=True)
    for number, (placement, cover) in enumerate(covered, start=1):
        if cover and not allow_overlap:
            raise CoversText(number=number, covers=cover, page=placement.page)
    return inspected


def _inspected(
    document: bytes, opened: Opened, requests: Sequence[PlacementRequest], portal_limit_bytes: int
) -> Inspected:
    return Inspected(
        _document_facts(document, opened, requests, portal_limit_bytes),
        earlier_stamps(opened.catalog),
        others_signed(opened.catalog),
    )


def _document_facts(
    document: bytes, opened: Opened, requests: Sequence[PlacementRequest], portal_limit_bytes: int
) -> DocumentFacts:
    resolver = PlacementResolver(document, opened)
    placements = resolver.resolve(requests)
    refuse_other_pages(document, opened, placements)
    refuse_any_field_without_form(document, opened)
    for placement in placements:
        stampable_page(opened.pages, placement)
    remarks = findings(
        document, opened, stamps=len(requests), portal_limit_bytes=portal_limit_bytes
    )
    names = resolver.fields_left_empty(requests)
    return DocumentFacts(
        page_count=len(opened.pages),
        placements=placements,
        covers=tuple(_shortened(resolver.covered(placement)) for placement in placements),
        already_stamped=stamped_serials(opened.catalog),
        signed=is_signed(opened.catalog),
        findings=(*remarks, *(remark("field_stays_empty", field=name) for name in names[:1])),
        page_sizes_pt=displayed_sizes_pt(opened),
        changed_stamps=broken_stamps(document, opened.catalog),
    )


def _shortened(text: str) -> str:
    return (
        text if len(text) <= MAX_REPORTED_CHARACTERS else text[: MAX_REPORTED_CHARACTERS - 1] + "…"
    )
