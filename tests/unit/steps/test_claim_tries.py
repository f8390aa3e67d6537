"""How many accounts may be named for one refund: enough for mistakes, too few to guess."""

from datetime import timedelta

import pytest

from meterai.domain.errors import (
    AccountNameMismatch,
    AccountUnknown,
    TooManyClaimAttempts,
    Unavailable,
)
from meterai.domain.orders.payments import Method
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refunds import MAX_CLAIM_TRIES, Refund, RefundState
from meterai.domain.timers import NEXT_ACCOUNT_CHECK
from tests.fakes.ports import PAYOUT_PROMISE
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.message_pump import MessagePump

ANDI = BankAccount("bca", "1234567890", "Andi Wijaya")
NOBODYS = BankAccount("bca", "0000000000", "Budi Santoso")


@pytest.fixture
def waiting(app: InMemoryApp, pump: MessagePump) -> Refund:
    app.ports.bank.holders["bca", NOBODYS.number] = None
    order = app.buy(method=Method.VIRTUAL_ACCOUNT)
    app.settle(order)
    pump.deliver()
    refund = app.refund(order.order_id)
    pump.deliver()
    return refund


def guess_until_refused(app: InMemoryApp, refund: Refund) -> int:
    for guessed in range(MAX_CLAIM_TRIES + 1):
        try:
            app.claim(refund.refund_id, f"guess {guessed}", account=ANDI)
        except AccountNameMismatch:
            continue
        except TooManyClaimAttempts:
            return guessed
    return -1


def test_names_are_tried_a_limited_number_of_times_even_the_right_one(
    app: InMemoryApp, waiting: Refund
) -> None:
    assert guess_until_refused(app, waiting) == MAX_CLAIM_TRIES
    with pytest.raises(TooManyClaimAttempts) as refused:
        app.claim(waiting.refund_id)
    timer = app.state.refunds[waiting.refund_id].timer
    assert timer is not None
    left = timer.next_check_at - app.state.now + timedelta(minutes=1)  # until the sweep
    assert refused.value.values == {
        "refund_id": waiting.refund_id,
        "max_attempts": MAX_CLAIM_TRIES,
        "retry_after_s": left.total_seconds(),
    }


def test_an_account_number_unknown_to_the_bank_counts_too(
    app: InMemoryApp, waiting: Refund
) -> None:
    with pytest.raises(AccountUnknown):
        app.claim(waiting.refund_id, account=NOBODYS)
    assert app.state.refunds[waiting.refund_id].claim_tries == 1


def test_the_next_day_claim_tries_start_at_zero_and_the_promise_is_the_same(
    app: InMemoryApp, waiting: Refund
) -> None:
    guess_until_refused(app, waiting)
    promised = app.state.refunds[waiting.refund_id].timer
    app.state.pass_time(NEXT_ACCOUNT_CHECK)
    app.sweep()
    after = app.state.refunds[waiting.refund_id]
    assert promised is not None
    assert after.timer is not None
    assert (after.claim_tries, after.state) == (0, RefundState.NEEDS_ACCOUNT)
    assert after.timer.deadline_at == promised.deadline_at
    assert after.timer.next_check_at == app.state.now + NEXT_ACCOUNT_CHECK
    assert app.claim(waiting.refund_id).state is RefundState.SUBMITTED


def test_of_many_concurrent_claim_tries_one_is_answered(app: InMemoryApp, waiting: Refund) -> None:
    """A second try that read the same refund must not reach the bank."""
    lookups = 0

    def another_counts(moment: str, call: str) -> None:
        nonlocal lookups
        if (moment, call) == ("before", "Refunds.count_claim_try"):
            app.state.hook = lambda *_: None
            with pytest.raises(AccountNameMismatch):
                app.claim(waiting.refund_id, "at the same time", account=ANDI)
        lookups += call == "Payouts.holder_of"

    app.state.hook = another_counts
    with pytest.raises(Unavailable) as refused:
        app.claim(waiting.refund_id, account=ANDI)
    assert refused.value.values == {"refund_id": waiting.refund_id}
    assert app.state.refunds[waiting.refund_id].claim_tries == 1
    assert lookups == 0


def test_an_accepted_account_ends_the_count(app: InMemoryApp, waiting: Refund) -> None:
    with pytest.raises(AccountNameMismatch):
        app.claim(waiting.refund_id, account=ANDI)
    claimed = app.claim(waiting.refund_id, "the right one")
    assert claimed.claim_tries == 0
    assert claimed.timer is not None
    assert claimed.timer.deadline_at - app.state.now == PAYOUT_PROMISE
    assert claimed.timer.next_check_at - app.state.now == timedelta(minutes=5)
