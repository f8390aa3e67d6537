"""Refunds that the gateway does not take at once: asked about, tried anew, and never paid twice."""

from datetime import timedelta

import pytest

from meterai.domain.clocks import NEAR_BREACH
from meterai.domain.orders import Order, OrderState
from meterai.domain.payments import ChargeState, Method, RefundOutcome, RefundStatus
from meterai.domain.refunds import Refund, RefundState
from meterai.messages import ExecuteRefund
from meterai.steps.execute_refund import REFUND_KEY_IS_DEAD, REFUND_KEY_SERVES
from tests.unit.steps.office import PRICE_IDR, Office
from tests.unit.steps.postman import Postman


@pytest.fixture
def paid(office: Office, postman: Postman) -> Order:
    order = office.buy(quantity=3)
    office.settle(order)
    postman.deliver()
    return office.world.orders[order.order_id]


@pytest.fixture
def unclear(office: Office, postman: Postman, paid: Order) -> Refund:
    """The gateway's answer says nothing, and nothing was executed."""
    office.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.UNCLEAR
    refund = office.refund(paid.order_id)
    postman.deliver()
    return office.world.refunds[refund.refund_id]


def look(office: Office, refund: Refund, after: timedelta) -> Refund:
    office.world.pass_time(after)
    office.act_on(ExecuteRefund(refund_id=refund.refund_id))
    return office.world.refunds[refund.refund_id]


def test_while_its_key_serves_the_same_attempt_is_told_again(
    office: Office, unclear: Refund
) -> None:
    office.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.ACCEPTED
    again = look(office, unclear, REFUND_KEY_SERVES - timedelta(seconds=1))
    assert (again.state, again.attempt) == (RefundState.SUBMITTED, 1)
    assert list(office.world.charges[unclear.charge_id].refunds) == [f"{unclear.refund_id}-1"]


@pytest.mark.parametrize(
    "after", [REFUND_KEY_SERVES, REFUND_KEY_IS_DEAD - timedelta(seconds=1)], ids=["first", "last"]
)
def test_while_its_key_may_be_forgotten_nothing_is_sent_and_nothing_concluded(
    office: Office, unclear: Refund, after: timedelta
) -> None:
    office.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.ACCEPTED
    assert look(office, unclear, after) == unclear
    assert office.world.charges[unclear.charge_id].refunds == {}


def test_once_its_key_is_dead_an_attempt_the_gateway_does_not_know_is_made_anew(
    office: Office, postman: Postman, unclear: Refund
) -> None:
    office.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.ACCEPTED
    again = look(office, unclear, REFUND_KEY_IS_DEAD)
    assert (again.state, again.attempt) == (RefundState.SUBMITTED, 2)
    assert list(office.world.charges[unclear.charge_id].refunds) == [f"{unclear.refund_id}-2"]
    postman.until_quiet()
    assert office.world.refunds[unclear.refund_id].state is RefundState.CONFIRMED
    assert office.books().differences == ()


def test_an_attempt_the_gateway_does_list_is_never_made_anew(
    office: Office, unclear: Refund
) -> None:
    key = unclear.gateway_key
    charge = office.world.charges[unclear.charge_id]
    charge.refunds[key] = RefundStatus(key, unclear.amount_idr, final=False)
    assert look(office, unclear, timedelta(days=40)) == unclear


def test_what_the_bank_took_back_is_superseded_and_the_books_hold(
    office: Office, postman: Postman, paid: Order, unclear: Refund
) -> None:
    office.world.charges[paid.charge_id].state = ChargeState.REVERSED
    office.notice(paid.charge_id)
    postman.until_quiet()
    done = office.world.refunds[unclear.refund_id]
    assert (done.state, done.clock) == (RefundState.SUPERSEDED, None)
    assert office.world.orders[paid.order_id].state is OrderState.REVERSED
    books = office.books()
    assert books.differences == ()
    [order] = books.orders
    assert (order.blocked, order.refunding, order.reversed_idr) == (3, 0, PRICE_IDR)
    assert set(books.balances_idr.values()) == {0}


def test_a_whole_payment_that_goes_back_may_be_superseded_too(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    office.world.charges[order.charge_id].amount_idr = 1_000
    office.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.UNCLEAR
    office.settle(order)
    postman.deliver()
    [refund] = office.world.refunds.values()
    assert office.world.orders[order.order_id].returned == (refund.refund_id,)
    office.world.charges[order.charge_id].state = ChargeState.REVERSED
    office.notice(order.charge_id)
    postman.until_quiet()
    assert office.world.refunds[refund.refund_id].state is RefundState.SUPERSEDED
    assert office.books().differences == ()


def test_a_promise_in_danger_is_logged_until_the_refund_moves_on(
    office: Office, unclear: Refund, caplog: pytest.LogCaptureFixture
) -> None:
    assert unclear.clock is not None
    office.world.now = unclear.clock.deadline_at - NEAR_BREACH - timedelta(seconds=1)
    office.sweep()
    assert "refund promise in danger" not in caplog.text
    office.world.pass_time(timedelta(minutes=10))
    office.sweep()
    assert "refund promise in danger" in caplog.text
