"""Read drafts: those that somebody still prepares or has to pay, and what their documents are
called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from meterai.domain.drafts.drafts import Draft
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.stamping.serials import Serial
from meterai.ports import Orders
from meterai.ports.drafts import Drafts

MAX_DRAFTS = 20  # shown to an account: those changed last
_PAID = (OrderState.PAID, OrderState.REVERSED)


class ReadDraftsPorts(Protocol):
    @property
    def drafts(self) -> Drafts: ...
    @property
    def orders(self) -> Orders: ...


@dataclass(frozen=True, slots=True)
class OwnDrafts:
    """`in_progress`: what is not paid, those changed last first. `names`: of the files, by their
    stamping. `by_order`: the draft that an order was made for."""

    in_progress: Sequence[Draft]
    names: Mapping[Serial, str]
    by_order: Mapping[OrderId, Draft]


def read_drafts(account: str, known: Sequence[Order], ports: ReadDraftsPorts) -> OwnDrafts:
    """`known`: orders that were read already, and are not read again."""
    # 1. The drafts changed last; 2. their orders, as far as they are not known.
    drafts = ports.drafts.of_account(account, MAX_DRAFTS)
    states = {order.order_id: order.state for order in known}
    others = [one.order_id for one in drafts if one.order_id and one.order_id not in states]
    states |= {order.order_id: order.state for order in ports.orders.get_many(others)}
    return OwnDrafts(
        in_progress=[one for one in drafts if _state(one, states) not in _PAID],
        names={
            document.stamping: document.name
            for one in drafts
            for document in one.documents
            if document.stamping
        },
        by_order={one.order_id: one for one in drafts if one.order_id},
    )


def _state(draft: Draft, states: Mapping[OrderId, OrderState]) -> OrderState | None:
    return states.get(draft.order_id) if draft.order_id else None
