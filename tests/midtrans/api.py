"""The merchant's API: charge, status, cancel, expire, refund.

Every response is a body with its own `status_code`. The state rules and codes are those of
https://docs.midtrans.com/reference/code-4xx, /reference/cancel-transaction and
/reference/expire-transaction (412: what is not pending cannot be changed),
/reference/refund-transaction and /reference/direct-refund-transaction.
"""

import re
import uuid
from collections.abc import Mapping
from datetime import time, timedelta
from decimal import Decimal
from math import ceil
from secrets import randbelow

from tests.midtrans import bodies
from tests.midtrans.bodies import Body
from tests.midtrans.charge_request import Invalid, read_charge_request
from tests.midtrans.faults import FaultKind, FaultScript
from tests.midtrans.ledger import Ledger, RefundEntry, Transaction, new_transaction_id
from tests.midtrans.qris import qris_text

REFUND_WINDOW = timedelta(days=45)  # QRIS on-us at acquirer GoPay
OFF_US_REFUND_WINDOW = timedelta(days=7)  # its payer has another issuer
ORDINARY_REFUND_TAKES = timedelta(days=2)  # "which may take one to two days"
MAX_REASON = 255  # characters
REFUND_KEY_LIFE = timedelta(days=7)  # after it the same key makes a new refund

NIGHT_BEGINS, NIGHT_ENDS = time(23, 55), time(6)  # of ShopeePay, WIB

