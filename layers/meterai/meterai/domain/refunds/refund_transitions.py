"""What may become of a refund, one change at a time: each answers the refund as it is then."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from meterai.domain.refunds.refunds import TRANSITIONS, Claim, Refund, RefundState
from meterai.domain.timers import (
    NEXT_ACCOUNT_CHECK,
    NEXT_PAYOUT_CHECK,
    NEXT_REFUND_CHECK,
    RESEND_AFTER,
    Timer,
)

ACCOUNT_KEPT = timedelta(days=30)  # after the payout is confirmed: until then a bank may return it


def next_payout_check(now: datetime, confirmed_at: datetime) -> datetime:
    """After as long again as it has been confirmed: a bank that sends money back does so early.
    Last of all when the account is to be deleted."""
    then = now + max(NEXT_PAYOUT_CHECK, now - confirmed_at)
    return min(then, confirmed_at + ACCOUNT_KEPT)


def check_transition(refund: Refund, then: Refund) -> None:
    """Raises ValueError where `TRANSITIONS` does not permit the change of state."""
    if then.state is not refund.state and then.state not in TRANSITIONS[refund.state]:
        raise ValueError(f"{refund.state} does not become {then.state}")


def submitted(refund: Refund, now: datetime) -> Refund:
    """About to be sent to the gateway; with a claim, a payout is about to be requested."""
    return replace(
        refund,
        state=RefundState.SUBMITTED,
        submitted_at=now,
        timer=_timer(refund, now, NEXT_REFUND_CHECK),
    )


def confirmed(refund: Refund, now: datetime) -> Refund:
    """Done. A payout is still checked, for as long as its account is kept."""
    timer = None if refund.claim is None else _timer(refund, now, NEXT_PAYOUT_CHECK)
    return replace(refund, state=RefundState.CONFIRMED, confirmed_at=now, timer=timer)


def failed(refund: Refund, now: datetime) -> Refund:
    """The gateway's status shows that the attempt was not executed, and never will be."""
    return replace(refund, state=RefundState.FAILED, timer=_timer(refund, now, NEXT_REFUND_CHECK))


def due_again(refund: Refund, now: datetime) -> Refund:
    """A new attempt, under a new key."""
    return replace(
        refund,
        state=RefundState.DUE,
        attempt=refund.attempt + 1,
        submitted_at=None,
        timer=_timer(refund, now, NEXT_REFUND_CHECK),
    )


def needing_account(refund: Refund, now: datetime, promise: timedelta) -> Refund:
    """The buyer must name an account; one that was refused is deleted. A confirmed payout that
    bounced gets a new promise at once, because the old one was kept."""
    bounced = refund.state is RefundState.CONFIRMED
    return replace(
        refund,
        state=RefundState.NEEDS_ACCOUNT,
        claim=None if refund.claim is None else replace(refund.claim, account_ciphertext=None),
        payout_reference=None,
        confirmed_at=None,
        timer=Timer(now + NEXT_ACCOUNT_CHECK, now + promise)
        if bounced
        else _timer(refund, now, NEXT_ACCOUNT_CHECK),
    )


def claim_tried(refund: Refund) -> Refund:
    """One more account was named for it."""
    return replace(refund, claim_tries=refund.claim_tries + 1)


def tries_counted_anew(refund: Refund, now: datetime) -> Refund:
    """A day later: a buyer who mistyped may name an account again; guessing does not get far."""
    return replace(refund, claim_tries=0, timer=_timer(refund, now, NEXT_ACCOUNT_CHECK))


def more_tries_in_s(refund: Refund, now: datetime) -> int:
    """When the tries will be counted anew: a sweep begins each minute."""
    left = refund.timer.next_check_at - now if refund.timer is not None else NEXT_ACCOUNT_CHECK
    return max(0, ceil(left.total_seconds())) + 60


def claimed(refund: Refund, claim: Claim, now: datetime, promise: timedelta) -> Refund:
    """The buyer gave an account: a new attempt, and a new promise. Links given before are used."""
    return replace(
        refund,
        state=RefundState.SUBMITTED,
        attempt=refund.attempt + 1,
        claim=claim,
        submitted_at=None,
        claim_tries=0,
        timer=Timer(now + RESEND_AFTER, now + promise),
    )


def paid_out(refund: Refund, reference: str, now: datetime) -> Refund:
    """The gateway took the payout on, under a reference of its own."""
    return replace(refund, payout_reference=reference, timer=_timer(refund, now, NEXT_REFUND_CHECK))


def superseded(refund: Refund) -> Refund:
    """The money is back by the bank's own hand."""
    claim = None if refund.claim is None else replace(refund.claim, account_ciphertext=None)
    return replace(refund, state=RefundState.SUPERSEDED, claim=claim, timer=None)


def forgotten(refund: Refund) -> Refund:
    """The account is deleted, and with it the last reason to look again."""
    claim = None if refund.claim is None else replace(refund.claim, account_ciphertext=None)
    return replace(refund, claim=claim, timer=None)


def _timer(refund: Refund, now: datetime, span: timedelta) -> Timer:
    promise = now if refund.timer is None else refund.timer.deadline_at
    return Timer(now + span, promise)
