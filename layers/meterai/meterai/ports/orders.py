"""Orders, the payments that pay them, and the refunds of what they were not used for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.orders import Order, OrderPlace, OrderState
from meterai.domain.orders.payments import Instruction, Payment
from meterai.domain.refunds.refunds import Refund
from meterai.ports.serials import OrderMoved

MAX_LISTED_ORDERS = 100


class Orders(Protocol):
    """`order` is an order as it was read. What may become of it is in
    `domain/orders/order_transitions.py`; a change is written only if the order as it is by then
    permits it too."""

    def put_new(self, order: Order) -> Order:
        """Stores it, or answers the one that already has its id."""
        ...

    def get(self, order_id: OrderId) -> Order | None: ...

    def get_many(self, order_ids: Sequence[OrderId]) -> tuple[Order, ...]:
        """In the order of the request; unknown ones are left out."""
        ...

    def of_account(
        self,
        account: str,
        *,
        since: datetime | None = None,
        before: OrderPlace | None = None,
        limit: int = MAX_LISTED_ORDERS,
    ) -> Sequence[OrderId]:
        """Newest first: those made from `since` on, and before that place in the list. From an
        index: the last second may be missing."""
        ...

    def next_attempt(self, order: Order) -> Order | None:
        """A fresh charge id for a pending order. None where another attempt, or the payment
        instruction of this one, was stored meanwhile."""
        ...

    def withdraw_charge(self, order: Order) -> None:
        """A fresh charge id, and no payment instruction, for a pending order whose charge takes no
        money any more. Nothing where another attempt was stored meanwhile."""

    def store_instruction(self, order: Order, instruction: Instruction) -> Order:
        """For this attempt of a pending order. Answers the order as it is then: another attempt,
        or the payment itself, may have been faster."""
        ...

    def mark_paid(self, order: Order, payment: Payment) -> Order | None:
        """pending -> paid, timer removed. Answers the order as it is then; None if it was not
        pending, or cancelled (unless it was this very payment that paid it)."""
        ...

    def cancel(self, order: Order, now: datetime) -> Order:
        """A pending order becomes `given_up`. Answers the order as it is then: its payment, or an
        earlier request, may have been faster."""
        ...

    def mark_closed(self, order: Order, state: OrderState) -> bool:
        """pending -> expired or cancelled, timer removed. True also where it is so already."""
        ...

    def mark_reversed(self, order: Order) -> Order | None:
        """paid -> reversed. Answers the order as it is then, None if it was neither."""
        ...


class Payments(Protocol):
    def put(self, payment: Payment) -> None:
        """Writes the record, once."""
        ...

    def put_with_refund(self, payment: Payment, refund: Refund) -> None:
        """Money that must go back: the record and its refund, each once, and the refund listed in
        its order, in one transaction; where the record exists already, what is missing."""
        ...

    def get(self, order_id: OrderId, payment_id: str) -> Payment | None: ...

    def of_order(self, order_id: OrderId) -> Sequence[Payment]: ...

    def settled_between(self, begins: datetime, ends: datetime) -> Iterable[tuple[OrderId, str]]:
        """Order and payment ids of what settled from `begins` and before `ends`, both of one day
        in WIB. From an index: the last second may be missing."""
        ...


class Refunds(Protocol):
    def request(self, order: Order, refund: Refund) -> Refund | OrderMoved:
        """Gives the refund's slots of `order`, as it was read, to it and writes it: one
        transaction. Answers the one that has its id already, if there is one."""
        ...

    def get(self, refund_id: RefundId) -> Refund | None: ...

    def get_many(self, refund_ids: Sequence[RefundId]) -> tuple[Refund, ...]:
        """In the order of the request; unknown ones are left out."""
        ...

    def advance(self, refund: Refund, then: Refund) -> Refund | None:
        """From the state and attempt as they were read to `then`. None if another was faster."""

    def count_claim_try(self, refund: Refund) -> Refund | None:
        """One more account is named for it than when it was read. None if another was faster."""
