"""Reopen a draft that was ordered and is not paid: its order is given up, and its documents can be
changed again."""

from datetime import datetime
from typing import Protocol

from meterai.domain.drafts.drafts import Draft, reopened
from meterai.domain.errors import NotFound
from meterai.domain.id_derivation import DraftId, OrderId
from meterai.steps.cancel_order import CancelOrderPorts, cancel_order
from meterai.steps.change_draft import ChangeDraftPorts, change_draft


class ReopenDraftPorts(ChangeDraftPorts, CancelOrderPorts, Protocol):
    """Of a draft and its order."""


def reopen_draft(
    account: str, draft_id: DraftId, order_id: OrderId, ports: ReopenDraftPorts, now: datetime
) -> Draft:
    """The draft, without this order. May be repeated without limit; where it has another order by
    now, that one is left as it is. Raises NotFound, OrderPaid."""
    # 1. The draft.
    draft = ports.drafts.get(account, draft_id)
    if draft is None:
        raise NotFound
    if draft.order_id != order_id:
        return draft
    # 2. Its order, given up: money that still comes goes back by itself.
    cancel_order(account, order_id, ports, now)
    # 3. The draft says so.
    return change_draft(account, draft_id, lambda current: reopened(current, order_id, now), ports)
