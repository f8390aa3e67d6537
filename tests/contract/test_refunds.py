"""Refunds: slots given to them once, and one step at a time."""

from dataclasses import replace

import pytest

from meterai.domain.clocks import Clock
from meterai.domain.orders import Order, Refunded
from meterai.domain.refunds import Refund, RefundState
from meterai.ports import OrderMoved
from tests.contract.goods import MINUTE, NOW, a_payment, a_refund, a_stamping, an_order
from tests.contract.places import Place

LATER = NOW + 60 * MINUTE


def paid_order(place: Place) -> Order:
    order = place.orders.put_new(an_order())
    paid = place.orders.mark_paid(order.order_id, a_payment(order))
    assert paid is not None
    return paid


def requested(place: Place) -> Refund:
    order = paid_order(place)
    refund = place.refunds.request(order, a_refund(order))
    assert isinstance(refund, Refund)
    return refund


def test_a_refund_takes_its_slots(place: Place) -> None:
    order = paid_order(place)
    refund = a_refund(order, (0, 2))
    assert place.refunds.get(refund.refund_id) is None
    assert place.refunds.request(order, refund) == refund
    assert place.refunds.get(refund.refund_id) == refund
    given = {0: Refunded(refund.refund_id), 2: Refunded(refund.refund_id)}
    assert place.orders.get(order.order_id) == replace(order, slots=given)
    assert list(place.refund_clocks.due(LATER)) == [refund.refund_id]


def test_a_refund_asked_for_again_is_answered_as_it_stands(place: Place) -> None:
    order = paid_order(place)
    refund = a_refund(order)
    place.refunds.request(order, refund)
    submitted = place.refunds.advance(refund, RefundState.SUBMITTED, NOW, LATER)
    assert place.refunds.request(order, refund) == submitted


def test_a_standing_refund_is_given_no_more_slots(place: Place) -> None:
    order = paid_order(place)
    refund = a_refund(order, (0,))
    place.refunds.request(order, refund)
    current = place.orders.get(order.order_id)
    assert current is not None
    assert place.refunds.request(current, a_refund(order, (1,), body_hash="e" * 32)) == refund
    assert place.refunds.get(refund.refund_id) == refund
    assert place.orders.get(order.order_id) == current


def test_a_slot_that_was_taken_meanwhile_moves_the_order(place: Place) -> None:
    order = paid_order(place)
    place.serials.reserve(order, a_stamping(order, 1))
    current = place.orders.get(order.order_id)
    refund = a_refund(order, (0, 1))
    assert place.refunds.request(order, refund) == OrderMoved()
    assert place.refunds.get(refund.refund_id) is None
    assert place.orders.get(order.order_id) == current


def test_a_reversed_or_unknown_order_is_not_refunded(place: Place) -> None:
    order = paid_order(place)
    current = place.orders.mark_reversed(order.order_id)
    refund = a_refund(order)
    assert place.refunds.request(order, refund) == OrderMoved()
    assert place.refunds.request(an_order("unknown"), refund) == OrderMoved()
    assert place.refunds.get(refund.refund_id) is None
    assert place.orders.get(order.order_id) == current


def test_a_whole_payment_goes_back_another_way(place: Place) -> None:
    order = paid_order(place)
    with pytest.raises(ValueError, match="put_with_refund"):
        place.refunds.request(order, a_refund(order, ()))


def test_a_refund_moves_on_with_its_clock(place: Place) -> None:
    refund = requested(place)
    assert refund.clock is not None
    submitted = place.refunds.advance(refund, RefundState.SUBMITTED, NOW, LATER)
    promise = refund.clock.deadline_at
    assert submitted == replace(refund, state=RefundState.SUBMITTED, clock=Clock(LATER, promise))
    assert place.refunds.get(refund.refund_id) == submitted
    assert list(place.refund_clocks.due(LATER - MINUTE)) == []
    assert list(place.refund_clocks.due(LATER)) == [refund.refund_id]


def test_a_confirmed_refund_has_no_clock(place: Place) -> None:
    refund = requested(place)
    submitted = place.refunds.advance(refund, RefundState.SUBMITTED, NOW, LATER)
    assert submitted is not None
    confirmed = replace(submitted, state=RefundState.CONFIRMED, clock=None, confirmed_at=LATER)
    for _ in range(2):
        assert place.refunds.advance(submitted, RefundState.CONFIRMED, LATER, None) == confirmed
    assert place.refunds.get(refund.refund_id) == confirmed
    assert list(place.refund_clocks.due(LATER)) == []


def test_the_same_step_again_is_answered_alike(place: Place) -> None:
    refund = requested(place)
    submitted = place.refunds.advance(refund, RefundState.SUBMITTED, NOW, LATER)
    assert place.refunds.advance(refund, RefundState.SUBMITTED, NOW, LATER) == submitted


def test_only_one_takes_a_step(place: Place) -> None:
    refund = requested(place)
    submitted = place.refunds.advance(refund, RefundState.SUBMITTED, NOW, LATER)
    assert place.refunds.advance(refund, RefundState.SUBMITTED, NOW, LATER + MINUTE) is None
    assert place.refunds.get(refund.refund_id) == submitted


def test_a_step_from_an_earlier_state_is_not_taken(place: Place) -> None:
    refund = requested(place)
    submitted = place.refunds.advance(refund, RefundState.SUBMITTED, NOW, LATER)
    assert submitted is not None
    waiting = place.refunds.advance(submitted, RefundState.NEEDS_ACCOUNT, NOW, LATER + MINUTE)
    assert place.refunds.advance(submitted, RefundState.CONFIRMED, NOW, None) is None
    assert place.refunds.get(refund.refund_id) == waiting


def test_a_step_that_the_table_of_states_does_not_know_is_a_mistake(place: Place) -> None:
    refund = requested(place)
    with pytest.raises(ValueError, match="does not become"):
        place.refunds.advance(refund, RefundState.CONFIRMED, NOW, None)


def test_an_unknown_refund_does_not_move(place: Place) -> None:
    refund = a_refund(an_order())
    assert place.refunds.advance(refund, RefundState.SUBMITTED, NOW, LATER) is None
    assert place.refunds.get(refund.refund_id) is None
