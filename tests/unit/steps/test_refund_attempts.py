"""Refunds that the gateway does not execute at once: checked, retried, and never paid twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.metrics import Metric
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import ChargeState, Method, RefundOutcome, RefundStatus
from meterai.domain.refunds.refunds import Refund, RefundState
from meterai.domain.timers import NEAR_BREACH
from meterai.gateways.midtrans.refunds import REFUND_KEY_LIFETIME
from meterai.messages import ExecuteRefund
from tests.fakes.ports import PRICE_IDR
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.message_pump import MessagePump

RESEND_WITHIN = REFUND_KEY_LIFETIME.resend_within
FORGOTTEN_AFTER = REFUND_KEY_LIFETIME.forgotten_after


@pytest.fixture
def paid(app: InMemoryApp, pump: MessagePump) -> Order:
    order = app.buy(quantity=3)
    app.settle(order)
    pump.deliver()
    return app.state.orders[order.order_id]


@pytest.fixture
def unclear(app: InMemoryApp, pump: MessagePump, paid: Order) -> Refund:
    """The gateway's response is lost, and nothing was executed."""
    app.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.UNCLEAR
    refund = app.refund(paid.order_id)
    pump.deliver()
    return app.state.refunds[refund.refund_id]


def check(app: InMemoryApp, refund: Refund, after: timedelta) -> Refund:
    app.state.pass_time(after)
    app.act_on(ExecuteRefund(refund_id=refund.refund_id))
    return app.state.refunds[refund.refund_id]


def test_while_its_key_is_valid_the_same_attempt_is_sent_again(
    app: InMemoryApp, unclear: Refund
) -> None:
    app.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.ACCEPTED
    again = check(app, unclear, RESEND_WITHIN - timedelta(seconds=1))
    assert (again.state, again.attempt) == (RefundState.SUBMITTED, 1)
    assert list(app.state.charges[unclear.charge_id].refunds) == [f"{unclear.refund_id}-1"]


@pytest.mark.parametrize(
    "after",
    [RESEND_WITHIN, FORGOTTEN_AFTER - timedelta(seconds=1)],
    ids=["first", "last"],
)
def test_while_its_key_may_be_forgotten_nothing_is_sent_and_nothing_concluded(
    app: InMemoryApp, unclear: Refund, after: timedelta
) -> None:
    app.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.ACCEPTED
    assert check(app, unclear, after) == unclear
    assert app.state.charges[unclear.charge_id].refunds == {}


def test_once_its_key_is_dead_an_attempt_unknown_to_the_gateway_is_made_again(
    app: InMemoryApp, pump: MessagePump, unclear: Refund
) -> None:
    app.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.ACCEPTED
    again = check(app, unclear, FORGOTTEN_AFTER)
    assert (again.state, again.attempt) == (RefundState.SUBMITTED, 2)
    assert list(app.state.charges[unclear.charge_id].refunds) == [f"{unclear.refund_id}-2"]
    pump.until_idle()
    assert app.state.refunds[unclear.refund_id].state is RefundState.CONFIRMED
    assert app.ledger().differences == ()


def test_a_failed_attempt_is_made_again_also_after_a_crash(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    refund = app.refund(paid.order_id)
    app.state.refunds[refund.refund_id] = replace(
        refund, state=RefundState.FAILED, submitted_at=app.state.now
    )
    again = check(app, refund, timedelta(0))
    assert (again.state, again.attempt) == (RefundState.SUBMITTED, 2)
    assert list(app.state.charges[paid.charge_id].refunds) == [again.gateway_key]
    pump.until_idle()
    assert app.ledger().differences == ()


def test_an_attempt_that_the_gateway_lists_is_never_made_again(
    app: InMemoryApp, unclear: Refund
) -> None:
    key = unclear.gateway_key
    charge = app.state.charges[unclear.charge_id]
    charge.refunds[key] = RefundStatus(key, unclear.amount_idr, final=False)
    assert check(app, unclear, timedelta(days=40)) == unclear


def test_a_refund_that_the_bank_reversed_first_is_superseded_and_the_ledger_balances(
    app: InMemoryApp, pump: MessagePump, paid: Order, unclear: Refund
) -> None:
    app.state.charges[paid.charge_id].state = ChargeState.REVERSED
    app.webhook(paid.charge_id)
    pump.until_idle()
    done = app.state.refunds[unclear.refund_id]
    assert (done.state, done.timer) == (RefundState.SUPERSEDED, None)
    assert app.state.orders[paid.order_id].state is OrderState.REVERSED
    ledger = app.ledger()
    assert ledger.differences == ()
    [order] = ledger.orders
    assert (order.blocked, order.refunding, order.reversed_idr) == (3, 0, PRICE_IDR)
    assert set(ledger.balances_idr.values()) == {0}


def test_a_refund_of_a_whole_payment_may_be_superseded_too(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.state.charges[order.charge_id].amount_idr = 1_000
    app.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.UNCLEAR
    app.settle(order)
    pump.deliver()
    [refund] = app.state.refunds.values()
    assert app.state.orders[order.order_id].returned == (refund.refund_id,)
    app.state.charges[order.charge_id].state = ChargeState.REVERSED
    app.webhook(order.charge_id)
    pump.until_idle()
    assert app.state.refunds[refund.refund_id].state is RefundState.SUPERSEDED
    assert app.ledger().differences == ()


def test_a_refund_promise_at_risk_is_counted_at_each_check(
    app: InMemoryApp, unclear: Refund
) -> None:
    assert unclear.timer is not None
    app.state.now = unclear.timer.deadline_at - NEAR_BREACH - timedelta(seconds=1)
    app.sweep()
    assert app.ports.metrics.recorded == []
    for checks in (1, 2):
        app.state.pass_time(timedelta(minutes=10))
        app.sweep()
        assert app.ports.metrics.recorded == [(Metric.REFUND_PROMISE_AT_RISK, 1)] * checks
