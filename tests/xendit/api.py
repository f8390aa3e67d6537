"""The merchant's API: payment requests, their payments, refunds.

Every response has an HTTP status and a body; errors are those of https://docs.xendit.co/apidocs.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Any

from tests.midtrans.faults import FaultKind, FaultScript
from tests.midtrans.ledger import Ledger, RefundEntry, Transaction
from tests.midtrans.qris import qris_text
from tests.xendit import bodies
from tests.xendit.bodies import Body

REFUND_WINDOW = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Answer:
    http_status: int
    body: Body


class Api:
    def __init__(
        self,
        ledger: Ledger,
        faults: FaultScript,
        *,
        merchant_name: str,
        bank_confirms_after: timedelta,
    ) -> None:
        self._ledger = ledger
        self._faults = faults
        self._merchant_name = merchant_name
        self._bank_confirms_after = bank_confirms_after
        self._keys: dict[str, tuple[str, Body]] = {}

    def create(self, request: Mapping[str, Any], key: str, raw: bytes) -> Answer:
        """The same key and body get the same response as before."""
        said = hashlib.sha256(raw).hexdigest()
        if key in self._keys:
            before, answer = self._keys[key]
            if before != said:
                return _refused(409, "IDEMPOTENCY_ERROR", "The key was used for another request")
            return Answer(201, answer)
        method = request["payment_method"]
        is_qr = method["type"] == "QR_CODE"
        of_kind = method["qr_code" if is_qr else "virtual_account"]
        expires_at = datetime.fromisoformat(of_kind["channel_properties"]["expires_at"])
        if expires_at <= self._ledger.now():
            return _refused(400, "API_VALIDATION_ERROR", "expires_at must be in the future")
        transaction = Transaction(
            transaction_id=str(uuid.uuid4()),
            order_id=request["reference_id"],
            payment_type="qris" if is_qr else "bank_transfer",
            amount_idr=request["amount"],
            gross_amount=f"{request['amount']}.00",
            created_at=self._ledger.now(),
            expires_at=expires_at,
        )
        if is_qr:
            reference = transaction.transaction_id.replace("-", "")[:20].upper()
            transaction.qr_string = qris_text(self._merchant_name, request["amount"], reference)
        else:
            transaction.va_number = f"38165{randbelow(10**11):011d}"
        self._ledger.enter(transaction)
        answer = bodies.payment_request(transaction)
        if key:
            self._keys[key] = (said, answer)
        return Answer(201, answer)

    def show(self, transaction: Transaction | None) -> Answer:
        if transaction is None:
            return _refused(404, "DATA_NOT_FOUND", "Payment request not found")
        return Answer(200, bodies.payment_request(transaction))

    def list_requests(self, reference_id: str) -> Answer:
        found = self._ledger.of_order(reference_id)
        data = [bodies.payment_request(each) for each in reversed(found)]
        return Answer(200, {"data": data, "has_more": False})

    def list_payments(self, transaction: Transaction) -> Answer:
        return Answer(200, bodies.payments(transaction))

    def expire(self, transaction: Transaction) -> Answer:
        if transaction.state != "pending":
            return _refused(400, "INVALID_PAYMENT_METHOD", "Payment method is not active")
        self._ledger.move(transaction, "expire")
        return Answer(200, bodies.payment_method(transaction))

    def list_refunds(self, transaction: Transaction) -> Answer:
        data = [bodies.refund(transaction, entry) for entry in transaction.refunds]
        return Answer(200, {"data": data, "has_more": False})

    def refund(self, transaction: Transaction, request: Mapping[str, Any], key: str) -> Answer:
        for entry in transaction.refunds:
            if entry.refund_key == key:
                if entry.amount_idr != request["amount"]:
                    return _refused(409, "IDEMPOTENCY_ERROR", "The key was used otherwise")
                return Answer(200, bodies.refund(transaction, entry))
        amount_idr = request["amount"]
        if amount_idr < 1:
            return _refused(400, "API_VALIDATION_ERROR", "amount is too small")
        if denied := self._faults.take(FaultKind.REFUND_DENIED, transaction.order_id):
            return self._deny(transaction, request, key, denied.status_code)
        if transaction.state not in ("settlement", "partial_refund"):
            return _refused(403, "INELIGIBLE_TRANSACTION", "The transaction is not in its state")
        if transaction.payment_type != "qris":
            return _refused(400, "REFUND_NOT_SUPPORTED", "The method cannot be refunded")
        if not self._is_in_time(transaction):
            return self._deny(transaction, request, key, 0)
        if amount_idr > transaction.amount_idr - transaction.refunded_idr:
            return _refused(400, "MAXIMUM_REFUND_AMOUNT_REACHED", "More than is left")
        return self._execute(transaction, request, key)

    def _deny(
        self, transaction: Transaction, request: Mapping[str, Any], key: str, http_status: int
    ) -> Answer:
        """By the bank, or with a code that has more than one meaning."""
        if http_status:
            return _refused(400, "INSUFFICIENT_BALANCE", "The merchant's balance is too low")
        entry = _entry(self._ledger, request, key)
        body = bodies.refund(transaction, entry)
        return Answer(200, {**body, "status": "FAILED", "failure_code": "REFUND_FAILED"})

    def _is_in_time(self, transaction: Transaction) -> bool:
        came_at = transaction.settled_at or transaction.created_at
        return self._ledger.now() <= came_at + REFUND_WINDOW

    def _execute(self, transaction: Transaction, request: Mapping[str, Any], key: str) -> Answer:
        entry = _entry(self._ledger, request, key)
        transaction.refunds.append(entry)
        whole = transaction.refunded_idr == transaction.amount_idr
        transaction.state = "refund" if whole else "partial_refund"
        if not self._faults.take(FaultKind.REFUND_UNCONFIRMED, transaction.order_id):
            next_check_at = self._ledger.now() + self._bank_confirms_after

            def confirm(_: Transaction) -> None:
                entry.bank_confirmed_at = next_check_at

            self._ledger.plan(next_check_at, transaction, confirm)
        return Answer(200, bodies.refund(transaction, entry))


def _entry(ledger: Ledger, request: Mapping[str, Any], key: str) -> RefundEntry:
    return RefundEntry(
        number=ledger.next_number(),
        uuid=str(uuid.uuid4()),
        refund_key=key,
        amount_idr=request["amount"],
        reason=request["reason"],
        created_at=ledger.now(),
    )


def _refused(http_status: int, error_code: str, message: str) -> Answer:
    return Answer(http_status, bodies.error(error_code, message))