_REFUNDABLE_TYPES = frozenset({"qris"})
_REFUND_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Api:
    def __init__(
        self,
        ledger: Ledger,
        faults: FaultScript,
        *,
        server_key: str,
        merchant_id: str,
        merchant_name: str,
        base_url: str,
        bank_confirms_after: timedelta,
        fee_percent: Decimal,
    ) -> None:
        self._ledger = ledger
        self._faults = faults
        self._server_key = server_key
        self._merchant_id = merchant_id
        self._merchant_name = merchant_name
        self._base_url = base_url
        self._bank_confirms_after = bank_confirms_after
        self._fee_percent = fee_percent

    def charge(self, body: Mapping[str, object]) -> Body:
        try:
            request = read_charge_request(body, self._ledger.now())
        except Invalid as invalid:
            message = "One or more parameters in the payload is invalid."
            return bodies.error(invalid.status_code, message, *invalid.messages)
        if self._ledger.order_is_taken(request.order_id):
            return bodies.error(
                406, "order_id has been paid and utilized, please use another order ID"
            )
        fee_idr = self._fee_on(request.amount_idr)
        transaction = Transaction(
            transaction_id=new_transaction_id(),
            order_id=request.order_id,
            payment_type=request.payment_type,
            amount_idr=request.amount_idr,
            gross_amount=f"{request.amount_idr + fee_idr}.00",
            fee_idr=fee_idr,
            created_at=self._ledger.now(),
            expires_at=request.expires_at,
        )
        if request.payment_type == "qris":
            reference = transaction.transaction_id.replace("-", "")[:20].upper()
            gross_idr = request.amount_idr + fee_idr
            transaction.qr_string = qris_text(self._merchant_name, gross_idr, reference)
        else:
            transaction.va_number = f"18018{randbelow(10**11):011d}"
        self._ledger.enter(transaction)
        return bodies.charge_answer(transaction, self._merchant_id, self._base_url)

    def _fee_on(self, amount_idr: int) -> int:
        """So that the amount is left when the fee is taken from the whole: of Rp100,000 at 0.7 %
        Rp705 (https://docs.midtrans.com/docs/snap-advanced-feature, Automatic Fee Imposition)."""
        return ceil(amount_idr / (1 - self._fee_percent / 100)) - amount_idr

    def status(self, transaction: Transaction) -> Body:
        return bodies.status_answer(transaction, self._merchant_id, self._server_key)

    def cancel(self, transaction: Transaction) -> Body:
        if transaction.state != "pending":
            return _cannot_modify()
        self._ledger.move(transaction, "cancel")
        return bodies.action_answer(
            transaction, self._merchant_id, "200", "Success, transaction is canceled"
        )

    def expire(self, transaction: Transaction) -> Body:
        if transaction.state != "pending":
            return _cannot_modify()
        self._ledger.move(transaction, "expire")
        return bodies.action_answer(
            transaction, self._merchant_id, "407", "Success, transaction has expired"
        )

    def refund(self, transaction: Transaction, body: Mapping[str, object]) -> Body:
        return self._refund(transaction, body, ORDINARY_REFUND_TAKES)

    def refund_directly(self, transaction: Transaction, body: Mapping[str, object]) -> Body:
        if self._faults.has(FaultKind.NO_DIRECT_REFUND, transaction.order_id):
            return _cannot_modify()
        return self._refund(transaction, body, self._bank_confirms_after)

    def _refund(
        self, transaction: Transaction, body: Mapping[str, object], takes: timedelta
    ) -> Body:
        left_idr = transaction.gross_idr - transaction.refunded_idr
        key, amount = body.get("refund_key", str(uuid.uuid4())), body.get("amount", left_idr)
        reason = body.get("reason", "")
        if not isinstance(key, str) or _REFUND_KEY.fullmatch(key) is None:
            return bodies.error(400, "refund_key has characters that are not allowed")
        if not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
            return bodies.error(400, "amount is not a whole number above 0")
        if not isinstance(reason, str) or len(reason) > MAX_REASON:
            return bodies.error(400, "reason is too long")
        if (done := self._same_refund(transaction, key)) is not None:
            if done.amount_idr != amount:
                return bodies.error(406, "Duplicate refund ID")
            return bodies.refund_answer(transaction, done, self._merchant_id)
        if denied := self._faults.take(FaultKind.REFUND_DENIED, transaction.order_id):
            return bodies.error(denied.status_code or 202, "Refund denied by the bank")
        if self._faults.has(FaultKind.NIGHT_WINDOW, transaction.order_id) and self._is_night():
            return bodies.error(202, "Refund denied by the bank")
        if not self._is_refundable(transaction):
            return _cannot_modify()
        if amount > left_idr:
            return bodies.error(414, "Refund amount is invalid")
        refund = self._execute_refund(transaction, key, amount, reason, takes)
        return bodies.refund_answer(transaction, refund, self._merchant_id)

    def _same_refund(self, transaction: Transaction, key: str) -> RefundEntry | None:
        oldest = self._ledger.now() - REFUND_KEY_LIFE
        for refund in transaction.refunds:
            if refund.refund_key == key and refund.created_at > oldest:
                return refund
        return None

    def _is_refundable(self, transaction: Transaction) -> bool:
        off_us = self._faults.has(FaultKind.OFF_US, transaction.order_id)
        window = OFF_US_REFUND_WINDOW if off_us else REFUND_WINDOW
        return (
            transaction.payment_type in _REFUNDABLE_TYPES
            and transaction.state in ("settlement", "partial_refund")
            and transaction.settled_at is not None
            and self._ledger.now() <= transaction.settled_at + window
        )

    def _is_night(self) -> bool:
        clock = self._ledger.now().astimezone(bodies.WIB).time()
        return clock >= NIGHT_BEGINS or clock < NIGHT_ENDS

    def _execute_refund(
        self, transaction: Transaction, key: str, amount_idr: int, reason: str, takes: timedelta
    ) -> RefundEntry:
        now = self._ledger.now()
        number = 183_700 + self._ledger.next_number()
        refund = RefundEntry(number, str(uuid.uuid4()), key, amount_idr, reason, created_at=now)
        transaction.refunds.append(refund)
        whole = transaction.refunded_idr == transaction.gross_idr
        self._ledger.move(transaction, "refund" if whole else "partial_refund")
        if not self._faults.take(FaultKind.REFUND_UNCONFIRMED, transaction.order_id):
            next_check_at = now + takes

            def confirm(of: Transaction) -> None:
                refund.bank_confirmed_at = next_check_at
                self._ledger.announce(of)

            self._ledger.plan(next_check_at, transaction, confirm)
        return refund


def _cannot_modify() -> Body:
    return bodies.error(412, "Transaction status cannot be updated.")
