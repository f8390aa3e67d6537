"""Buying: one request is one order and one charge, however often and concurrently it is sent."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import (
    ChargeRefused,
    GatewayRefused,
    KeyReused,
    MeteraiError,
    QuantityOutOfRange,
    Unavailable,
)
from meterai.domain.metrics import Metric
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import ChargeState, Instruction, Method
from meterai.domain.timers import CHARGE_TIMEOUT, FIRST_CHECK, Timer
from tests.fakes.in_memory_state import Moment, fails
from tests.fakes.ports import EXPIRES_IN, PRICE_IDR
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp


def lose(app: InMemoryApp, lost: str, at: Moment = "after") -> None:
    """The response to the next call of this name is lost, or the call itself (`before`)."""

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == (at, lost):
            app.state.hook = lambda _moment, _call: None
            raise Unavailable(party=call)

    app.state.hook = hook


def test_an_order_is_stored_with_its_charge_and_its_payment_instruction(app: InMemoryApp) -> None:
    order = app.buy(quantity=3)
    now = app.state.now
    charge = app.state.charges[order.charge_id]
    assert order == Order(
        order_id=order.order_id,
        account=BUYER,
        state=OrderState.PENDING,
        quantity=3,
        unit_price_idr=PRICE_IDR,
        method=Method.QRIS,
        body_hash=order.body_hash,
        created_at=now,
        expires_at=now + EXPIRES_IN,
        attempt=1,
        timer=Timer(now + FIRST_CHECK, now + EXPIRES_IN),
        instruction=Instruction(
            Method.QRIS,
            f"00020101021226{order.charge_id}6304",
            f"https://gateway.example/qris/{order.charge_id}/qr-code",
            None,
            None,
        ),
    )
    assert app.state.orders == {order.order_id: order}
    assert (charge.amount_idr, charge.expires_at) == (3 * PRICE_IDR, now + EXPIRES_IN)


def test_the_same_key_always_gets_the_same_answer(app: InMemoryApp) -> None:
    order = app.buy()
    app.state.pass_time(timedelta(minutes=10))
    assert app.buy() == order
    app.settle(order)
    app.act_on(app.state.payments_lane.popleft().message)
    paid = app.state.orders[order.order_id]
    app.state.pass_time(timedelta(days=400))
    assert app.buy() == paid
    assert list(app.state.charges) == [order.charge_id]


def test_the_same_key_with_another_body_is_refused(app: InMemoryApp) -> None:
    order = app.buy(quantity=2)
    with pytest.raises(KeyReused):
        app.buy(quantity=3)
    with pytest.raises(KeyReused):
        app.buy(quantity=2, method=Method.VIRTUAL_ACCOUNT)
    assert app.state.orders == {order.order_id: order}


def test_the_same_key_of_another_account_is_another_order(app: InMemoryApp) -> None:
    assert app.buy(by="one").order_id != app.buy(by="other").order_id


@pytest.mark.parametrize("quantity", [-1, 0, 9])
def test_an_order_has_one_to_eight_slots(app: InMemoryApp, quantity: int) -> None:
    with pytest.raises(QuantityOutOfRange) as refused:
        app.buy(quantity=quantity)
    assert refused.value.values == {"quantity": quantity, "max_quantity": 8}
    assert app.state.orders == {}


def test_fifty_at_once_are_one_order_and_one_charge(app: InMemoryApp) -> None:
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: app.buy(), range(50)))
    assert {answer.order_id for answer in answers} == set(app.state.orders)
    assert len(app.state.orders) == len(app.state.charges) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_retry_resumes_where_the_order_could_not_be_stored(
    app: InMemoryApp, moment: Moment
) -> None:
    lose(app, "Orders.put_new", moment)
    with pytest.raises(Unavailable):
        app.buy()
    assert app.buy().instruction is not None
    assert len(app.state.orders) == len(app.state.charges) == 1


def test_a_charge_that_another_request_may_be_creating_is_left_alone(app: InMemoryApp) -> None:
    lose(app, "Gateway.charge")
    with pytest.raises(Unavailable):
        app.buy()
    app.state.pass_time(CHARGE_TIMEOUT - timedelta(microseconds=1))
    order = app.buy()
    assert (order.attempt, order.instruction) == (1, None)
    assert app.state.charges[order.charge_id].state is ChargeState.PENDING


def test_a_charge_whose_response_was_lost_is_closed_and_made_again(app: InMemoryApp) -> None:
    lose(app, "Gateway.charge")
    with pytest.raises(Unavailable):
        app.buy()
    app.state.pass_time(CHARGE_TIMEOUT)
    order = app.buy()
    assert order.attempt == 2
    assert order.instruction is not None
    first, second = app.state.charges.values()
    assert (first.state, second.state) == (ChargeState.EXPIRED, ChargeState.PENDING)
    assert second.charge_id == order.charge_id
    assert app.buy() == order


def test_a_virtual_account_is_read_back_and_needs_no_second_charge(app: InMemoryApp) -> None:
    lose(app, "Gateway.charge")
    with pytest.raises(Unavailable):
        app.buy(method=Method.VIRTUAL_ACCOUNT)
    order = app.buy(method=Method.VIRTUAL_ACCOUNT)
    assert order.attempt == 1
    assert order.instruction is not None
    assert order.instruction.va_number == "333333333333333"


def test_concurrent_retries_of_a_lost_charge_all_get_the_one_that_can_be_paid(
    app: InMemoryApp,
) -> None:
    lose(app, "Gateway.charge")
    with pytest.raises(Unavailable):
        app.buy()
    app.state.pass_time(CHARGE_TIMEOUT)
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda _: app.buy(), range(8)))
    order = app.buy()
    assert order.instruction is not None
    open_charges = {
        charge.charge_id
        for charge in app.state.charges.values()
        if charge.state is ChargeState.PENDING
    }
    assert open_charges == {order.charge_id}


def test_an_instruction_that_arrives_at_the_last_moment_is_kept(
    app: InMemoryApp,
) -> None:
    lose(app, "Gateway.charge")
    with pytest.raises(Unavailable):
        app.buy()
    [order] = app.state.orders.values()
    shown = Instruction(Method.QRIS, "a QR", None, None, None)

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Orders.next_attempt"):
            app.state.orders[order.order_id] = replace(order, instruction=shown)

    app.state.pass_time(CHARGE_TIMEOUT)
    app.state.hook = hook
    assert app.buy() == replace(order, instruction=shown)
    assert app.state.charges[order.charge_id].state is ChargeState.PENDING


def test_an_order_past_its_expiry_is_not_charged(app: InMemoryApp) -> None:
    lose(app, "Gateway.charge", "before")
    with pytest.raises(Unavailable):
        app.buy()
    app.state.pass_time(EXPIRES_IN)
    assert app.buy().instruction is None
    assert app.state.charges == {}


def test_a_sale_is_counted_once_however_often_it_is_repeated(app: InMemoryApp) -> None:
    app.buy(quantity=3)
    app.state.pass_time(timedelta(seconds=1))
    app.buy(quantity=3)
    app.buy(quantity=1, by="another")
    assert app.ports.demand_reporter.sales == [(3, False), (1, False)]


def test_a_sale_that_the_gateway_did_not_charge_is_not_counted(app: InMemoryApp) -> None:
    lose(app, "Gateway.charge", "before")
    with pytest.raises(Unavailable):
        app.buy()
    assert app.ports.demand_reporter.sales == []


@pytest.mark.parametrize(
    ("status_code", "expected"), [(402, ChargeRefused), (403, ChargeRefused), (401, Unavailable)]
)
def test_each_refused_charge_is_counted_for_the_operator(
    app: InMemoryApp, status_code: int, expected: type[MeteraiError]
) -> None:
    app.state.hook = fails("Gateway.charge", GatewayRefused(status_code=status_code))
    for _ in range(2):
        with pytest.raises(expected):
            app.buy()
    assert app.ports.metrics.recorded == [(Metric.CHARGE_REFUSED, 1)] * 2
