"""An order that its buyer gives up: closed by the gateway's word, and no money lost on the way."""

from datetime import timedelta

import pytest

from meterai.domain.errors import NotFound, OrderClosed, OrderPaid
from meterai.domain.orders import Order, OrderState
from meterai.domain.payments import ChargeState
from meterai.domain.refunds import RefundReason
from meterai.domain.stampings import SerialState, VoidReason
from meterai.messages import OrderIsDue
from meterai.steps.confirm_payment import UNKNOWN_MEANS_NEVER_MADE
from tests.fakes.world import Moment
from tests.unit.steps.office import EXPIRES_IN, Office
from tests.unit.steps.postman import Postman

SOON = timedelta(minutes=1)


def standing(office: Office, order: Order) -> Order:
    return office.world.orders[order.order_id]


def test_a_cancelled_order_is_closed_at_the_gateway_and_its_emeterai_are_void(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    first = office.request(order.order_id)
    given_up = office.cancel(order.order_id)
    assert (given_up.state, given_up.instruction) == (OrderState.PENDING, None)
    postman.deliver()
    closed = standing(office, order)
    assert (closed.state, closed.clock) == (OrderState.CANCELLED, None)
    assert office.world.charges[order.charge_id].state is ChargeState.EXPIRED
    voided = office.world.serials[first.serial]
    assert (voided.state, voided.void_reason) == (SerialState.VOID, VoidReason.ORDER_CANCELLED)


def test_a_lost_message_is_made_good_by_the_orders_clock(office: Office, postman: Postman) -> None:
    order = office.buy()
    office.cancel(order.order_id)
    office.world.payments_lane.clear()
    office.world.pass_time(SOON)
    office.sweep()
    postman.deliver()
    assert standing(office, order).state is OrderState.CANCELLED


def test_it_may_be_cancelled_again_and_again(office: Office, postman: Postman) -> None:
    order = office.buy()
    given_up = office.cancel(order.order_id)
    office.world.pass_time(SOON)
    assert office.cancel(order.order_id) == given_up
    assert [letter.message for letter in office.world.payments_lane] == [
        OrderIsDue(order_id=order.order_id)
    ] * 2
    postman.deliver()
    cancelled = standing(office, order)
    assert office.cancel(order.order_id) == cancelled
    assert not office.world.payments_lane


def test_what_the_gateway_does_not_know_yet_is_not_closed(office: Office) -> None:
    """A purchase may be at the gateway's door at this moment."""
    order = office.buy()
    charges = dict(office.world.charges)
    office.world.charges.clear()
    office.cancel(order.order_id)
    office.act_on(OrderIsDue(order_id=order.order_id))
    assert standing(office, order).state is OrderState.PENDING
    office.world.charges.update(charges)
    office.act_on(OrderIsDue(order_id=order.order_id))
    assert standing(office, order).state is OrderState.CANCELLED


def test_what_the_gateway_never_knew_is_closed_after_a_day(office: Office) -> None:
    order = office.buy()
    office.world.charges.clear()
    office.cancel(order.order_id)
    office.world.pass_time(UNKNOWN_MEANS_NEVER_MADE)
    office.act_on(OrderIsDue(order_id=order.order_id))
    assert standing(office, order).state is OrderState.CANCELLED


def test_a_repeated_purchase_does_not_charge_what_was_cancelled(office: Office) -> None:
    order = office.buy()
    given_up = office.cancel(order.order_id)
    office.world.pass_time(SOON)
    assert office.buy() == given_up
    assert list(office.world.charges) == [order.charge_id]


def test_a_purchase_that_is_at_the_gateway_meanwhile_tells_nobody_how_to_pay(
    office: Office, postman: Postman
) -> None:
    def cancel_meanwhile(moment: Moment, call: str) -> None:
        if (moment, call) == ("after", "Gateway.charge"):
            office.world.hook = lambda _moment, _call: None
            office.cancel(next(iter(office.world.orders)))

    office.world.hook = cancel_meanwhile
    order = office.buy()
    assert (order.is_given_up, order.instruction) == (True, None)
    postman.until_quiet()
    assert standing(office, order).state is OrderState.CANCELLED


def test_what_had_expired_already_keeps_its_time(office: Office) -> None:
    order = office.buy()
    office.world.pass_time(EXPIRES_IN + timedelta(seconds=30))
    given_up = office.cancel(order.order_id)
    assert given_up.expires_at == order.expires_at
    assert given_up.cancelled_at == office.world.now


def test_nothing_is_taken_from_what_was_cancelled(office: Office) -> None:
    order = office.buy()
    office.cancel(order.order_id)
    office.upload()
    with pytest.raises(OrderClosed):
        office.request(order.order_id)


def test_money_that_settled_before_pays_the_order(office: Office, postman: Postman) -> None:
    order = office.buy()
    office.ports.gateway.settle(order.charge_id)
    office.cancel(order.order_id)
    postman.deliver()
    assert standing(office, order).state is OrderState.PAID
    with pytest.raises(OrderPaid):
        office.cancel(order.order_id)


@pytest.mark.parametrize("closed", [True, False])
def test_money_that_settles_afterwards_goes_back(
    office: Office, postman: Postman, *, closed: bool
) -> None:
    order = office.buy()
    office.cancel(order.order_id)
    if closed:
        postman.deliver()
    office.world.pass_time(SOON)
    office.settle(order)
    postman.until_quiet()
    assert standing(office, order).state is OrderState.CANCELLED
    [refund] = office.world.refunds.values()
    assert (refund.reason, refund.amount_idr) == (RefundReason.LATE_PAYMENT, order.amount_idr)
    assert office.books().differences == ()


def test_an_expired_order_is_answered_as_it_stands(office: Office, postman: Postman) -> None:
    order = office.buy()
    office.world.pass_time(2 * EXPIRES_IN)
    postman.until_quiet()
    assert office.cancel(order.order_id).state is OrderState.EXPIRED


def test_anothers_order_does_not_exist(office: Office) -> None:
    order = office.buy()
    with pytest.raises(NotFound):
        office.cancel(order.order_id, by="somebody else")
    assert standing(office, order) == order
