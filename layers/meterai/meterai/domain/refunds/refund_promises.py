"""Within which time refunded money is with its buyer, by the way that it can go."""

from dataclasses import dataclass
from datetime import timedelta

from meterai.domain.orders.payments import Method


@dataclass(frozen=True, slots=True)
class RefundPromises:
    """`to_source`: back the way it came, from the request on. `to_account`: paid out to a bank
    account, from when the buyer has named it."""

    to_source: timedelta
    to_account: timedelta

    def of(self, method: Method) -> timedelta:
        return self.to_account if needs_account(method) else self.to_source


def needs_account(method: Method) -> bool:
    """No gateway gives back what came by a bank transfer: it does not know the payer's account."""
    return method is Method.VIRTUAL_ACCOUNT
