"""The merchant's API: payment requests and their payments. Refunds: `refunds`.

Every response has an HTTP status and a body; errors are those of https://docs.xendit.co/apidocs.
"""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from secrets import randbelow
from typing import Any

from tests.midtrans.ledger import Ledger, Transaction
from tests.midtrans.qris import qris_text
from tests.xendit import bodies
from tests.xendit.answers import Answer, refused
from tests.xendit.bodies import Body
from tests.xendit.requests import Invalid, read_payment_request


class Api:
    def __init__(
        self, ledger: Ledger, pay: Callable[[Transaction], object], *, merchant_name: str
    ) -> None:
        self._ledger = ledger
        self._pay = pay
        self._merchant_name = merchant_name
        self._keys: dict[str, tuple[str, Body]] = {}

    def create(self, request: Mapping[str, Any], key: str, raw: bytes) -> Answer:
        """The same key and body get the same response as before."""
        said = hashlib.sha256(raw).hexdigest()
        if key in self._keys:
            before, answer = self._keys[key]
            if before != said:
                return refused(409, "IDEMPOTENCY_ERROR", "The key was used for another request")
            return Answer(201, answer)
        try:
            asked = read_payment_request(request, self._ledger.now())
        except Invalid as invalid:
            return refused(invalid.http_status, invalid.error_code, invalid.message)
        transaction = Transaction(
            transaction_id=str(uuid.uuid4()),
            order_id=asked.reference_id,
            payment_type="qris" if asked.is_qr else "bank_transfer",
            amount_idr=asked.amount_idr,
            gross_amount=f"{asked.amount_idr}.00",
            created_at=self._ledger.now(),
            expires_at=asked.expires_at,
        )
        if asked.is_qr:
            reference = transaction.transaction_id.replace("-", "")[:20].upper()
            transaction.qr_string = qris_text(self._merchant_name, asked.amount_idr, reference)
        else:
            transaction.va_number = f"38165{randbelow(10**11):011d}"
        self._ledger.enter(transaction)
        answer = bodies.payment_request(transaction)
        if key:
            self._keys[key] = (said, answer)
        return Answer(201, answer)

    def show(self, transaction: Transaction | None) -> Answer:
        if transaction is None:
            return refused(404, "DATA_NOT_FOUND", "Payment request not found")
        return Answer(200, bodies.payment_request(transaction))

    def simulate(self, transaction: Transaction) -> Answer:
        """Of test mode: the buyer pays, and a webhook says so. "Status of a simulation will always
        be PENDING": https://docs.xendit.co/apidocs/simulate-payment-test-mode. This address is that
        of xendit-python 7.0, for payment requests of the version before."""
        self._pay(transaction)
        message = (
            "A simulated payment for the specified payment request id is being processed. You will "
            "be informed of the result via a webhook."
        )
        return Answer(200, {"status": "PENDING", "message": message})

    def list_requests(self, reference_id: str) -> Answer:
        found = self._ledger.of_order(reference_id)
        data = [bodies.payment_request(each) for each in reversed(found)]
        return Answer(200, {"data": data, "has_more": False})

    def list_payments(self, transaction: Transaction) -> Answer:
        return Answer(200, bodies.payments(transaction))

    def expire(self, transaction: Transaction) -> Answer:
        if transaction.state != "pending":
            return refused(400, "INVALID_PAYMENT_METHOD", "Payment method is not active")
        self._ledger.move(transaction, "expire")
        return Answer(200, bodies.payment_method(transaction))
