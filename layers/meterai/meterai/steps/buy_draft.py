"""Buy what a draft asks for: an order, and the stamping of each document, which its payment sends
off. After this one click nothing is left but to pay."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from meterai.domain.drafts.draft_errors import DraftChanged
from meterai.domain.drafts.draft_requests import (
    asks_the_same,
    is_payable,
    order_request,
)
from meterai.domain.drafts.drafts import Draft, ordered
from meterai.domain.errors import BuyingPaused, NotFound
from meterai.domain.id_derivation import DraftId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Method
from meterai.domain.stamping.preflight import DocumentFacts
from meterai.domain.waiting.load_snapshot import paused
from meterai.steps.change_draft import ChangeDraftPorts, change_draft
from meterai.steps.purchase import (
    JOIN_WAITING_ROOM_S,
    PurchasePorts,
    RequestedOrder,
    purchase,
)
from meterai.steps.request_stamping import RequestStampingPorts
from meterai.steps.stamp_draft import check_documents, request_stampings


class BuyDraftPorts(ChangeDraftPorts, PurchasePorts, RequestStampingPorts, Protocol):
    """Of buying and of stamping."""


def buy_draft(
    account: str,
    draft_id: DraftId,
    method: Method,
    ports: BuyDraftPorts,
    now: datetime,
    *,
    ticket: str | None = None,
) -> Draft:
    """The draft, ordered. One whose order waits for its payment gets the payment instruction again;
    one that is paid is left as it is; one whose order can no longer be paid is ordered anew.

    May be repeated without limit. Where it is refused, the draft is as it was. Raises NotFound,
    DraftChanged, what `purchase` raises, and what `request_stamping` raises of a document, with its
    number in the draft among the values.
    """
    # 1. The draft, and the order that it has or is to have.
    draft = ports.drafts.get(account, draft_id)
    if draft is None:
        raise NotFound
    present = ports.orders.get(draft.order_id) if draft.order_id else None
    if present is not None and present.state is OrderState.PAID:
        return draft
    known: Order | None
    if present is not None and is_payable(present, now):
        method, attempt, known = draft.method, draft.attempt, present
    elif draft.is_ready:
        attempt, known = _next_attempt(draft, method, ports, now)
    else:
        raise DraftChanged
    # 2. Before anything is charged: it may be bought, and every document can be stamped.
    facts: Mapping[str, DocumentFacts] = {}
    if known is None:
        if ticket is None and paused(ports.snapshot, now) is not None:
            raise BuyingPaused(retry_after_s=JOIN_WAITING_ROOM_S)
        facts = check_documents(draft, ports)
    # 3. The order and its charge.
    request_identity, body_hash = order_request(draft, method, attempt)
    quantity = len(draft.documents)
    wanted = RequestedOrder(
        quantity,
        method,
        body_hash,
        portal=draft.portal,
        ticket=ticket,
        notify=draft.notify,
    )
    order = purchase(request_identity, wanted, ports, now)
    if order.order_id == draft.order_id:
        return draft
    # 4. The stamping of each document.
    stampings = request_stampings(draft, order.order_id, facts, ports, now)

    # 5. The draft says so, if it still asks for this.
    def change(current: Draft) -> Draft:
        if current.attempt < attempt and not asks_the_same(current, draft):
            raise DraftChanged
        return ordered(
            current, order.order_id, attempt, now, stampings=stampings, method=order.method
        )

    return change_draft(account, draft_id, change, ports)


def _next_attempt(
    draft: Draft, method: Method, ports: BuyDraftPorts, now: datetime
) -> tuple[int, Order | None]:
    """The next one whose order can be paid, and that order where an interrupted click left it."""
    attempt = draft.attempt + 1
    while True:
        request_identity, _ = order_request(draft, method, attempt)
        order = ports.orders.get(ports.id_deriver.order_id(request_identity))
        if order is None or is_payable(order, now):
            return attempt, order
        attempt += 1
