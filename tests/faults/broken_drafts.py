"""Seeded bugs in drafts."""

from collections.abc import Mapping
from datetime import datetime

from meterai.domain.drafts.draft_requests import stamping_request
from meterai.domain.drafts.drafts import Draft
from meterai.domain.id_derivation import OrderId
from meterai.domain.stamping.preflight import DocumentFacts
from meterai.domain.stamping.serials import Serial
from meterai.steps.cancel_order import CancelOrderPorts
from meterai.steps.request_stamping import RequestStampingPorts


def name_stampings_and_request_none(
    draft: Draft,
    order_id: OrderId,
    facts: Mapping[str, DocumentFacts],
    ports: RequestStampingPorts,
    now: datetime,
) -> Mapping[str, Serial]:
    del facts, now
    requests = [(one.sha256, stamping_request(draft, one, order_id)) for one in draft.documents]
    return {sha256: ports.id_deriver.serial(one, 0) for sha256, (one, _) in requests}


def forget_to_give_the_order_up(
    account: str, order_id: OrderId, ports: CancelOrderPorts, now: datetime
) -> None:
    del account, order_id, ports, now
