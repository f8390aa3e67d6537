"""A refund: which money is returned, why, and its state."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.payments import gateway_of, transaction_of
from meterai.domain.timers import Timer


class RefundState(StrEnum):
    DUE = "due"
    SUBMITTED = "submitted"  # sent to the gateway, or about to be
    FAILED = "failed"  # the gateway's status shows that the last attempt came to nothing
    NEEDS_ACCOUNT = "needs_account"  # the way the money came cannot take it back
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"  # the bank took the money back before we could give it


TRANSITIONS: Mapping[RefundState, frozenset[RefundState]] = {
    RefundState.DUE: frozenset({RefundState.SUBMITTED, RefundState.SUPERSEDED}),
    RefundState.SUBMITTED: frozenset(
        {
            RefundState.CONFIRMED,
            RefundState.FAILED,
            RefundState.NEEDS_ACCOUNT,
            RefundState.SUPERSEDED,
        }
    ),
    RefundState.FAILED: frozenset({RefundState.DUE}),
    RefundState.NEEDS_ACCOUNT: frozenset({RefundState.SUBMITTED, RefundState.SUPERSEDED}),
    RefundState.CONFIRMED: frozenset({RefundState.NEEDS_ACCOUNT}),
    RefundState.SUPERSEDED: frozenset(),
}

# They go on by themselves; the others wait for a person, or are done.
MOVING = frozenset({RefundState.DUE, RefundState.SUBMITTED, RefundState.FAILED})


MAX_CLAIM_TRIES = 10  # accounts that may be named for one refund in a day

_GATEWAY_KEY = re.compile(r"(rfd_[A-Z2-7]{26})-[1-9][0-9]{0,2}")


class RefundReason(StrEnum):
    """Why a refund is made; all except `requested` start automatically."""

    REQUESTED = "requested"
    NOT_EXECUTED = "not_executed"
    LATE_PAYMENT = "late_payment"
    DUPLICATE_PAYMENT = "duplicate_payment"
    AMOUNT_MISMATCH = "amount_mismatch"


@dataclass(frozen=True, slots=True)
class Claim:
    """A buyer's word on where the money goes. Only two functions can open `account_ciphertext`."""

    claim_id: str  # of the intention, so that a retry is known
    body_mark: str  # keyed, since a hash of an account number could be guessed back
    account_ciphertext: str | None = field(repr=False)  # None: deleted, its time was over


@dataclass(frozen=True, slots=True)
class Refund:
    """`attempt` counts the tries to give the money back, by refund or by payout: with the id it is
    what the gateway tells a repeated try by, and no change is written over a later attempt."""

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
    timer: Timer | None
    confirmed_at: datetime | None = None
    attempt: int = 1
    submitted_at: datetime | None = None  # recorded just before this attempt is first sent
    claim: Claim | None = None  # then this attempt is a payout
    payout_reference: str | None = None
    claim_tries: int = 0  # accounts named since they were last counted anew
    notify: bool = False  # as its order

    @property
    def gateway_key(self) -> str:
        return f"{self.refund_id}-{self.attempt}"

    @property
    def gateway(self) -> str:
        """Which gateway took the money, and gives it back, by a refund or by a payout."""
        return gateway_of(self.payment_id)

    @property
    def transaction_id(self) -> str:
        """Which of a charge's payments it gives back, by the gateway's own name of it."""
        return transaction_of(self.payment_id)

    def is_overdue(self, now: datetime) -> bool:
        """Its promise is broken: it is still under way, and the promised time is over."""
        return self.state in MOVING and self.timer is not None and now > self.timer.deadline_at


def refund_of_gateway_key(key: str) -> RefundId | None:
    """The refund of ours that bears this key; None for one that was made without us."""
    ours = _GATEWAY_KEY.fullmatch(key)
    return RefundId(ours[1]) if ours else None
