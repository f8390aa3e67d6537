"""A refund: which money goes back, why, and how far it got."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meterai.domain.clocks import Clock
from meterai.domain.identity import OrderId, RefundId


class RefundState(StrEnum):
    DUE = "due"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    NEEDS_ACCOUNT = "needs_account"


TRANSITIONS: Mapping[RefundState, frozenset[RefundState]] = {
    RefundState.DUE: frozenset({RefundState.SUBMITTED}),
    RefundState.SUBMITTED: frozenset({RefundState.CONFIRMED, RefundState.NEEDS_ACCOUNT}),
    RefundState.CONFIRMED: frozenset(),
    RefundState.NEEDS_ACCOUNT: frozenset(),
}


_GATEWAY_KEY = re.compile(r"(rfd_[A-Z2-7]{26})-1")


class RefundReason(StrEnum):
    """Why money goes back; all but `requested` start by themselves."""

    REQUESTED = "requested"
    NOT_EXECUTED = "not_executed"
    LATE_PAYMENT = "late_payment"
    DUPLICATE_PAYMENT = "duplicate_payment"
    AMOUNT_MISMATCH = "amount_mismatch"


@dataclass(frozen=True, slots=True)
class Refund:
    refund_id: RefundId
    account: str
    order_id: OrderId
    payment_id: str
    charge_id: str
    amount_idr: int
    slots: tuple[int, ...]  # empty: the whole payment, which bought nothing
    reason: RefundReason
    state: RefundState
    body_hash: str
    created_at: datetime
    clock: Clock | None
    confirmed_at: datetime | None = None

    @property
    def gateway_key(self) -> str:
        """What the gateway tells a repeated refund by: one key for the one attempt there is.

        A refund the gateway turned down goes on to `needs_account` and is never asked again.
        """
        return f"{self.refund_id}-1"


def refund_of_gateway_key(key: str) -> RefundId | None:
    """The refund of ours that bears this key; None for one that was made without us."""
    ours = _GATEWAY_KEY.fullmatch(key)
    return RefundId(ours[1]) if ours else None
