"""Orders in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Instruction, Payment
from tests.fakes.in_memory_state import InMemoryState, port_call

MAX_LIST = 100


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
    def of_account(self, account: str) -> Sequence[OrderId]:
        entries = self.state.orders_by_account.entries().items()
        mine = [(at, order_id) for order_id, (owner, at) in entries if owner == account]
        return [order_id for _, order_id in sorted(mine, reverse=True)[:MAX_LIST]]

    @port_call
    def next_attempt(self, order: Order) -> Order | None:
        standing = self._pending_attempt(order)
        if standing is None or standing.instruction is not None:
            return None
        return self._store(replace(standing, attempt=standing.attempt + 1))

    @port_call
    def store_instruction(self, order: Order, instruction: Instruction) -> Order:
        standing = self._pending_attempt(order)
        if standing is None:
            return self.state.orders[order.order_id]
        return self._store(replace(standing, instruction=instruction))

    @port_call
    def mark_paid(self, order_id: OrderId, payment: Payment) -> Order | None:
        order = self.state.orders.get(order_id)
        if order is None:
            return None
        if order.state is not OrderState.PENDING:
            return order if order.payment_id == payment.payment_id else None
        paid = replace(
            order,
            state=OrderState.PAID,
            timer=None,
            instruction=None,
            payment_id=payment.payment_id,
            paid_at=payment.settled_at,
            payment_known_at=payment.known_at,
        )
        return self._store(paid)

    @port_call
    def cancel(self, given_up: Order) -> Order:
        standing = self.state.orders[given_up.order_id]
        if standing.state is not OrderState.PENDING or standing.is_given_up:
            return standing
        return self._store(
            replace(
                standing,
                expires_at=given_up.expires_at,
                cancelled_at=given_up.cancelled_at,
                timer=given_up.timer,
                instruction=None,
            )
        )

    @port_call
    def mark_closed(self, order_id: OrderId, state: OrderState) -> bool:
        order = self.state.orders.get(order_id)
        if order is None or order.state is not OrderState.PENDING:
            return order is not None and order.state is state
        self._store(replace(order, state=state, timer=None, instruction=None))
        return True

    @port_call
    def mark_reversed(self, order_id: OrderId) -> Order | None:
        order = self.state.orders.get(order_id)
        if order is None or order.state not in (OrderState.PAID, OrderState.REVERSED):
            return None
        return self._store(replace(order, state=OrderState.REVERSED))

    def _pending_attempt(self, order: Order) -> Order | None:
        standing = self.state.orders.get(order.order_id)
        if standing is None or standing.state is not OrderState.PENDING or standing.is_given_up:
            return None
        return standing if standing.attempt == order.attempt else None

    def _store(self, order: Order) -> Order:
        self.state.orders[order.order_id] = order
        return order
