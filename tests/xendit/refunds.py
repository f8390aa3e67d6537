"""Refunds of payments, by either of Xendit's two addresses.

`/refunds` names the payment request (https://docs.xendit.co/apidocs/refund-payment-request),
`/v3/refunds` the payment, and needs a version header (/apidocs/create-a-refund). Neither knows the
other's refunds (/apidocs/get-a-refund). What is refused, with its code:
https://docs.xendit.co/qr-codes/integrations/test-scenarios/ and the official clients' enumerations.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.midtrans.faults import FaultKind, FaultScript
from tests.midtrans.ledger import Ledger, RefundEntry, Transaction
from tests.xendit import bodies
from tests.xendit.answers import Answer, refused
from tests.xendit.requests import Invalid, check_refund_request

REFUND_WINDOW = timedelta(days=30)  # "Refund validity: 30 days", docs.xendit.co/docs/qr
API_VERSION = "2024-11-11"  # of /v3/refunds


class Refunds:
    def __init__(
        self, ledger: Ledger, faults: FaultScript, *, bank_confirms_after: timedelta
    ) -> None:
        self._ledger = ledger
        self._faults = faults
        self._bank_confirms_after = bank_confirms_after
        self._made: dict[str, tuple[Transaction, RefundEntry]] = {}  # by v3, by its refund's id

    def list_of(self, transaction: Transaction) -> Answer:
        data = [bodies.refund(transaction, entry) for entry in transaction.refunds]
        return Answer(200, {"data": data, "has_more": False})

    def create(self, transaction: Transaction, request: Mapping[str, Any], key: str) -> Answer:
        """POST /refunds. The key is the request's `idempotency-key`."""
        outcome = self._refund(transaction, request, key)
        if isinstance(outcome, Answer):
            return outcome
        return Answer(200, bodies.refund(transaction, outcome))

    def create_v3(
        self, transaction: Transaction, request: Mapping[str, Any], version: str
    ) -> Answer:
        """POST /v3/refunds. The merchant's own `reference_id` is what is not repeated."""
        if version != API_VERSION:
            return refused(400, "API_VALIDATION_ERROR", "api-version is required")
        reference = str(request.get("reference_id", ""))
        outcome = self._refund(transaction, request, reference)
        if isinstance(outcome, Answer):
            return outcome
        self._made[f"rfd-{outcome.uuid}"] = transaction, outcome
        return Answer(200, bodies.refund_v3(transaction, outcome))

    def show_v3(self, refund_id: str, version: str) -> Answer:
        if version != API_VERSION:
            return refused(400, "API_VALIDATION_ERROR", "api-version is required")
        if refund_id not in self._made:
            return refused(404, "DATA_NOT_FOUND", "Refund not found")
        return Answer(200, bodies.refund_v3(*self._made[refund_id]))

    def _refund(
        self, transaction: Transaction, request: Mapping[str, Any], key: str
    ) -> RefundEntry | Answer:
        try:
            check_refund_request(request)
        except Invalid as invalid:
            return refused(invalid.http_status, invalid.error_code, invalid.message)
        left_idr = transaction.amount_idr - transaction.refunded_idr
        amount_idr = int(request.get("amount", left_idr))
        for entry in transaction.refunds:
            if key and entry.refund_key == key:
                if entry.amount_idr != amount_idr and "amount" in request:
                    return refused(409, "IDEMPOTENCY_ERROR", "The key was used otherwise")
                return entry
        why_not = self._why_not(transaction, amount_idr, left_idr)
        return why_not or self._execute(transaction, amount_idr, str(request["reason"]), key)

    def _why_not(self, transaction: Transaction, amount_idr: int, left_idr: int) -> Answer | None:
        order_id = transaction.order_id
        denied = self._faults.take_if(
            FaultKind.REFUND_DENIED, order_id, lambda fault: fault.status_code != 0
        )
        if denied:  # with a code that has more than one meaning
            return refused(400, "INSUFFICIENT_BALANCE", "The merchant's balance is too low")
        if transaction.state not in ("settlement", "partial_refund", "refund"):
            message = "The transaction is FAILED, PENDING or VOIDED"
            return refused(403, "INELIGIBLE_TRANSACTION", message)
        if transaction.payment_type != "qris":
            return refused(400, "REFUND_NOT_SUPPORTED", "The method cannot be refunded")
        if any(entry.is_pending for entry in transaction.refunds):
            message = "Please wait for the pending refund request to be completed"
            return refused(400, "REFUND_IN_PROGRESS", message)
        if amount_idr > left_idr or amount_idr < 1:
            return refused(400, "MAXIMUM_REFUND_AMOUNT_REACHED", "More than is left")
        whole = amount_idr == transaction.amount_idr
        if not whole and self._faults.has(FaultKind.WHOLE_REFUNDS_ONLY, order_id):
            message = "Partial refund is not supported for this issuer"
            return refused(400, "PARTIAL_REFUND_NOT_SUPPORTED", message)
        return None

    def _execute(
        self, transaction: Transaction, amount_idr: int, reason: str, key: str
    ) -> RefundEntry:
        """PENDING at first. Whether the issuer takes it, a webhook says, and the refund's state."""
        entry = RefundEntry(
            number=self._ledger.next_number(),
            uuid=str(uuid.uuid4()),
            refund_key=key,
            amount_idr=amount_idr,
            reason=reason,
            created_at=self._ledger.now(),
        )
        transaction.refunds.append(entry)
        if self._faults.take(FaultKind.REFUND_DENIED, transaction.order_id):
            entry.failure_code = "REFUND_FAILED"
        elif not self._is_in_time(transaction):
            entry.failure_code = "INELIGIBLE_TRANSACTION"
        else:
            whole = transaction.refunded_idr == transaction.amount_idr
            transaction.state = "refund" if whole else "partial_refund"
        if not self._faults.take(FaultKind.REFUND_UNCONFIRMED, transaction.order_id):
            ends_at = self._ledger.now() + self._bank_confirms_after

            def confirm(_: Transaction) -> None:
                entry.bank_confirmed_at = ends_at

            self._ledger.plan(ends_at, transaction, confirm)
        return entry

    def _is_in_time(self, transaction: Transaction) -> bool:
        came_at = transaction.settled_at or transaction.created_at
        return self._ledger.now() <= came_at + REFUND_WINDOW
