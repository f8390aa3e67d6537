"""A document looked at before an e-meterai is taken for it: can it be stamped there, and what would
the stamps cover?"""

from collections.abc import Sequence

from meterai.domain.errors import CoversText
from meterai.domain.examination import Examination
from meterai.domain.wishes import PlacementWish
from meterai.pdf.damage import refused_as_damaged
from meterai.pdf.doors import NotMine
from meterai.pdf.findings import displayed_sizes_pt, findings
from meterai.pdf.opening import Opened, as_the_second_door, open_stampable
from meterai.pdf.placing import Placing
from meterai.pdf.restrictions import signed_fields, stamped_serials

LONGEST_COVER = 120  # characters of a text that is told back


def examine(
    document: bytes,
    wishes: Sequence[PlacementWish],
    *,
    allow_overlap: bool,
    portal_limit_bytes: int,
) -> Examination:
    """See `ports.Examine`. Looks at the document as the stamper will, without writing."""
    opened = open_stampable(document)
    with refused_as_damaged():
        try:
            examination = _looked_at(document, opened, wishes, portal_limit_bytes)
        except NotMine:  # it is asked for more than the first door's reader is for
            opened = as_the_second_door(document)
            examination = _looked_at(document, opened, wishes, portal_limit_bytes)
    covered = zip(examination.placements, examination.covers, strict=True)
    for number, (placement, cover) in enumerate(covered, start=1):
        if cover and not allow_overlap:
            raise CoversText(number=number, covers=cover, page=placement.page)
    return examination


def _looked_at(
    document: bytes, opened: Opened, wishes: Sequence[PlacementWish], portal_limit_bytes: int
) -> Examination:
    placing = Placing(document, opened)
    placements = placing.resolve(wishes)
    return Examination(
        page_count=len(opened.pages),
        placements=placements,
        covers=tuple(_told(placing.covered(placement)) for placement in placements),
        already_stamped=stamped_serials(opened.catalog),
        signed=next(signed_fields(opened.catalog), None) is not None,
        findings=findings(
            document, opened, stamps=len(wishes), portal_limit_bytes=portal_limit_bytes
        ),
        page_sizes_pt=displayed_sizes_pt(opened),
    )


def _told(text: str) -> str:
    return text if len(text) <= LONGEST_COVER else text[: LONGEST_COVER - 1] + "…"
