"""Refunds that go back another way: a claim, a payout, what bounces, and what is forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.clocks import NEXT_ACCOUNT_LOOK, REFUND_PROMISE, RESEND_AFTER, Clock
from meterai.domain.errors import ClaimLinkUsed, HolderDiffers, NoAccountNeeded, NotFound
from meterai.domain.payments import ChargeState, Method
from meterai.domain.payouts import BankAccount
from meterai.domain.refund_changes import ACCOUNT_KEPT
from meterai.domain.refunds import Refund, RefundState
from meterai.messages import ExecuteRefund
from tests.unit.steps.office import BUDIS, PRICE_IDR, Office
from tests.unit.steps.postman import Postman


@pytest.fixture
def waiting(office: Office, postman: Postman) -> Refund:
    """One that came by virtual account, and cannot go back that way."""
    order = office.buy(method=Method.VIRTUAL_ACCOUNT)
    office.settle(order)
    postman.deliver()
    refund = office.refund(order.order_id)
    postman.deliver()
    return now(office, refund)


def now(office: Office, refund: Refund) -> Refund:
    return office.world.refunds[refund.refund_id]


def test_a_claim_is_a_new_attempt_with_a_new_promise(office: Office, waiting: Refund) -> None:
    office.world.pass_time(timedelta(days=3))
    claimed = office.claim(waiting.refund_id)
    at = office.world.now
    assert claimed.state is RefundState.SUBMITTED
    assert claimed.attempt == waiting.attempt + 1
    assert claimed.clock == Clock(at + RESEND_AFTER, at + REFUND_PROMISE)
    [letter] = office.world.refunds_lane
    assert letter.message == ExecuteRefund(refund_id=waiting.refund_id)


def test_a_claim_is_paid_out_once_and_its_account_deleted_after_thirty_days(
    office: Office, postman: Postman, waiting: Refund
) -> None:
    office.claim(waiting.refund_id)
    postman.deliver()
    [payout] = office.world.payouts.values()
    assert (payout.account, payout.amount_idr) == (BUDIS, PRICE_IDR)
    assert now(office, waiting).payout_reference == payout.reference
    office.ports.payouts.complete(payout.reference)
    office.act_on(ExecuteRefund(refund_id=waiting.refund_id))
    confirmed = now(office, waiting)
    assert (confirmed.state, confirmed.confirmed_at) == (RefundState.CONFIRMED, office.world.now)
    office.world.pass_time(ACCOUNT_KEPT - timedelta(seconds=1))
    office.sweep()
    kept = now(office, waiting).claim
    assert kept is not None
    assert kept.sealed_account is not None
    postman.until_quiet()
    forgotten = now(office, waiting)
    assert forgotten.claim is not None
    assert (forgotten.claim.sealed_account, forgotten.clock) == (None, None)
    assert len(office.world.payouts) == 1
    assert office.books().differences == ()


def test_a_payout_that_bounces_after_completion_opens_the_claim_again(
    office: Office, postman: Postman, waiting: Refund
) -> None:
    token = office.claim_token(waiting.refund_id)
    office.claim(waiting.refund_id, token=token)
    postman.deliver()
    office.ports.payouts.complete("payout-1")
    office.act_on(ExecuteRefund(refund_id=waiting.refund_id))
    office.ports.payouts.bounce("payout-1")
    office.world.pass_time(timedelta(days=1))
    office.sweep()
    postman.deliver()
    again = now(office, waiting)
    assert again.claim is not None
    assert (again.state, again.confirmed_at) == (RefundState.NEEDS_ACCOUNT, None)
    assert (again.claim.sealed_account, again.payout_reference) == (None, None)
    at = office.world.now
    assert again.clock == Clock(at + NEXT_ACCOUNT_LOOK, at + REFUND_PROMISE), "promised anew"
    assert office.books().differences == ()
    with pytest.raises(ClaimLinkUsed):
        office.claim(waiting.refund_id, "second", token=token)
    office.claim(waiting.refund_id, "second")
    postman.until_quiet()
    assert now(office, waiting).state is RefundState.CONFIRMED
    assert [payout.key for payout in office.world.payouts.values()] == [
        f"{waiting.refund_id}-2",
        f"{waiting.refund_id}-3",
    ]
    assert office.books().differences == ()


def test_a_payout_the_gateway_refuses_needs_another_account(
    office: Office, postman: Postman, waiting: Refund
) -> None:
    office.ports.payouts.refused.add(BUDIS.number)
    office.claim(waiting.refund_id)
    postman.deliver()
    assert now(office, waiting).state is RefundState.NEEDS_ACCOUNT
    other = BankAccount("bni", "9876543210", "Budi Santoso")
    office.claim(waiting.refund_id, "second", account=other)
    postman.until_quiet()
    assert [payout.account for payout in office.world.payouts.values()] == [other]


@pytest.mark.parametrize("claimed", [False, True])
def test_money_the_bank_took_back_itself_is_not_paid_out(
    office: Office, postman: Postman, waiting: Refund, *, claimed: bool
) -> None:
    if claimed:
        office.claim(waiting.refund_id)
    office.world.charges[waiting.charge_id].state = ChargeState.REVERSED
    office.notice(waiting.charge_id)
    postman.until_quiet()
    done = now(office, waiting)
    assert (done.state, done.clock) == (RefundState.SUPERSEDED, None)
    assert done.claim is None or done.claim.sealed_account is None
    assert not office.world.payouts
    assert office.books().differences == ()
    [books] = office.books().orders
    assert (books.blocked, books.reversed_idr) == (2, PRICE_IDR)


def test_only_its_owner_may_claim_and_only_to_an_account_of_the_name(
    office: Office, waiting: Refund
) -> None:
    token = office.claim_token(waiting.refund_id)
    with pytest.raises(NotFound):
        office.claim(waiting.refund_id, token=token, by="somebody else")
    with pytest.raises(NotFound):
        office.claim_token(waiting.refund_id, by="somebody else")
    with pytest.raises(HolderDiffers):
        office.claim(waiting.refund_id, account=BankAccount("bca", "1234567890", "Budi Hartono"))
    assert now(office, waiting) == replace(waiting, claim_tries=1)


def test_a_refund_that_goes_on_by_itself_offers_no_claim(
    office: Office, postman: Postman, waiting: Refund
) -> None:
    office.claim(waiting.refund_id)
    with pytest.raises(NoAccountNeeded) as refused:
        office.claim_token(waiting.refund_id)
    assert refused.value.values["state"] == "submitted"
    postman.until_quiet()
    with pytest.raises(NoAccountNeeded):
        office.claim_token(waiting.refund_id)


def test_unclaimed_money_stays_a_liability(office: Office, waiting: Refund) -> None:
    for _ in range(10):
        office.world.pass_time(timedelta(days=30))
        office.sweep()
    assert now(office, waiting).state is RefundState.NEEDS_ACCOUNT
    [books] = office.books().orders
    assert books.refunds_payable_idr == PRICE_IDR
