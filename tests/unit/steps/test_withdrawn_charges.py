"""What takes no money any more is not offered again: the next request makes a new charge."""

from datetime import timedelta

import pytest

from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import ChargeState, Method
from meterai.messages import CheckOrder
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
    first = app.buy()
    ended(app, first, ChargeState.DENIED)
    pump.deliver()
    again = app.buy()
    app.webhook(first.charge_id)
    pump.deliver()
    assert stored(app, again) == again


def test_money_that_comes_for_the_earlier_charge_all_the_same_pays_or_goes_back(
    app: InMemoryApp, pump: MessagePump
) -> None:
    first = app.buy()
    ended(app, first, ChargeState.DENIED)
    pump.deliver()
    again = app.buy()
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
