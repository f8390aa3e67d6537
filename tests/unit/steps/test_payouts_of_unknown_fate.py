"""Payouts whose answer was lost: looked up in the gateway's records, and never made twice."""

from datetime import timedelta
from typing import Literal

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.payments import Method
from meterai.domain.payouts import PayoutState
from meterai.domain.refunds import Refund, RefundState
from meterai.messages import ExecuteRefund
from meterai.steps.execute_refund import PAYOUT_KEY_IS_DEAD, PAYOUT_KEY_SERVES
from tests.unit.steps.office import Office
from tests.unit.steps.postman import Postman

Moment = Literal["before", "after"]


def claimed_and_lost(office: Office, postman: Postman, moment: Moment) -> Refund:
    """Asked for; the connection was lost before, or after, the gateway made the payout."""

    def lose(at: str, call: str) -> None:
        if (at, call) == (moment, "Payouts.pay_out"):
            office.break_down()

    order = office.buy(method=Method.VIRTUAL_ACCOUNT)
    office.settle(order)
    postman.deliver()
    refund = office.refund(order.order_id)
    postman.deliver()
    office.world.hook = lose
    office.claim(refund.refund_id)
    postman.deliver()
    office.world.hook = lambda *_: None
    return office.world.refunds[refund.refund_id]


def look(office: Office, refund: Refund, after: timedelta) -> Refund:
    """So long after it was first asked for."""
    assert refund.told_at is not None
    office.world.now = refund.told_at + after
    office.act_on(ExecuteRefund(refund_id=refund.refund_id))
    return office.world.refunds[refund.refund_id]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_while_its_key_serves_it_is_asked_for_again_and_made_once(
    office: Office, postman: Postman, moment: Moment
) -> None:
    refund = claimed_and_lost(office, postman, moment)
    again = look(office, refund, PAYOUT_KEY_SERVES - timedelta(seconds=1))
    assert (again.attempt, again.told_at) == (refund.attempt, refund.told_at)
    assert again.payout_reference == "payout-1"
    assert [one.key for one in office.world.payouts.values()] == [refund.gateway_key]


def test_one_that_was_made_is_found_once_its_key_no_longer_serves(
    office: Office, postman: Postman
) -> None:
    refund = claimed_and_lost(office, postman, "after")
    found = look(office, refund, PAYOUT_KEY_SERVES)
    assert (found.state, found.payout_reference) == (RefundState.SUBMITTED, "payout-1")
    postman.until_quiet()
    assert office.world.refunds[refund.refund_id].state is RefundState.CONFIRMED
    assert len(office.world.payouts) == 1


def test_one_that_failed_meanwhile_opens_the_claim_again(office: Office, postman: Postman) -> None:
    refund = claimed_and_lost(office, postman, "after")
    office.world.payouts["payout-1"].state = PayoutState.FAILED
    assert look(office, refund, PAYOUT_KEY_SERVES).state is RefundState.NEEDS_ACCOUNT


@pytest.mark.parametrize(
    "after", [PAYOUT_KEY_SERVES, PAYOUT_KEY_IS_DEAD - timedelta(seconds=1)], ids=["first", "last"]
)
def test_while_it_may_still_be_recorded_nothing_is_sent_and_nothing_concluded(
    office: Office, postman: Postman, after: timedelta
) -> None:
    refund = claimed_and_lost(office, postman, "before")
    assert look(office, refund, after) == refund
    assert not office.world.payouts


def test_one_the_gateway_has_no_record_of_is_made_anew_to_the_same_account(
    office: Office, postman: Postman, caplog: pytest.LogCaptureFixture
) -> None:
    refund = claimed_and_lost(office, postman, "before")
    again = look(office, refund, PAYOUT_KEY_IS_DEAD)
    assert (again.state, again.attempt, again.told_at) == (RefundState.DUE, 3, None)
    assert again.claim == refund.claim
    assert "payout attempt failed" in caplog.text
    postman.until_quiet()
    assert office.world.refunds[refund.refund_id].state is RefundState.CONFIRMED
    assert [one.key for one in office.world.payouts.values()] == [f"{refund.refund_id}-3"]
    assert office.books().differences == ()


def test_where_the_gateway_cannot_tell_nothing_is_concluded(
    office: Office, postman: Postman
) -> None:
    refund = claimed_and_lost(office, postman, "after")

    def be_away(moment: str, call: str) -> None:
        if (moment, call) == ("before", "Payouts.find"):
            office.break_down()

    office.world.hook = be_away
    with pytest.raises(Unavailable):
        look(office, refund, 2 * PAYOUT_KEY_IS_DEAD)
    assert office.world.refunds[refund.refund_id] == refund
    assert len(office.world.payouts) == 1
