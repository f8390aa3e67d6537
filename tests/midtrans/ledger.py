"""The gateway's ledger: its transactions, their changes, and the changes that are planned.

Time is the clock that is passed in. Future changes (expiry, a late settlement, a reversal, a bank's
confirmation) are planned and carried out by `tick`.
"""

import heapq
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

PAID_ONCE = frozenset(
    {
        "settlement",
        "partial_refund",
        "refund",
        "chargeback",
        "partial_chargeback",
    }
)


@dataclass(slots=True)
class RefundEntry:
    """One requested refund; `bank_confirmed_at` is set once the bank confirmed it, or refused it,
    with a `failure_code`."""

    number: int
    uuid: str
    refund_key: str
    amount_idr: int
    reason: str
    created_at: datetime
    bank_confirmed_at: datetime | None = None
    failure_code: str | None = None

    @property
    def is_pending(self) -> bool:
        return self.bank_confirmed_at is None


@dataclass(slots=True)
class Transaction:
    """One transaction. `gross_amount` is Midtrans's own text, such as `"10000.00"`, and may be
    odd."""

    transaction_id: str
    order_id: str
    payment_type: str
    amount_idr: int
    gross_amount: str
    created_at: datetime
    expires_at: datetime
    state: str = "pending"
    settled_at: datetime | None = None
    in_flight: bool = False  # the buyer has paid, the money has not arrived
    qr_string: str | None = None
    va_number: str | None = None
    fee_idr: int = 0  # on top of `amount_idr`, imposed on the buyer
    refunds: list[RefundEntry] = field(default_factory=list)

    def age(self, by: timedelta) -> None:
        """What is unfinished has earlier times: the payment, and each refund."""
        if self.state == "pending":
            self.created_at -= by
            self.expires_at -= by
        for refund in self.refunds:
            if refund.is_pending:
                refund.created_at -= by

    @property
    def gross_idr(self) -> int:
        """The whole rupiah that the buyer paid."""
        return int(float(self.gross_amount))

    @property
    def refunded_idr(self) -> int:
        """What went back, or is on its way."""
        return sum(refund.amount_idr for refund in self.refunds if refund.failure_code is None)

    @property
    def was_paid(self) -> bool:
        """Settled at some time, whatever became of the money since."""
        return self.settled_at is not None or self.state in PAID_ONCE


Change = Callable[[Transaction], None]


class Ledger:
    """All transactions. Its lock is held while one is read or changed."""

    def __init__(self, now: Callable[[], datetime], announce: Change) -> None:
        self.now = now
        self.lock = threading.RLock()
        self._announce = announce
        self._by_id: dict[str, Transaction] = {}
        self._by_order: dict[str, list[Transaction]] = {}
        self._planned: list[tuple[datetime, int, Transaction, Change]] = []
        self._sequence = count(1)

    def find(self, name: str) -> Transaction | None:
        """By transaction id, or the latest one of an order id: the API accepts either."""
        mine = self._by_order.get(name)
        return mine[-1] if mine else self._by_id.get(name)

    def of_order(self, order_id: str) -> list[Transaction]:
        """The transactions of an order, the oldest first."""
        return list(self._by_order.get(order_id, ()))

    def find_account(self, va_number: str) -> Transaction | None:
        """The transaction that a virtual account number belongs to."""
        return next((each for each in self._by_id.values() if each.va_number == va_number), None)

    def all(self) -> list[Transaction]:
        """The oldest first."""
        return list(self._by_id.values())

    def latest(self, limit: int) -> list[Transaction]:
        """The newest first."""
        return list(self._by_id.values())[: -limit - 1 : -1]

    def order_is_taken(self, order_id: str) -> bool:
        """An order id that is active or was ever paid may not be used again (406)."""
        return any(
            each.state == "pending" or each.was_paid for each in self._by_order.get(order_id, [])
        )

    def enter(self, transaction: Transaction) -> None:
        """Records a new transaction, plans its expiry and reports it."""
        self._by_id[transaction.transaction_id] = transaction
        self._by_order.setdefault(transaction.order_id, []).append(transaction)
        if transaction.state == "pending":
            self.plan(transaction.expires_at, transaction, self._expire_unpaid)
        self._announce(transaction)

    def move(self, transaction: Transaction, state: str) -> None:
        """Changes the state and reports it."""
        transaction.state = state
        self._announce(transaction)

    def announce(self, transaction: Transaction) -> None:
        """Reports a change other than the state's, such as a bank's confirmation."""
        self._announce(transaction)

    def plan(self, next_check_at: datetime, transaction: Transaction, change: Change) -> None:
        """Calls `change` at `next_check_at`; it checks for itself whether it still applies."""
        heapq.heappush(self._planned, (next_check_at, next(self._sequence), transaction, change))

    def next_due(self) -> datetime | None:
        """When something is next planned to happen; what is paid does not expire."""
        with self.lock:
            while self._planned:
                at, _, transaction, change = self._planned[0]
                if change != self._expire_unpaid or transaction.state == "pending":
                    return at
                heapq.heappop(self._planned)
            return None

    def tick(self) -> None:
        """Carries out the changes that are due."""
        with self.lock:
            while self._planned and self._planned[0][0] <= self.now():
                _, _, transaction, change = heapq.heappop(self._planned)
                change(transaction)

    def age(self, by: timedelta) -> None:
        """As if so much time had passed for what is unfinished: its times are earlier, and so is
        what is planned. `tick` carries out what is due."""
        with self.lock:
            for each in self._by_id.values():
                each.age(by)
            # All by the same amount: the order of the heap stays.
            self._planned = [
                (at - by, number, each, change) for at, number, each, change in self._planned
            ]

    def next_number(self) -> int:
        return next(self._sequence)

    def _expire_unpaid(self, transaction: Transaction) -> None:
        if transaction.state == "pending" and not transaction.in_flight:
            self.move(transaction, "expire")


def new_transaction_id() -> str:
    return str(uuid.uuid4())
