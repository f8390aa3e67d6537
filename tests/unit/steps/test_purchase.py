"""Buying: one intention is one order and one charge, however often and however many at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.clocks import FIRST_LOOK, GATEWAY_PATIENCE, Clock
from meterai.domain.errors import KeyReused, QuantityOutOfRange, Unavailable
from meterai.domain.orders import Order, OrderState
from meterai.domain.payments import ChargeState, Instruction, Method
from tests.fakes.world import Moment
from tests.unit.steps.office import BUYER, EXPIRES_IN, PRICE_IDR, Office


def lose(office: Office, lost: str, at: Moment = "after") -> None:
    """The answer to the next call of this name is lost, or before: the call itself."""

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == (at, lost):
            office.world.hook = lambda _moment, _call: None
            raise Unavailable(party=call)

    office.world.hook = hook


def test_an_order_stands_with_its_charge_and_says_how_to_pay(office: Office) -> None:
    order = office.buy(quantity=3)
    now = office.world.now
    charge = office.world.charges[order.charge_id]
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
        clock=Clock(now + FIRST_LOOK, now + EXPIRES_IN),
        instruction=Instruction(
            Method.QRIS,
            f"00020101021226{order.charge_id}6304",
            f"https://gateway.example/qris/{order.charge_id}/qr-code",
            None,
            None,
        ),
    )
    assert office.world.orders == {order.order_id: order}
    assert (charge.amount_idr, charge.expires_at) == (3 * PRICE_IDR, now + EXPIRES_IN)


def test_the_same_key_is_the_same_answer_for_ever(office: Office) -> None:
    order = office.buy()
    office.world.pass_time(timedelta(minutes=10))
    assert office.buy() == order
    office.settle(order)
    office.act_on(office.world.payments_lane.popleft().message)
    paid = office.world.orders[order.order_id]
    office.world.pass_time(timedelta(days=400))
    assert office.buy() == paid
    assert list(office.world.charges) == [order.charge_id]


def test_the_same_key_with_another_body_is_refused(office: Office) -> None:
    order = office.buy(quantity=2)
    with pytest.raises(KeyReused):
        office.buy(quantity=3)
    with pytest.raises(KeyReused):
        office.buy(quantity=2, method=Method.VIRTUAL_ACCOUNT)
    assert office.world.orders == {order.order_id: order}


def test_the_same_key_of_another_account_is_another_order(office: Office) -> None:
    assert office.buy(by="one").order_id != office.buy(by="other").order_id


@pytest.mark.parametrize("quantity", [-1, 0, 9])
def test_an_order_holds_one_to_eight(office: Office, quantity: int) -> None:
    with pytest.raises(QuantityOutOfRange) as refused:
        office.buy(quantity=quantity)
    assert refused.value.values == {"quantity": quantity, "largest": 8}
    assert office.world.orders == {}


def test_fifty_at_once_are_one_order_and_one_charge(office: Office) -> None:
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: office.buy(), range(50)))
    assert {answer.order_id for answer in answers} == set(office.world.orders)
    assert len(office.world.orders) == len(office.world.charges) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_retry_goes_on_where_the_order_could_not_be_written(
    office: Office, moment: Moment
) -> None:
    lose(office, "Orders.put_new", moment)
    with pytest.raises(Unavailable):
        office.buy()
    assert office.buy().instruction is not None
    assert len(office.world.orders) == len(office.world.charges) == 1


def test_while_another_request_may_be_at_it_a_charge_is_left_alone(office: Office) -> None:
    lose(office, "Gateway.charge")
    with pytest.raises(Unavailable):
        office.buy()
    office.world.pass_time(GATEWAY_PATIENCE - timedelta(microseconds=1))
    order = office.buy()
    assert (order.attempt, order.instruction) == (1, None)
    assert office.world.charges[order.charge_id].state is ChargeState.PENDING


def test_a_charge_whose_answer_was_lost_is_closed_and_made_anew(office: Office) -> None:
    lose(office, "Gateway.charge")
    with pytest.raises(Unavailable):
        office.buy()
    office.world.pass_time(GATEWAY_PATIENCE)
    order = office.buy()
    assert order.attempt == 2
    assert order.instruction is not None
    first, second = office.world.charges.values()
    assert (first.state, second.state) == (ChargeState.EXPIRED, ChargeState.PENDING)
    assert second.charge_id == order.charge_id
    assert office.buy() == order


def test_a_virtual_account_is_read_back_and_needs_no_second_charge(office: Office) -> None:
    lose(office, "Gateway.charge")
    with pytest.raises(Unavailable):
        office.buy(method=Method.VIRTUAL_ACCOUNT)
    order = office.buy(method=Method.VIRTUAL_ACCOUNT)
    assert order.attempt == 1
    assert order.instruction is not None
    assert order.instruction.va_number == "333333333333333"


def test_many_who_repeat_a_lost_charge_at_once_are_all_shown_the_one_that_can_be_paid(
    office: Office,
) -> None:
    lose(office, "Gateway.charge")
    with pytest.raises(Unavailable):
        office.buy()
    office.world.pass_time(GATEWAY_PATIENCE)
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda _: office.buy(), range(8)))
    order = office.buy()
    assert order.instruction is not None
    open_charges = {
        charge.charge_id
        for charge in office.world.charges.values()
        if charge.state is ChargeState.PENDING
    }
    assert open_charges == {order.charge_id}


def test_an_answer_that_comes_at_the_last_moment_is_not_taken_from_who_was_shown_it(
    office: Office,
) -> None:
    lose(office, "Gateway.charge")
    with pytest.raises(Unavailable):
        office.buy()
    [order] = office.world.orders.values()
    shown = Instruction(Method.QRIS, "a QR", None, None, None)

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Orders.next_attempt"):
            office.world.orders[order.order_id] = replace(order, instruction=shown)

    office.world.pass_time(GATEWAY_PATIENCE)
    office.world.hook = hook
    assert office.buy() == replace(order, instruction=shown)
    assert office.world.charges[order.charge_id].state is ChargeState.PENDING


def test_an_order_past_its_expiry_is_not_charged(office: Office) -> None:
    lose(office, "Gateway.charge", "before")
    with pytest.raises(Unavailable):
        office.buy()
    office.world.pass_time(EXPIRES_IN)
    assert office.buy().instruction is None
    assert office.world.charges == {}
