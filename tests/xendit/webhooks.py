"""Webhooks about payments: their bodies, their headers, and the faults on them.

They go to the address for payments. At Xendit refunds and payouts have their own addresses; the
system checks those by its own timers. An event is identified by `webhook-id`, the same for each of
its deliveries: https://docs.xendit.co/webhook/delivery-attempts-and-retries
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from tests.midtrans.delivery import Deliveries, RepeatPolicy
from tests.midtrans.faults import FaultKind, FaultScript
from tests.midtrans.ledger import Transaction
from tests.xendit import bodies

_EVENTS = {
    "SUCCEEDED": "payment.succeeded",
    "FAILED": "payment.failed",
    "VOIDED": "payment.failed",
    "EXPIRED": "payment.failed",
    "CANCELED": "payment.failed",
    "PENDING": "payment.pending",
}


def repeats_after(answer: int | None) -> int:
    """Six times after the first, until the merchant answers 2xx."""
    return 0 if answer is not None and 200 <= answer < 300 else 6


RETRY_SCHEDULE = RepeatPolicy((900.0, 2700.0, 7200.0, 10_800.0, 21_600.0, 43_200.0), repeats_after)


class Webhooks:
    """One webhook for every change of a payment, unless a fault prevents it."""

    def __init__(
        self,
        deliveries: Deliveries,
        faults: FaultScript,
        callback_token: str,
        now: Callable[[], datetime],
    ) -> None:
        self._deliveries = deliveries
        self._faults = faults
        self._callback_token = callback_token
        self._now = now
        self._held: dict[str, list[tuple[bodies.Body, Mapping[str, str]]]] = {}

    def announce(self, transaction: Transaction) -> None:
        """Called with the ledger's lock held: the body is the state at this moment."""
        order_id = transaction.order_id
        body, headers = self._body(transaction), self._headers(self._callback_token)
        if self._faults.take(FaultKind.WEBHOOK_LOST, order_id):
            return
        if self._faults.take(FaultKind.WEBHOOK_OUT_OF_ORDER, order_id):
            self._held.setdefault(order_id, []).append((body, headers))
            return
        duplicate = self._faults.take(FaultKind.WEBHOOK_DUPLICATE, order_id)
        for _ in range(duplicate.copies if duplicate else 1):
            self._deliveries.send(body, headers)
        for held in self._held.pop(order_id, []):
            self._deliveries.send(*held)
        self.attack(transaction)

    def attack(self, transaction: Transaction) -> None:
        """Sends forged webhooks where the faults require it."""
        paid = self._body(transaction, "SUCCEEDED")
        if self._faults.take(FaultKind.FORGED_SIGNATURE, transaction.order_id):
            self._deliveries.send(paid, self._headers("a guessed token"))
        if self._faults.take(FaultKind.CHANGED_STATUS, transaction.order_id):
            self._deliveries.send(paid, self._headers(self._callback_token))

    def _body(self, transaction: Transaction, status: str | None = None) -> bodies.Body:
        said = status or bodies.status(transaction)
        data = {**bodies.payment(transaction), "status": said}
        return bodies.webhook(_EVENTS[said], data, self._now())

    def _headers(self, token: str) -> dict[str, str]:
        return {"x-callback-token": token, "webhook-id": uuid.uuid4().hex}
