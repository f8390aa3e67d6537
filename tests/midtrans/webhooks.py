"""Webhooks to the merchant: their bodies, and the faults on them.

Delivery and its repeats are in `delivery`.
"""

from datetime import datetime

from tests.midtrans import bodies
from tests.midtrans.delivery import Deliveries
from tests.midtrans.faults import FaultKind, FaultScript
from tests.midtrans.ledger import Transaction


class Webhooks:
    """One webhook for every change of a transaction, unless a fault prevents it."""

    def __init__(
        self, deliveries: Deliveries, faults: FaultScript, merchant_id: str, server_key: str
    ) -> None:
        self._deliveries = deliveries
        self._faults = faults
        self._merchant_id = merchant_id
        self._server_key = server_key
        self._held: dict[str, list[bodies.Body]] = {}

    def announce(self, transaction: Transaction) -> None:
        """Called with the ledger's lock held: the body is the state at this moment."""
        order_id = transaction.order_id
        body = bodies.webhook(transaction, self._merchant_id, self._server_key)
        if self._faults.take(FaultKind.WEBHOOK_LOST, order_id):
            return
        if self._faults.take(FaultKind.WEBHOOK_OUT_OF_ORDER, order_id):
            self._held.setdefault(order_id, []).append(body)
            return
        duplicate = self._faults.take(FaultKind.WEBHOOK_DUPLICATE, order_id)
        for _ in range(duplicate.copies if duplicate else 1):
            self._deliveries.send(body)
        for held in self._held.pop(order_id, []):
            self._deliveries.send(held)
        self.attack(transaction)

    def attack(self, transaction: Transaction) -> None:
        """Sends forged webhooks where the faults require it."""
        true = bodies.webhook(transaction, self._merchant_id, self._server_key)
        if self._faults.take(FaultKind.FORGED_SIGNATURE, transaction.order_id):
            forged = {**true, **_as_paid(transaction.created_at), "status_code": "200"}
            forged["signature_key"] = bodies.signature(transaction, "200", "a guessed key")
            self._deliveries.send(forged)
        if self._faults.take(FaultKind.CHANGED_STATUS, transaction.order_id):
            self._deliveries.send({**true, **_as_paid(transaction.created_at)})


def _as_paid(moment: datetime) -> bodies.Body:
    return {"transaction_status": "settlement", "settlement_time": bodies.wib(moment)}
