"""Each change of a refund as a whole: what it sets, what it keeps, and when it is next checked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.refunds.refund_transitions import (
    check_transition,
    claimed,
    due_again,
    failed,
    forgotten,
    needing_account,
    paid_out,
    submitted,
    superseded,
)
from meterai.domain.refunds.refunds import Claim, Refund, RefundState
from meterai.domain.timers import NEXT_ACCOUNT_CHECK, NEXT_REFUND_CHECK, RESEND_AFTER, Timer
from tests.fakes.ports import REFUND_PROMISE
from tests.unit.domain.facts import NOW, PRICE_IDR, refund

LATER = NOW + timedelta(hours=5)
PROMISED = NOW + timedelta(days=3)
CLAIM = Claim("claim", "mark", "ciphertext")
DUE = replace(
    refund("rfd_A", (2,), RefundState.DUE, PRICE_IDR), timer=Timer(NOW, PROMISED), attempt=4
)
SUBMITTED = replace(DUE, state=RefundState.SUBMITTED, submitted_at=NOW)
PAID_OUT = replace(SUBMITTED, claim=CLAIM, payout_reference="payout-1")
FORGOTTEN = replace(CLAIM, account_ciphertext=None)
NEXT = Timer(LATER + NEXT_REFUND_CHECK, PROMISED)


def test_a_change_of_state_that_no_table_lists_is_an_error_that_names_both() -> None:
    with pytest.raises(ValueError, match=r"^confirmed does not become due$"):
        check_transition(replace(DUE, state=RefundState.CONFIRMED), DUE)


def test_a_submitted_refund_has_the_time_just_before_it_is_first_sent() -> None:
    assert submitted(DUE, LATER) == replace(
        DUE, state=RefundState.SUBMITTED, submitted_at=LATER, timer=NEXT
    )


def test_a_failed_attempt_is_checked_again() -> None:
    assert failed(SUBMITTED, LATER) == replace(SUBMITTED, state=RefundState.FAILED, timer=NEXT)


def test_a_new_attempt_was_not_submitted_yet() -> None:
    before = replace(SUBMITTED, state=RefundState.FAILED)
    assert due_again(before, LATER) == replace(
        before, state=RefundState.DUE, attempt=5, submitted_at=None, timer=NEXT
    )


def test_an_account_that_was_refused_is_deleted_and_another_requested() -> None:
    assert needing_account(PAID_OUT, LATER, REFUND_PROMISE) == replace(
        PAID_OUT,
        state=RefundState.NEEDS_ACCOUNT,
        claim=FORGOTTEN,
        payout_reference=None,
        timer=Timer(LATER + NEXT_ACCOUNT_CHECK, PROMISED),
    )


def test_a_claim_is_a_new_attempt_with_its_own_promise() -> None:
    before = replace(SUBMITTED, state=RefundState.NEEDS_ACCOUNT)
    assert claimed(before, CLAIM, LATER, REFUND_PROMISE) == replace(
        before,
        state=RefundState.SUBMITTED,
        attempt=5,
        claim=CLAIM,
        submitted_at=None,
        timer=Timer(LATER + RESEND_AFTER, LATER + REFUND_PROMISE),
    )


def test_a_payout_is_marked_before_it_is_requested_and_named_after() -> None:
    before = replace(SUBMITTED, claim=CLAIM, submitted_at=None)
    asked = submitted(before, LATER)
    assert asked == replace(before, submitted_at=LATER, timer=NEXT)
    then = LATER + timedelta(minutes=2)
    assert paid_out(asked, "payout-1", then) == replace(
        asked, payout_reference="payout-1", timer=Timer(then + NEXT_REFUND_CHECK, PROMISED)
    )


@pytest.mark.parametrize(
    ("before", "claim"), [(SUBMITTED, None), (PAID_OUT, FORGOTTEN)], ids=["refund", "payout"]
)
def test_a_refund_that_is_over_has_no_timer_and_keeps_no_account(
    before: Refund, claim: Claim
) -> None:
    assert superseded(before) == replace(
        before, state=RefundState.SUPERSEDED, claim=claim, timer=None
    )
    confirmed = replace(before, state=RefundState.CONFIRMED)
    assert forgotten(confirmed) == replace(confirmed, claim=claim, timer=None)
