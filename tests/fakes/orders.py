"""Orders in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from meterai.domain.id_derivation import OrderId
from meterai.domain.orders import order_transitions
from meterai.domain.orders.orders import Order, OrderPlace, OrderState
from meterai.domain.orders.payments import Instruction, Payment
from meterai.ports.orders import MAX_LISTED_ORDERS
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryOrders:
    state: InMemoryState

    @port_call
    def put_new(self, order: Order) -> Order:
        if order.order_id not in self.state.orders:
            self.state.orders[order.order_id] = order
        return self.state.orders[order.order_id]

    @port_call
    def get(self, order_id: OrderId) -> Order | None:
        return self.state.orders.get(order_id)

    @port_call
    def get_many(self, order_ids: Sequence[OrderId]) -> tuple[Order, ...]:
        return tuple(self.state.orders[one] for one in order_ids if one in self.state.orders)

    @port_call
    def of_account(
        self,
        account: str,
        *,
        since: datetime | None = None,
        before: OrderPlace | None = None,
        limit: int = MAX_LISTED_ORDERS,
    ) -> Sequence[OrderId]:
        entries = self.state.orders_by_account.entries().items()
        mine = [OrderPlace(at, order_id) for order_id, (owner, at) in entries if owner == account]
        listed = [
            place
            for place in sorted(mine, reverse=True)
            if (since is None or place.created_at >= since) and (before is None or place < before)
        ]
        return [place.order_id for place in listed[:limit]]

    @port_call
    def next_attempt(self, order: Order) -> Order | None:
        now = self._as_read(order)
        if now is None or now.attempt != order.attempt:
            return None
        return self._store(order_transitions.next_attempt(now))

    @port_call
    def withdraw_charge(self, order: Order) -> None:
        now = self._as_read(order)
        if now is not None and now.attempt == order.attempt:
            self._store(order_transitions.charge_withdrawn(now))

    @port_call
    def store_instruction(self, order: Order, instruction: Instruction) -> Order:
        now = self._as_read(order)
        if now is not None and now.attempt == order.attempt:
            self._store(order_transitions.instruction_stored(now, instruction))
        return self.state.orders[order.order_id]

    @port_call
    def mark_paid(self, order: Order, payment: Payment) -> Order | None:
        now = self._as_read(order)
        self._store(now and order_transitions.paid(now, payment))
        now = self.state.orders.get(order.order_id)
        return now if now and now.payment_id == payment.payment_id else None

    @port_call
    def cancel(self, order: Order, now: datetime) -> Order:
        standing = self._as_read(order)
        self._store(standing and order_transitions.given_up(standing, now))
        return self.state.orders[order.order_id]

    @port_call
    def mark_closed(self, order: Order, state: OrderState) -> bool:
        now = self._as_read(order)
        self._store(now and order_transitions.closed(now, state))
        now = self.state.orders.get(order.order_id)
        return now is not None and now.state is state

    @port_call
    def mark_reversed(self, order: Order) -> Order | None:
        now = self._as_read(order)
        self._store(now and order_transitions.payment_reversed(now))
        now = self.state.orders.get(order.order_id)
        return now if now and now.state is OrderState.REVERSED else None

    def _as_read(self, order: Order) -> Order | None:
        """The order as it is now; None if its state is no longer the one that was read."""
        now = self.state.orders.get(order.order_id)
        return now if now is not None and now.state is order.state else None

    def _store(self, order: Order | None) -> Order | None:
        if order is not None:
            self.state.orders[order.order_id] = order
        return order
