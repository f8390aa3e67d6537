"""Payments in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.order_transitions import refund_listed
from meterai.domain.orders.payments import Payment
from meterai.domain.refunds.refunds import Refund
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryPayments:
    state: InMemoryState

    @port_call
    def put(self, payment: Payment) -> None:
        self._put(payment)

    @port_call
    def put_with_refund(self, payment: Payment, refund: Refund) -> None:
        self._put(payment)
        if refund.refund_id not in self.state.refunds:
            self.state.refunds[refund.refund_id] = refund
        order = self.state.orders.get(payment.order_id)
        if order is not None:
            self.state.orders[order.order_id] = refund_listed(order, refund.refund_id)

    @port_call
    def get(self, order_id: OrderId, payment_id: str) -> Payment | None:
        return self.state.payments.get((order_id, payment_id))

    @port_call
    def of_order(self, order_id: OrderId) -> Sequence[Payment]:
        keys = sorted(key for key in self.state.payments if key[0] == order_id)
        return [self.state.payments[key] for key in keys]

    @port_call
    def settled_between(self, begins: datetime, ends: datetime) -> Sequence[tuple[OrderId, str]]:
        return [
            (one.order_id, one.payment_id)
            for one in self.state.payments.values()
            if begins <= one.settled_at < ends
        ]

    def _put(self, payment: Payment) -> None:
        self.state.payments.setdefault((payment.order_id, payment.payment_id), payment)
