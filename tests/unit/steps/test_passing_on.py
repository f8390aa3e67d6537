"""Values that a step passes on unchanged."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from meterai.domain.errors import NotAPdf, NotFound, PortalUnknown
from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.refunds.links import follow_token
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.placement_requests import PlacementRequest, PointPlacement
from meterai.domain.stamping.preflight import DocumentFacts, Preview, refusal
from meterai.steps.preflight import preflight
from meterai.steps.preview import preview
from meterai.steps.refund_status import refund_status
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump

WANTED = PointPlacement(1, 100, 50, 72)
SOUND = DocumentFacts(1, (), (), (), signed=False, findings=(), page_sizes_pt=((595.28, 841.89),))


@pytest.mark.parametrize("allow_overlap", [True, False])
def test_a_preflight_resolves_the_requested_places_or_none_if_they_are_refused(
    app: InMemoryApp, *, allow_overlap: bool
) -> None:
    received: list[tuple[Any, ...]] = []

    def check(
        document: FileAddress,
        requests: Sequence[PlacementRequest],
        *,
        allow_overlap: bool,
        repair: bool = False,
        pictures: bool = False,
    ) -> DocumentFacts:
        received.append((document, requests, allow_overlap, repair, pictures))
        if requests:
            raise NotAPdf(size_bytes=32)
        return SOUND

    ports = replace(app.ports, preflight=check)
    sha256 = app.upload()
    file = app.ports.documents.locate(BUYER, sha256)
    report = preflight(BUYER, sha256, [WANTED], ports, allow_overlap=allow_overlap)
    assert received == [
        (file, [WANTED], allow_overlap, True, True),
        (file, (), allow_overlap, True, True),
    ]
    assert (report.findings, report.document_facts) == ((refusal(NotAPdf(size_bytes=32)),), SOUND)


def test_a_preview_is_drawn_as_large_as_requested(app: InMemoryApp) -> None:
    drawn: list[dict[str, Any]] = []

    def previewer(
        document: FileAddress, requests: Sequence[PlacementRequest], **how: int | bool | None
    ) -> Preview:
        drawn.append({"document": document, "requests": requests, **how})
        return Preview(b"PNG", 3, SOUND)

    ports = replace(app.ports, previewer=previewer)
    sha256 = app.upload()
    file = app.ports.documents.locate(BUYER, sha256)
    shown = preview(BUYER, sha256, [WANTED], ports, page=3, dpi=96, repair=True)
    assert shown == Preview(b"PNG", 3, SOUND)
    assert drawn == [{"document": file, "requests": [WANTED], "page": 3, "dpi": 96, "repair": True}]


def test_a_link_that_was_not_made_here_costs_no_read(app: InMemoryApp, pump: MessagePump) -> None:
    order = app.buy()
    app.settle(order)
    pump.deliver()
    refund = app.refund(order.order_id)
    reads: list[str] = []
    app.state.hook = lambda moment, call: reads.append(call) if moment == "before" else None
    token = follow_token(refund.refund_id, app.ports.token_signer)
    found = refund_status(token, app.ports)
    assert (found, reads) == (refund, ["Refunds.get"])
    with pytest.raises(NotFound):
        refund_status(token[:-1] + ("A" if token[-1] != "A" else "B"), app.ports)
    assert reads == ["Refunds.get"]


def test_an_unknown_portal_is_named_in_the_refusal(app: InMemoryApp) -> None:
    order = app.buy()
    with pytest.raises(PortalUnknown) as refused:
        app.request(order.order_id, portal="nobody's")
    assert refused.value.values == {"portal": "nobody's"}
    request_identity = RequestIdentity("stampings", BUYER, "stamp")
    assert app.ports.serials.get(app.ports.id_deriver.serial(request_identity, 0)) is None
