"""Refunds to a bank account: a claim, a payout, a bounced payout, and deletion of the account."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import AccountNameMismatch, ClaimLinkUsed, NoAccountNeeded, NotFound
from meterai.domain.orders.payments import ChargeState, Method
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refund_transitions import ACCOUNT_KEPT
from meterai.domain.refunds.refunds import Refund, RefundState
from meterai.domain.timers import NEXT_ACCOUNT_CHECK, RESEND_AFTER, Timer
from meterai.messages import ExecuteRefund
from tests.fakes.ports import PAYOUT_PROMISE, PRICE_IDR
from tests.unit.steps.in_memory_app import BUDIS, InMemoryApp
from tests.unit.steps.message_pump import MessagePump


@pytest.fixture
def waiting(app: InMemoryApp, pump: MessagePump) -> Refund:
    """A refund of a payment by virtual account, which cannot be returned to its source."""
    order = app.buy(method=Method.VIRTUAL_ACCOUNT)
    app.settle(order)
    pump.deliver()
    refund = app.refund(order.order_id)
    pump.deliver()
    return now(app, refund)


def now(app: InMemoryApp, refund: Refund) -> Refund:
    return app.state.refunds[refund.refund_id]


def test_a_claim_is_a_new_attempt_with_a_new_promise(app: InMemoryApp, waiting: Refund) -> None:
    app.state.pass_time(timedelta(days=3))
    claimed = app.claim(waiting.refund_id)
    at = app.state.now
    assert claimed.state is RefundState.SUBMITTED
    assert claimed.attempt == waiting.attempt + 1
    assert claimed.timer == Timer(at + RESEND_AFTER, at + PAYOUT_PROMISE)
    [letter] = app.state.refunds_lane
    assert letter.message == ExecuteRefund(refund_id=waiting.refund_id)


def test_a_claim_is_known_again_after_any_deployment(app: InMemoryApp, waiting: Refund) -> None:
    """Both are stored: computed otherwise by a later version, a retry would be refused."""
    claim = app.claim(waiting.refund_id).claim
    assert claim is not None
    assert (claim.claim_id[:12], claim.body_mark[:12]) == ("7E25J5CAKDUR", "DETBXCQNC7UX")


def test_a_claim_is_paid_out_once_and_its_account_deleted_after_thirty_days(
    app: InMemoryApp, pump: MessagePump, waiting: Refund
) -> None:
    app.claim(waiting.refund_id)
    pump.deliver()
    [payout] = app.state.payouts.values()
    assert (payout.account, payout.amount_idr) == (BUDIS, PRICE_IDR)
    assert now(app, waiting).payout_reference == payout.reference
    app.ports.bank.complete(payout.reference)
    app.act_on(ExecuteRefund(refund_id=waiting.refund_id))
    confirmed = now(app, waiting)
    assert (confirmed.state, confirmed.confirmed_at) == (RefundState.CONFIRMED, app.state.now)
    app.state.pass_time(ACCOUNT_KEPT - timedelta(seconds=1))
    app.sweep()
    kept = now(app, waiting).claim
    assert kept is not None
    assert kept.account_ciphertext is not None
    pump.until_idle()
    forgotten = now(app, waiting)
    assert forgotten.claim is not None
    assert (forgotten.claim.account_ciphertext, forgotten.timer) == (None, None)
    assert len(app.state.payouts) == 1
    assert app.ledger().differences == ()


def test_a_payout_that_bounces_after_completion_opens_the_claim_again(
    app: InMemoryApp, pump: MessagePump, waiting: Refund
) -> None:
    token = app.claim_token(waiting.refund_id)
    app.claim(waiting.refund_id, token=token)
    pump.deliver()
    app.ports.bank.complete("payout-1")
    app.act_on(ExecuteRefund(refund_id=waiting.refund_id))
    app.ports.bank.bounce("payout-1")
    app.state.pass_time(timedelta(days=1))
    app.sweep()
    pump.deliver()
    again = now(app, waiting)
    assert again.claim is not None
    assert (again.state, again.confirmed_at) == (RefundState.NEEDS_ACCOUNT, None)
    assert (again.claim.account_ciphertext, again.payout_reference) == (None, None)
    at = app.state.now
    assert again.timer == Timer(at + NEXT_ACCOUNT_CHECK, at + PAYOUT_PROMISE), "promised anew"
    assert app.ledger().differences == ()
    with pytest.raises(ClaimLinkUsed):
        app.claim(waiting.refund_id, "second", token=token)
    app.claim(waiting.refund_id, "second")
    pump.until_idle()
    assert now(app, waiting).state is RefundState.CONFIRMED
    assert [payout.key for payout in app.state.payouts.values()] == [
        f"{waiting.refund_id}-2",
        f"{waiting.refund_id}-3",
    ]
    assert app.ledger().differences == ()


def test_a_payout_that_the_gateway_refuses_needs_another_account(
    app: InMemoryApp, pump: MessagePump, waiting: Refund
) -> None:
    app.ports.bank.refused.add(BUDIS.number)
    app.claim(waiting.refund_id)
    pump.deliver()
    assert now(app, waiting).state is RefundState.NEEDS_ACCOUNT
    other = BankAccount("bni", "9876543210", "Budi Santoso")
    app.claim(waiting.refund_id, "second", account=other)
    pump.until_idle()
    assert [payout.account for payout in app.state.payouts.values()] == [other]


@pytest.mark.parametrize("claimed", [False, True])
def test_money_that_the_bank_reversed_itself_is_not_paid_out(
    app: InMemoryApp, pump: MessagePump, waiting: Refund, *, claimed: bool
) -> None:
    if claimed:
        app.claim(waiting.refund_id)
    app.state.charges[waiting.charge_id].state = ChargeState.REVERSED
    app.webhook(waiting.charge_id)
    pump.until_idle()
    done = now(app, waiting)
    assert (done.state, done.timer) == (RefundState.SUPERSEDED, None)
    assert done.claim is None or done.claim.account_ciphertext is None
    assert not app.state.payouts
    assert app.ledger().differences == ()
    [ledger] = app.ledger().orders
    assert (ledger.blocked, ledger.reversed_idr) == (2, PRICE_IDR)


def test_only_its_owner_may_claim_and_only_to_an_account_of_the_name(
    app: InMemoryApp, waiting: Refund
) -> None:
    token = app.claim_token(waiting.refund_id)
    with pytest.raises(NotFound):
        app.claim(waiting.refund_id, token=token, by="somebody else")
    with pytest.raises(NotFound):
        app.claim_token(waiting.refund_id, by="somebody else")
    with pytest.raises(AccountNameMismatch):
        app.claim(waiting.refund_id, account=BankAccount("bca", "1234567890", "Budi Hartono"))
    assert now(app, waiting) == replace(waiting, claim_tries=1)


def test_a_refund_that_needs_no_account_offers_no_claim(
    app: InMemoryApp, pump: MessagePump, waiting: Refund
) -> None:
    app.claim(waiting.refund_id)
    with pytest.raises(NoAccountNeeded) as refused:
        app.claim_token(waiting.refund_id)
    assert refused.value.values["state"] == "submitted"
    pump.until_idle()
    with pytest.raises(NoAccountNeeded):
        app.claim_token(waiting.refund_id)


def test_unclaimed_money_stays_a_liability(app: InMemoryApp, waiting: Refund) -> None:
    for _ in range(10):
        app.state.pass_time(timedelta(days=30))
        app.sweep()
    assert now(app, waiting).state is RefundState.NEEDS_ACCOUNT
    [ledger] = app.ledger().orders
    assert ledger.refunds_payable_idr == PRICE_IDR
