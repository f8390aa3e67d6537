"""A buyer's actions at the gateway: paying, or not.

The faults that concern the money itself are applied here, at the moment of payment.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.midtrans.faults import Fault, FaultKind, FaultScript
from tests.midtrans.ledger import Ledger, Transaction, new_transaction_id


class Buyer:
    """All buyers. Each method returns False if the transaction can no longer be paid."""

    def __init__(self, ledger: Ledger, faults: FaultScript) -> None:
        self._ledger = ledger
        self._faults = faults

    def pay(self, transaction: Transaction) -> bool:
        with self._ledger.lock:
            self._ledger.tick()
            if transaction.state != "pending" or transaction.in_flight:
                return False
            if wrong := self._take(FaultKind.WRONG_AMOUNT, transaction):
                transaction.gross_amount = wrong.amount
            if late := self._take(FaultKind.LATE_SETTLEMENT, transaction):
                self._settle_late(transaction, late)
            else:
                self._settle(transaction)
            if self._take(FaultKind.DOUBLE_PAYMENT, transaction):
                self._pay_again(transaction)
            return True

    def reject(self, transaction: Transaction) -> bool:
        """The buyer's bank refuses."""
        with self._ledger.lock:
            if transaction.state != "pending" or transaction.in_flight:
                return False
            self._ledger.move(transaction, "deny")
            return True

    def let_expire(self, transaction: Transaction) -> bool:
        """As if the time were over."""
        with self._ledger.lock:
            if transaction.state != "pending" or transaction.in_flight:
                return False
            self._ledger.move(transaction, "expire")
            return True

    def _settle(self, transaction: Transaction, at: datetime | None = None) -> None:
        """`at` is the settlement's time; now, if not given."""
        transaction.in_flight = False
        transaction.settled_at = at or self._ledger.now()
        self._ledger.move(transaction, "settlement")
        if reversal := self._take(FaultKind.REVERSAL, transaction):
            next_check_at = self._ledger.now() + timedelta(seconds=reversal.seconds)
            self._ledger.plan(
                next_check_at, transaction, lambda each: self._reverse(each, reversal)
            )

    def _settle_late(self, transaction: Transaction, late: Fault) -> None:
        """The buyer paid in time; the money arrives after expiry, whatever was reported
        meanwhile."""
        transaction.in_flight = True
        next_check_at = transaction.expires_at + timedelta(seconds=late.seconds)
        self._ledger.plan(
            next_check_at, transaction, lambda each: self._settle(each, next_check_at)
        )

    def _pay_again(self, first: Transaction) -> None:
        """A second transaction of the same order: the order id now refers to this one."""
        second = replace(
            first,
            transaction_id=new_transaction_id(),
            state="settlement",
            settled_at=self._ledger.now() + timedelta(seconds=1),
            in_flight=False,
            refunds=[],
        )
        self._ledger.enter(second)

    def _reverse(self, transaction: Transaction, reversal: Fault) -> None:
        if transaction.state == "settlement":
            self._ledger.move(transaction, reversal.state)

    def _take(self, kind: FaultKind, transaction: Transaction) -> Fault | None:
        return self._faults.take(kind, transaction.order_id)
