"""Payouts whose response was lost: looked up in the gateway's records, and never made twice."""

from datetime import timedelta
from typing import Literal

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.orders.payments import Method
from meterai.domain.refunds.payouts import PayoutState
from meterai.domain.refunds.refunds import Refund, RefundState
from meterai.gateways.midtrans.payouts import PAYOUT_KEY_LIFETIME
from meterai.messages import ExecuteRefund
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.message_pump import MessagePump

RESEND_WITHIN = PAYOUT_KEY_LIFETIME.resend_within
FORGOTTEN_AFTER = PAYOUT_KEY_LIFETIME.forgotten_after

Moment = Literal["before", "after"]


def claimed_and_lost(app: InMemoryApp, pump: MessagePump, moment: Moment) -> Refund:
    """Requested; the connection was lost before, or after, the gateway made the payout."""

    def lose(at: str, call: str) -> None:
        if (at, call) == (moment, "Payouts.pay_out"):
            app.break_down()

    order = app.buy(method=Method.VIRTUAL_ACCOUNT)
    app.settle(order)
    pump.deliver()
    refund = app.refund(order.order_id)
    pump.deliver()
    app.state.hook = lose
    app.claim(refund.refund_id)
    pump.deliver()
    app.state.hook = lambda *_: None
    return app.state.refunds[refund.refund_id]


def check(app: InMemoryApp, refund: Refund, after: timedelta) -> Refund:
    """Executes the refund so long after its first request."""
    assert refund.submitted_at is not None
    app.state.now = refund.submitted_at + after
    app.act_on(ExecuteRefund(refund_id=refund.refund_id))
    return app.state.refunds[refund.refund_id]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_while_its_key_is_valid_a_payout_is_requested_again_and_made_once(
    app: InMemoryApp, pump: MessagePump, moment: Moment
) -> None:
    refund = claimed_and_lost(app, pump, moment)
    again = check(app, refund, RESEND_WITHIN - timedelta(seconds=1))
    assert (again.attempt, again.submitted_at) == (refund.attempt, refund.submitted_at)
    assert again.payout_reference == "payout-1"
    assert [one.key for one in app.state.payouts.values()] == [refund.gateway_key]


def test_a_payout_that_was_made_is_found_once_its_key_is_no_longer_valid(
    app: InMemoryApp, pump: MessagePump
) -> None:
    refund = claimed_and_lost(app, pump, "after")
    found = check(app, refund, RESEND_WITHIN)
    assert (found.state, found.payout_reference) == (RefundState.SUBMITTED, "payout-1")
    pump.until_idle()
    assert app.state.refunds[refund.refund_id].state is RefundState.CONFIRMED
    assert len(app.state.payouts) == 1


def test_a_payout_that_failed_meanwhile_opens_the_claim_again(
    app: InMemoryApp, pump: MessagePump
) -> None:
    refund = claimed_and_lost(app, pump, "after")
    app.state.payouts["payout-1"].state = PayoutState.FAILED
    assert check(app, refund, RESEND_WITHIN).state is RefundState.NEEDS_ACCOUNT


@pytest.mark.parametrize(
    "after",
    [RESEND_WITHIN, FORGOTTEN_AFTER - timedelta(seconds=1)],
    ids=["first", "last"],
)
def test_while_it_may_still_be_recorded_nothing_is_sent_and_nothing_concluded(
    app: InMemoryApp, pump: MessagePump, after: timedelta
) -> None:
    refund = claimed_and_lost(app, pump, "before")
    assert check(app, refund, after) == refund
    assert not app.state.payouts


def test_a_payout_without_a_record_is_made_again_to_the_same_account(
    app: InMemoryApp, pump: MessagePump, caplog: pytest.LogCaptureFixture
) -> None:
    refund = claimed_and_lost(app, pump, "before")
    again = check(app, refund, FORGOTTEN_AFTER)
    assert (again.state, again.attempt, again.submitted_at) == (RefundState.DUE, 3, None)
    assert again.claim == refund.claim
    assert "payout attempt failed" in caplog.text
    pump.until_idle()
    assert app.state.refunds[refund.refund_id].state is RefundState.CONFIRMED
    assert [one.key for one in app.state.payouts.values()] == [f"{refund.refund_id}-3"]
    assert app.ledger().differences == ()


def test_without_a_response_of_the_gateway_nothing_is_concluded(
    app: InMemoryApp, pump: MessagePump
) -> None:
    refund = claimed_and_lost(app, pump, "after")

    def be_unreachable(moment: str, call: str) -> None:
        if (moment, call) == ("before", "Payouts.find"):
            app.break_down()

    app.state.hook = be_unreachable
    with pytest.raises(Unavailable):
        check(app, refund, 2 * FORGOTTEN_AFTER)
    assert app.state.refunds[refund.refund_id] == refund
    assert len(app.state.payouts) == 1
