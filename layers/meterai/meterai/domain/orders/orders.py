"""An order: up to eight e-meterai bought together, and how each of its slots is used.

An order is one item. Its slot map says which slots are taken by which serial or refund; a slot that
is not in the map is free. Balances are derived from it, never stored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from meterai.domain.errors import (
    AlreadyStamped,
    NoBalance,
    OrderClosed,
    OrderNotPaid,
    QuantityOutOfRange,
)
from meterai.domain.id_derivation import ChargeId, OrderId, RefundId, charge_id
from meterai.domain.orders.payments import Instruction, Method
from meterai.domain.stamping.serials import Serial
from meterai.domain.timers import Timer

DUTY_IDR = 10_000  # UU 10/2020, article 5: one tariff
MAX_QUANTITY = 8  # one item of 1,024 bytes holds so many slots
DOCUMENT_PREFIX = 8  # characters of a document's SHA-256 that a slot keeps


class OrderState(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


TRANSITIONS: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.PENDING: frozenset({OrderState.PAID, OrderState.EXPIRED, OrderState.CANCELLED}),
    OrderState.PAID: frozenset({OrderState.REVERSED}),
    OrderState.EXPIRED: frozenset(),
    OrderState.CANCELLED: frozenset(),
    OrderState.REVERSED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A slot whose e-meterai is reserved for, or on, a document."""

    serial: Serial
    stamping: Serial  # the first serial of the stamping it belongs to
    document_prefix: str
    bulk: bool = False  # sent by the bulk lane, after the applicants' own


@dataclass(frozen=True, slots=True)
class Refunded:
    """A slot whose money is being refunded, or was."""

    refund_id: RefundId


SlotUse = Taken | Refunded


class OrderPlace(NamedTuple):
    """Where an order stands among those of its account."""

    created_at: datetime
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class Order:
    order_id: OrderId
    account: str
    state: OrderState
    quantity: int
    unit_price_idr: int
    method: Method
    body_hash: str
    created_at: datetime
    expires_at: datetime
    attempt: int  # of charging; 1 is the first
    timer: Timer | None
    instruction: Instruction | None = None
    payment_id: str | None = None
    paid_at: datetime | None = None
    # About when stampings that were requested before the payment were sent.
    payment_known_at: datetime | None = None
    slots: Mapping[int, SlotUse] = field(default_factory=dict)
    returned: tuple[RefundId, ...] = ()  # of payments for it that bought nothing
    cancelled_at: datetime | None = None  # by its buyer, while it was not paid
    # Stampings whose e-meterai were never put on their document: the last one of each slot, which
    # is that of its first serial.
    voided: Mapping[int, Serial] = field(default_factory=dict)
    notify: bool = False  # its buyer wants e-mails about it (`domain/notifications`)

    @property
    def amount_idr(self) -> int:
        return self.quantity * self.unit_price_idr

    @property
    def charge_id(self) -> ChargeId:
        return charge_id(self.order_id, self.attempt)

    @property
    def place(self) -> OrderPlace:
        return OrderPlace(self.created_at, self.order_id)

    @property
    def free_slots(self) -> tuple[int, ...]:
        return tuple(slot for slot in range(self.quantity) if slot not in self.slots)

    @property
    def closes_as(self) -> OrderState:
        """What it becomes once no charge of it can bring money any more."""
        return OrderState.EXPIRED if self.cancelled_at is None else OrderState.CANCELLED

    @property
    def is_given_up(self) -> bool:
        """Its buyer cancelled it; the gateway has yet to confirm that no money came."""
        return self.state is OrderState.PENDING and self.cancelled_at is not None

    def take_slots(self, count: int, document: str, *, allow_duplicate: bool) -> tuple[int, ...]:
        """The slots a stamping of `document` takes. Raises OrderClosed, AlreadyStamped, NoBalance.

        The lowest free slots are taken, so that of two requests at once the database refuses one.
        """
        if self.is_given_up or self.state not in (OrderState.PENDING, OrderState.PAID):
            raise OrderClosed(order_id=self.order_id, state=self.state.value)
        prefix = document[:DOCUMENT_PREFIX]
        if not allow_duplicate and any(
            taken.document_prefix == prefix for _, taken in self.taken()
        ):
            raise AlreadyStamped(order_id=self.order_id)
        return self._first_free(count)

    def refund_slots(self, count: int) -> tuple[int, ...]:
        """The free slots that are refunded. Raises OrderNotPaid, NoBalance."""
        if self.state is not OrderState.PAID:
            raise OrderNotPaid(order_id=self.order_id, state=self.state.value)
        return self._first_free(count)

    def taken(self) -> Iterator[tuple[int, Taken]]:
        """The slots with a serial."""
        for slot, use in sorted(self.slots.items()):
            if isinstance(use, Taken):
                yield slot, use

    def stampings(self) -> dict[Serial, tuple[Serial, ...]]:
        """The stampings that hold slots, each with its serials in slot order."""
        found: dict[Serial, tuple[Serial, ...]] = {}
        for _, use in self.taken():
            found[use.stamping] = (*found.get(use.stamping, ()), use.serial)
        return found

    def bulk_stampings(self) -> frozenset[Serial]:
        """Those of the stampings that are bulk."""
        return frozenset(use.stamping for _, use in self.taken() if use.bulk)

    def refunds(self) -> dict[RefundId, tuple[int, ...]]:
        """The refunds that hold slots, each with its slots."""
        found: dict[RefundId, tuple[int, ...]] = {}
        for slot, use in sorted(self.slots.items()):
            if isinstance(use, Refunded):
                found[use.refund_id] = (*found.get(use.refund_id, ()), slot)
        return found

    def _first_free(self, count: int) -> tuple[int, ...]:
        free = self.free_slots
        if len(free) < count:
            raise NoBalance(order_id=self.order_id, available=len(free), wanted=count)
        return free[:count]


def check_quantity(quantity: int) -> None:
    """Raises QuantityOutOfRange."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityOutOfRange(quantity=quantity, max_quantity=MAX_QUANTITY)
