"""Within which time refunded money is with its buyer, by the way that it can go."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from meterai.domain.orders.payments import Method
from meterai.domain.refunds.refunds import Refund


@dataclass(frozen=True, slots=True)
class RefundPromises:
    """`to_source`: back the way it came, from the request on. `to_account`: paid out to a bank
    account, from when the buyer has named it."""

    to_source: timedelta
    to_account: timedelta

    def of(self, method: Method) -> timedelta:
        return self.to_account if needs_account(method) else self.to_source

    def promised_by(self, refund: Refund) -> datetime | None:
        """Also of one that is done, whose timer is gone. None where it is not known any more: when
        an account was named is forgotten with the account."""
        if refund.timer is not None:
            return refund.timer.deadline_at
        return None if refund.claim is not None else refund.created_at + self.to_source

    def was_kept(self, refund: Refund) -> bool | None:
        """Whether the money was back in time. None while it is not, and where nobody knows."""
        promised_by = self.promised_by(refund)
        if refund.confirmed_at is None or promised_by is None:
            return None
        return refund.confirmed_at <= promised_by


def needs_account(method: Method) -> bool:
    """No gateway gives back what came by a bank transfer: it does not know the payer's account."""
    return method is Method.VIRTUAL_ACCOUNT
