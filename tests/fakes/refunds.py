"""Refunds in memory."""

from dataclasses import dataclass, replace

from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.orders import Order, Refunded
from meterai.domain.refunds.refunds import TRANSITIONS, Refund
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
        if any(slot in now.slots for slot in refund.slots):
            return OrderMoved()
        given = {slot: Refunded(refund.refund_id) for slot in refund.slots}
        self.state.orders[order.order_id] = replace(now, slots={**now.slots, **given})
        self.state.refunds[refund.refund_id] = refund
        return refund

    @port_call
    def get(self, refund_id: RefundId) -> Refund | None:
        return self.state.refunds.get(refund_id)

    @port_call
    def advance(self, refund: Refund, then: Refund) -> Refund | None:
        if then.state is not refund.state and then.state not in TRANSITIONS[refund.state]:
            raise ValueError(f"{refund.state} does not become {then.state}")
        standing = self.state.refunds.get(refund.refund_id)
        if standing is None or (standing.state, standing.attempt) != (refund.state, refund.attempt):
            return standing if standing == then else None
        self.state.refunds[refund.refund_id] = then
        return then

    @port_call
    def count_claim_try(self, refund: Refund) -> Refund | None:
        standing = self.state.refunds.get(refund.refund_id)
        read = (refund.state, refund.attempt, refund.claim_tries)
        if standing is None or (standing.state, standing.attempt, standing.claim_tries) != read:
            return None
        counted = replace(standing, claim_tries=standing.claim_tries + 1)
        self.state.refunds[refund.refund_id] = counted
        return counted
