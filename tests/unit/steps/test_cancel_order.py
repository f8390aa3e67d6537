"""Cancelling an order: it closes only on the gateway's report, and no payment is lost meanwhile."""

from datetime import timedelta

import pytest

from meterai.domain.errors import NotFound, OrderClosed, OrderPaid
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import ChargeState
from meterai.domain.refunds.refunds import RefundReason
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.messages import CheckOrder
from meterai.steps.confirm_payment import CLOSED_ANYWAY_AFTER
from tests.fakes.in_memory_state import Moment
from tests.fakes.ports import EXPIRES_IN
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.message_pump import MessagePump

SOON = timedelta(minutes=1)


def stored(app: InMemoryApp, order: Order) -> Order:
    return app.state.orders[order.order_id]


def test_a_cancelled_order_is_closed_at_the_gateway_and_its_emeterai_are_void(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    first = app.request(order.order_id)
    given_up = app.cancel(order.order_id)
    assert (given_up.state, given_up.instruction) == (OrderState.PENDING, None)
    pump.deliver()
    closed = stored(app, order)
    assert (closed.state, closed.timer) == (OrderState.CANCELLED, None)
    assert app.state.charges[order.charge_id].state is ChargeState.EXPIRED
    voided = app.state.serials[first.serial]
    assert (voided.state, voided.void_reason) == (SerialState.VOID, VoidReason.ORDER_CANCELLED)


def test_a_lost_message_is_replaced_by_the_orders_timer(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.cancel(order.order_id)
    app.state.payments_lane.clear()
    app.state.pass_time(SOON)
    app.sweep()
    pump.deliver()
    assert stored(app, order).state is OrderState.CANCELLED


def test_an_order_may_be_cancelled_repeatedly(app: InMemoryApp, pump: MessagePump) -> None:
    order = app.buy()
    given_up = app.cancel(order.order_id)
    app.state.pass_time(SOON)
    assert app.cancel(order.order_id) == given_up
    assert [letter.message for letter in app.state.payments_lane] == [
        CheckOrder(order_id=order.order_id)
    ] * 2
    pump.deliver()
    cancelled = stored(app, order)
    assert app.cancel(order.order_id) == cancelled
    assert not app.state.payments_lane


def test_a_charge_that_the_gateway_does_not_know_yet_is_not_closed(app: InMemoryApp) -> None:
    """A purchase may be creating it at this moment."""
    order = app.buy()
    charges = dict(app.state.charges)
    app.state.charges.clear()
    app.cancel(order.order_id)
    app.act_on(CheckOrder(order_id=order.order_id))
    assert stored(app, order).state is OrderState.PENDING
    app.state.charges.update(charges)
    app.act_on(CheckOrder(order_id=order.order_id))
    assert stored(app, order).state is OrderState.CANCELLED


def test_a_charge_that_the_gateway_never_knew_is_closed_after_a_day(app: InMemoryApp) -> None:
    order = app.buy()
    app.state.charges.clear()
    app.cancel(order.order_id)
    app.state.pass_time(CLOSED_ANYWAY_AFTER)
    app.act_on(CheckOrder(order_id=order.order_id))
    assert stored(app, order).state is OrderState.CANCELLED


def test_a_repeated_purchase_does_not_charge_a_cancelled_order(app: InMemoryApp) -> None:
    order = app.buy()
    given_up = app.cancel(order.order_id)
    app.state.pass_time(SOON)
    assert app.buy() == given_up
    assert list(app.state.charges) == [order.charge_id]


def test_a_purchase_that_was_in_progress_shows_no_instruction_after_the_cancel(
    app: InMemoryApp, pump: MessagePump
) -> None:
    def cancel_meanwhile(moment: Moment, call: str) -> None:
        if (moment, call) == ("after", "Gateway.charge"):
            app.state.hook = lambda _moment, _call: None
            app.cancel(next(iter(app.state.orders)))

    app.state.hook = cancel_meanwhile
    order = app.buy()
    assert (order.is_given_up, order.instruction) == (True, None)
    pump.until_idle()
    assert stored(app, order).state is OrderState.CANCELLED


def test_an_expired_order_keeps_its_time_of_expiry(app: InMemoryApp) -> None:
    order = app.buy()
    app.state.pass_time(EXPIRES_IN + timedelta(seconds=30))
    given_up = app.cancel(order.order_id)
    assert given_up.expires_at == order.expires_at
    assert given_up.cancelled_at == app.state.now


def test_no_slot_of_a_cancelled_order_is_taken(app: InMemoryApp) -> None:
    order = app.buy()
    app.cancel(order.order_id)
    app.upload()
    with pytest.raises(OrderClosed):
        app.request(order.order_id)


def test_a_payment_that_was_recorded_before_is_not_cancelled(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.settle(order)
    pump.deliver()
    with pytest.raises(OrderPaid):
        app.cancel(order.order_id)
    assert stored(app, order).state is OrderState.PAID


def test_a_cancellation_while_the_payment_is_being_recorded_counts(
    app: InMemoryApp, pump: MessagePump
) -> None:
    """The payment was judged by the order as it was read."""
    order = app.buy()

    def cancel_meanwhile(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Orders.mark_paid"):
            app.state.hook = lambda _moment, _call: None
            app.cancel(order.order_id)

    app.state.hook = cancel_meanwhile
    app.settle(order)
    pump.until_idle()
    assert stored(app, order).state is OrderState.CANCELLED
    [refund] = app.state.refunds.values()
    assert refund.reason is RefundReason.LATE_PAYMENT
    assert app.ledger().differences == ()


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("settled_after", [-SOON, timedelta(0), SOON])
def test_a_payment_for_a_cancelled_order_is_returned_whenever_it_settled(
    app: InMemoryApp, pump: MessagePump, *, settled_after: timedelta, closed: bool
) -> None:
    order = app.buy()
    app.cancel(order.order_id)
    cancelled_at = app.state.now
    if closed:
        pump.deliver()
    app.state.pass_time(SOON)
    app.ports.gateway.settle(order.charge_id, cancelled_at + settled_after)
    app.webhook(order.charge_id)
    pump.until_idle()
    assert stored(app, order).state is OrderState.CANCELLED
    [refund] = app.state.refunds.values()
    assert (refund.reason, refund.amount_idr) == (RefundReason.LATE_PAYMENT, order.amount_idr)
    assert app.ledger().differences == ()


def test_an_expired_order_is_returned_unchanged(app: InMemoryApp, pump: MessagePump) -> None:
    order = app.buy()
    app.state.pass_time(2 * EXPIRES_IN)
    pump.until_idle()
    assert app.cancel(order.order_id).state is OrderState.EXPIRED


def test_the_order_of_another_account_is_not_found(app: InMemoryApp) -> None:
    order = app.buy()
    with pytest.raises(NotFound):
        app.cancel(order.order_id, by="somebody else")
    assert stored(app, order) == order
