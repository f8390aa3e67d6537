"""How many accounts may be named for one refund: enough to mistype, too few to guess by."""

from datetime import timedelta

import pytest

from meterai.domain.clocks import NEXT_ACCOUNT_LOOK, REFUND_PROMISE
from meterai.domain.errors import AccountUnknown, HolderDiffers, TooManyClaimTries, Unavailable
from meterai.domain.payments import Method
from meterai.domain.payouts import BankAccount
from meterai.domain.refunds import MOST_CLAIM_TRIES, Refund, RefundState
from tests.unit.steps.office import Office
from tests.unit.steps.postman import Postman

ANDI = BankAccount("bca", "1234567890", "Andi Wijaya")
NOBODYS = BankAccount("bca", "0000000000", "Budi Santoso")


@pytest.fixture
def waiting(office: Office, postman: Postman) -> Refund:
    office.ports.payouts.holders["bca", NOBODYS.number] = None
    order = office.buy(method=Method.VIRTUAL_ACCOUNT)
    office.settle(order)
    postman.deliver()
    refund = office.refund(order.order_id)
    postman.deliver()
    return refund


def guess_until_refused(office: Office, refund: Refund) -> int:
    for guessed in range(MOST_CLAIM_TRIES + 1):
        try:
            office.claim(refund.refund_id, f"guess {guessed}", account=ANDI)
        except HolderDiffers:
            continue
        except TooManyClaimTries:
            return guessed
    return -1


def test_names_are_tried_so_often_and_no_more_even_the_right_one(
    office: Office, waiting: Refund
) -> None:
    assert guess_until_refused(office, waiting) == MOST_CLAIM_TRIES
    with pytest.raises(TooManyClaimTries) as refused:
        office.claim(waiting.refund_id)
    assert refused.value.values == {"refund_id": waiting.refund_id, "most": MOST_CLAIM_TRIES}


def test_a_number_the_bank_does_not_know_counts_too(office: Office, waiting: Refund) -> None:
    with pytest.raises(AccountUnknown):
        office.claim(waiting.refund_id, account=NOBODYS)
    assert office.world.refunds[waiting.refund_id].claim_tries == 1


def test_the_next_day_they_are_counted_anew_and_the_promise_is_the_same(
    office: Office, waiting: Refund
) -> None:
    guess_until_refused(office, waiting)
    promised = office.world.refunds[waiting.refund_id].clock
    office.world.pass_time(NEXT_ACCOUNT_LOOK)
    office.sweep()
    after = office.world.refunds[waiting.refund_id]
    assert promised is not None
    assert after.clock is not None
    assert (after.claim_tries, after.state) == (0, RefundState.NEEDS_ACCOUNT)
    assert after.clock.deadline_at == promised.deadline_at
    assert after.clock.due_at == office.world.now + NEXT_ACCOUNT_LOOK
    assert office.claim(waiting.refund_id).state is RefundState.SUBMITTED


def test_who_tries_many_at_once_is_told_of_one(office: Office, waiting: Refund) -> None:
    """A second try that read the same refund does not come to ask the bank."""
    asked = 0

    def another_counts(moment: str, call: str) -> None:
        nonlocal asked
        if (moment, call) == ("before", "Refunds.count_claim_try"):
            office.world.hook = lambda *_: None
            with pytest.raises(HolderDiffers):
                office.claim(waiting.refund_id, "at the same time", account=ANDI)
        asked += call == "Payouts.holder_of"

    office.world.hook = another_counts
    with pytest.raises(Unavailable) as refused:
        office.claim(waiting.refund_id, account=ANDI)
    assert refused.value.values == {"refund_id": waiting.refund_id}
    assert office.world.refunds[waiting.refund_id].claim_tries == 1
    assert asked == 0


def test_an_account_that_serves_ends_the_count(office: Office, waiting: Refund) -> None:
    with pytest.raises(HolderDiffers):
        office.claim(waiting.refund_id, account=ANDI)
    claimed = office.claim(waiting.refund_id, "the right one")
    assert claimed.claim_tries == 0
    assert claimed.clock is not None
    assert claimed.clock.deadline_at - office.world.now == REFUND_PROMISE
    assert claimed.clock.due_at - office.world.now == timedelta(minutes=5)
