"""Refunds in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.order_transitions import slots_refunded
from meterai.domain.orders.orders import Order
from meterai.domain.refunds.refund_transitions import check_transition, claim_tried
from meterai.domain.refunds.refunds import Refund
from meterai.ports import OrderMoved
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryRefunds:
    state: InMemoryState

    @port_call
    def request(self, order: Order, refund: Refund) -> Refund | OrderMoved:
        if not refund.slots:
            raise ValueError("a whole payment goes back with its fact: Payments.put_with_refund")
        standing = self.state.refunds.get(refund.refund_id)
        if standing is not None:
            return standing
        now = self.state.orders.get(order.order_id)
        if now is None or now.state is not order.state:
            return OrderMoved()
        after = slots_refunded(now, refund.refund_id, refund.slots)
        if after is None:
            return OrderMoved()
        self.state.orders[order.order_id] = after
        self.state.refunds[refund.refund_id] = refund
        return refund

    @port_call
    def get(self, refund_id: RefundId) -> Refund | None:
        return self.state.refunds.get(refund_id)

    @port_call
    def get_many(self, refund_ids: Sequence[RefundId]) -> tuple[Refund, ...]:
        return tuple(self.state.refunds[one] for one in refund_ids if one in self.state.refunds)

    @port_call
    def advance(self, refund: Refund, then: Refund) -> Refund | None:
        check_transition(refund, then)
        now = self.state.refunds.get(refund.refund_id)
        if now is None or (now.state, now.attempt) != (refund.state, refund.attempt):
            return now if now == then else None
        self.state.refunds[refund.refund_id] = then
        return then

    @port_call
    def count_claim_try(self, refund: Refund) -> Refund | None:
        now = self.state.refunds.get(refund.refund_id)
        read = (refund.state, refund.attempt, refund.claim_tries)
        if now is None or (now.state, now.attempt, now.claim_tries) != read:
            return None
        self.state.refunds[refund.refund_id] = claim_tried(now)
        return claim_tried(now)
