"""What several pages show of an order: its files, its refunds, and how its e-meterai are used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import TypeVar

from meterai.api import OrderAnswer, RefundAnswer
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.receipts import has_receipt
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.languages import Text
from meterai.pages.visits import Visit
from meterai.problems import PROBLEMS
from meterai.steps.read_history import refunds_of, stampings_of

T = TypeVar("T", EMeterai, Refund)

_VOIDED: Mapping[VoidReason, Text] = {
    VoidReason.ORDER_EXPIRED: Text(
        "Batal: pesanannya tidak dibayar.", "Called off: its order was not paid."
    ),
    VoidReason.ORDER_CANCELLED: Text(
        "Batal: pesanannya dibatalkan.", "Called off: its order was cancelled."
    ),
    VoidReason.ORDER_REVERSED: Text(
        "Batal: bank menarik kembali pembayarannya.",
        "Called off: the bank took the payment back.",
    ),
    VoidReason.NOT_EXECUTED: Text(
        "Tidak sempat dibubuhkan dalam waktu yang dijanjikan. Uangnya kembali otomatis.",
        "Not stamped within the promised time. Its money goes back automatically.",
    ),
    VoidReason.REFUND_REQUESTED: Text(
        "Batal: e-meterainya dikembalikan.", "Called off: its e-meterai was given back."
    ),
    VoidReason.DOCUMENT_REFUSED: Text(
        "Dokumen tidak dapat dibubuhi. E-meterainya tidak terpakai.",
        "The document could not be stamped. Its e-meterai was not used.",
    ),
}


@dataclass(frozen=True, slots=True)
class File:
    """A document with its e-meterai. `void` says why it was called off, `refused` what was wrong
    with the document, `has_receipt` whether its receipt can be read today. `promised_by`: None
    where nothing is promised, as before its order is paid."""

    stamping: str
    name: str
    emeterai: int
    requested_at: datetime
    stamped_at: datetime | None
    promised_by: datetime | None
    is_augmented: bool
    void: Text | None
    refused: Text | None
    has_receipt: bool

    @property
    def is_waiting(self) -> bool:
        return self.stamped_at is None and self.void is None

    @classmethod
    def of(
        cls, first: EMeterai, order: Order, names: Mapping[Serial, str], now: datetime
    ) -> "File":
        """The name of its file, where a draft still has it; else what its owner called it."""
        is_void = first.state is SerialState.VOID
        is_promised = not is_void and order.paid_at is not None
        problem = PROBLEMS.get(first.void_code or "")
        return cls(
            stamping=first.stamping,
            name=names.get(first.stamping, first.reason),
            emeterai=len(first.serials),
            requested_at=first.requested_at,
            stamped_at=first.stamped_at,
            promised_by=first.timer.deadline_at if first.timer and is_promised else None,
            is_augmented=first.is_augmented,
            void=_VOIDED[first.void_reason or VoidReason.NOT_EXECUTED] if is_void else None,
            refused=problem.title if problem and is_void else None,
            has_receipt=not is_void and has_receipt(first, order.paid_at, now),
        )


@dataclass(frozen=True, slots=True)
class Return:
    """A refund. `was_kept`: whether it was back by `promised_by`; None: not back yet, or nobody
    knows."""

    answer: RefundAnswer
    promised_by: datetime | None
    was_kept: bool | None

    @classmethod
    def of(cls, refund: Refund, visit: Visit) -> "Return":
        promises = visit.ports.refund_promises
        follow_url = visit.ports.follow_url(refund.refund_id)
        return cls(
            RefundAnswer.about(refund, visit.now, visit.language, follow_url),
            promises.promised_by(refund),
            promises.was_kept(refund),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """An order with all that came of it. Of its e-meterai, each is used, waiting, free or given
    back. `state`: what an order becomes that waits for its gateway's word counts already."""

    order: Order
    state: OrderState
    answer: OrderAnswer
    files: Sequence[File]
    returns: Sequence[Return]

    @property
    def used(self) -> int:
        return sum(one.emeterai for one in self.files if one.stamped_at)

    @property
    def waiting(self) -> int:
        return sum(one.emeterai for one in self.files if one.is_waiting)

    @property
    def given_back(self) -> int:
        return sum(map(len, self.order.refunds().values()))

    @property
    def may_give_back(self) -> int:
        """What is free, and what waits for its document: then that is called off."""
        return self.answer.available + self.waiting if self.order.state is OrderState.PAID else 0


def entries_of(
    orders: Sequence[Order], visit: Visit, names: Mapping[Serial, str] = MappingProxyType({})
) -> list[Entry]:
    """In the sequence of the orders, with two reads for all of them. `names`: of files."""
    ports = visit.ports
    files = _by_order(stampings_of(orders, ports))
    refunds = _by_order(refunds_of(orders, ports))
    return [
        Entry(
            order,
            _state(order, visit.now),
            OrderAnswer.of(order, visit.now, visit.language, ports.refund_promises),
            [File.of(one, order, names, visit.now) for one in files.get(order.order_id, ())],
            [Return.of(one, visit) for one in refunds.get(order.order_id, ())],
        )
        for order in orders
    ]


def _state(order: Order, now: datetime) -> OrderState:
    is_over = order.is_given_up or now >= order.expires_at
    return order.closes_as if order.state is OrderState.PENDING and is_over else order.state


def _by_order(found: Sequence[T]) -> dict[OrderId, list[T]]:
    """`found` has those of an order together."""
    return {order_id: list(those) for order_id, those in groupby(found, lambda one: one.order_id)}
