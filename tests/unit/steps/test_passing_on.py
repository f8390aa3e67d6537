"""What a step passes on, it passes on as it was asked for."""

from collections.abc import Sequence
from typing import Any

import pytest

from meterai.domain.errors import NotAPdf, NotFound, PortalUnknown
from meterai.domain.examination import Examination, Preview, refusal
from meterai.domain.identity import Intention
from meterai.domain.links import follow_token
from meterai.domain.wishes import AtPoint, PlacementWish
from meterai.steps.follow_refund import follow_refund
from meterai.steps.preflight import preflight
from meterai.steps.preview import preview
from tests.unit.steps.office import BUYER, LETTER, Office
from tests.unit.steps.postman import Postman

WISH = AtPoint(1, 100, 50, 72)
SOUND = Examination(1, (), (), (), signed=False, findings=(), page_sizes_pt=((595.28, 841.89),))


@pytest.mark.parametrize("allow_overlap", [True, False])
def test_a_preflight_asks_for_the_places_and_where_they_are_refused_for_none(
    office: Office, *, allow_overlap: bool
) -> None:
    asked: list[tuple[Any, ...]] = []

    def examine(
        document: bytes,
        wishes: Sequence[PlacementWish],
        *,
        allow_overlap: bool,
        repair: bool = False,
    ) -> Examination:
        asked.append((document, wishes, allow_overlap, repair))
        if wishes:
            raise NotAPdf(size_bytes=32)
        return SOUND

    report = preflight(
        BUYER,
        office.upload(),
        [WISH],
        allow_overlap=allow_overlap,
        documents=office.ports.documents,
        examine=examine,
    )
    assert asked == [(LETTER, [WISH], allow_overlap, True), (LETTER, (), allow_overlap, True)]
    assert (report.findings, report.examination) == ((refusal(NotAPdf(size_bytes=32)),), SOUND)


def test_a_preview_is_drawn_as_large_as_it_was_asked_for(office: Office) -> None:
    drawn: list[dict[str, Any]] = []

    def previewer(
        document: bytes, wishes: Sequence[PlacementWish], **how: int | bool | None
    ) -> Preview:
        drawn.append({"document": document, "wishes": wishes, **how})
        return Preview(b"PNG", 3, SOUND)

    shown = preview(
        BUYER,
        office.upload(),
        [WISH],
        page=3,
        dpi=96,
        repair=True,
        documents=office.ports.documents,
        previewer=previewer,
    )
    assert shown == Preview(b"PNG", 3, SOUND)
    assert drawn == [{"document": LETTER, "wishes": [WISH], "page": 3, "dpi": 96, "repair": True}]


def test_a_link_that_was_not_made_here_costs_no_read(office: Office, postman: Postman) -> None:
    order = office.buy()
    office.settle(order)
    postman.deliver()
    refund = office.refund(order.order_id)
    reads: list[str] = []
    office.world.hook = lambda moment, call: reads.append(call) if moment == "before" else None
    token = follow_token(refund.refund_id, office.identities)
    found = follow_refund(token, refunds=office.ports.refunds, identities=office.identities)
    assert (found, reads) == (refund, ["Refunds.get"])
    with pytest.raises(NotFound):
        follow_refund(
            token[:-1] + ("A" if token[-1] != "A" else "B"),
            refunds=office.ports.refunds,
            identities=office.identities,
        )
    assert reads == ["Refunds.get"]


def test_a_portal_that_nobody_knows_is_named(office: Office) -> None:
    order = office.buy()
    with pytest.raises(PortalUnknown) as refused:
        office.request(order.order_id, portal="nobody's")
    assert refused.value.values == {"portal": "nobody's"}
    intention = Intention("stampings", BUYER, "stamp")
    assert office.ports.serials.get(office.identities.serial(intention, 0)) is None
