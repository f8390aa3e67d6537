"""What takes no money any more is not offered again: the next request makes a new charge."""

from datetime import timedelta

import pytest

from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import ChargeState, Method
from meterai.domain.refunds.refunds import RefundState
from meterai.domain.stamping.stampings import SerialState
from meterai.domain.timers import AFTER_EXPIRY
from meterai.messages import CheckOrder
from tests.fakes.in_memory_state import Moment
from tests.fakes.ports import EXPIRES_IN
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.message_pump import MessagePump

ENDED = (ChargeState.DENIED, ChargeState.EXPIRED, ChargeState.CANCELLED)


def stored(app: InMemoryApp, order: Order) -> Order:
    return app.state.orders[order.order_id]


def ended(app: InMemoryApp, order: Order, state: ChargeState) -> None:
    """The gateway reports it, twice."""
    app.state.charges[order.charge_id].state = state
    for _ in range(2):
        app.webhook(order.charge_id)


def charged_again(app: InMemoryApp, pump: MessagePump) -> tuple[Order, Order]:
    """An order with its first charge, which was denied, and with its second."""
    first = app.buy()
    ended(app, first, ChargeState.DENIED)
    pump.deliver()
    return first, app.buy()


@pytest.mark.parametrize("state", ENDED)
@pytest.mark.parametrize("method", Method)
def test_a_charge_that_ended_is_replaced_by_the_next_request(
    app: InMemoryApp, pump: MessagePump, method: Method, state: ChargeState
) -> None:
    first = app.buy(method=method)
    ended(app, first, state)
    pump.deliver()
    assert (stored(app, first).instruction, stored(app, first).attempt) == (None, 2)
    again = app.buy(method=method)
    assert again.charge_id != first.charge_id
    assert again.instruction is not None
    assert app.buy(method=method) == again
    app.settle(again)
    pump.until_idle()
    assert stored(app, first).state is OrderState.PAID
    assert app.state.refunds == {}


def test_the_timer_withdraws_it_too(app: InMemoryApp) -> None:
    order = app.buy()
    app.state.charges[order.charge_id].state = ChargeState.DENIED
    app.act_on(CheckOrder(order_id=order.order_id))
    assert stored(app, order).instruction is None


def test_a_report_on_an_earlier_charge_does_not_withdraw_the_present_one(
    app: InMemoryApp, pump: MessagePump
) -> None:
    first, again = charged_again(app, pump)
    app.webhook(first.charge_id)
    pump.deliver()
    assert stored(app, again) == again


def test_money_that_comes_for_the_earlier_charge_all_the_same_pays_or_goes_back(
    app: InMemoryApp, pump: MessagePump
) -> None:
    first, again = charged_again(app, pump)
    app.settle(first)
    pump.deliver()
    assert stored(app, first).payment_id == f"midtrans#tx-{first.charge_id}"
    app.settle(again)
    pump.until_idle()
    assert len(app.state.refunds) == 1
    assert app.ledger().differences == ()


def test_a_charge_that_ends_with_its_order_is_not_replaced(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.state.pass_time(EXPIRES_IN + timedelta(seconds=1))
    ended(app, order, ChargeState.EXPIRED)
    pump.deliver()
    assert stored(app, order).attempt == 1
    assert app.buy().charge_id == order.charge_id


@pytest.mark.parametrize("requested", [False, True])
def test_an_order_whose_charge_ended_early_closes_when_it_expires(
    app: InMemoryApp, pump: MessagePump, *, requested: bool
) -> None:
    """The gateway knows nothing of the next charge: nobody has asked for it."""
    order = app.buy()
    if requested:
        app.request(order.order_id)
    ended(app, order, ChargeState.EXPIRED)
    pump.deliver()
    assert stored(app, order).attempt == 2
    app.act_on(CheckOrder(order_id=order.order_id))
    assert stored(app, order).state is OrderState.PENDING
    app.state.pass_time(EXPIRES_IN + AFTER_EXPIRY)
    app.act_on(CheckOrder(order_id=order.order_id))
    assert stored(app, order).state is OrderState.EXPIRED
    assert all(one.state is SerialState.VOID for one in app.state.serials.values())


def test_a_later_charge_that_was_shown_is_known_to_the_gateway_before_the_order_closes(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order, again = charged_again(app, pump)
    del app.state.charges[again.charge_id]
    app.state.pass_time(EXPIRES_IN + AFTER_EXPIRY)
    app.act_on(CheckOrder(order_id=order.order_id))
    assert stored(app, order).state is OrderState.PENDING


def test_a_later_charge_that_was_shown_is_closed_at_the_gateway_before_its_cancelled_order_is(
    app: InMemoryApp, pump: MessagePump
) -> None:
    """The gateway does not know it for a moment. Its buyer can still pay, and no webhook comes."""
    order, again = charged_again(app, pump)
    unknown = app.state.charges.pop(again.charge_id)
    app.cancel(order.order_id)
    pump.deliver()
    assert stored(app, order).state is OrderState.PENDING
    app.state.charges[again.charge_id] = unknown
    app.ports.gateway.settle(again.charge_id)
    pump.until_idle()
    assert stored(app, order).state is OrderState.CANCELLED
    assert [refund.state for refund in app.state.refunds.values()] == [RefundState.CONFIRMED]
    assert app.ledger().differences == ()


def test_a_later_charge_that_is_being_made_while_its_order_is_cancelled_is_closed_too(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    ended(app, order, ChargeState.EXPIRED)
    pump.deliver()

    def cancel_meanwhile(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Gateway.charge"):
            app.state.hook = lambda _moment, _call: None
            app.cancel(order.order_id)
            pump.deliver()

    app.state.hook = cancel_meanwhile
    again = app.buy()
    assert again.instruction is None
    pump.until_idle()
    assert stored(app, order).state is OrderState.CANCELLED
    assert app.state.charges[again.charge_id].state is ChargeState.EXPIRED
