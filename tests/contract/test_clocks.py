"""Alarm clocks: what is due, oldest first over all shards, and a clock set on by a condition."""

from dataclasses import replace

from meterai.domain.clocks import Clock, due_shard
from tests.contract.goods import MINUTE, NOW, a_payment, a_refund, a_stamping, an_order
from tests.contract.places import Place

LATER = NOW + 60 * MINUTE


def test_what_is_due_comes_oldest_first(place: Place) -> None:
    orders = [
        an_order(str(n), clock=Clock(NOW + minutes * MINUTE, LATER))
        for n, minutes in enumerate((5, 1, 4, 2, 3, 6))
    ]
    assert len({due_shard(order.order_id) for order in orders}) > 3
    for order in orders:
        place.orders.put_new(order)
    oldest_first = [orders[n].order_id for n in (1, 3, 4, 2, 0)]
    assert list(place.order_clocks.due(NOW + 5 * MINUTE)) == oldest_first
    assert list(place.order_clocks.due(NOW)) == []


def test_each_kind_of_item_has_its_own_clocks(place: Place) -> None:
    order = place.orders.put_new(an_order())
    stamping = a_stamping(order, 0, 1)
    place.serials.reserve(order, stamping)
    refund = a_refund(order, ())
    place.payments.put_with_refund(a_payment(order), refund)
    assert list(place.order_clocks.due(LATER)) == [order.order_id]
    assert list(place.serial_clocks.due(LATER)) == [stamping[0].serial]
    assert list(place.refund_clocks.due(LATER)) == [refund.refund_id]


def test_a_clock_is_set_on(place: Place) -> None:
    order = place.orders.put_new(an_order())
    assert order.clock is not None
    for _ in range(2):
        assert place.order_clocks.move(order.order_id, order.clock.due_at, LATER)
        moved = replace(order, clock=Clock(LATER, order.clock.deadline_at))
        assert place.orders.get(order.order_id) == moved
    assert list(place.order_clocks.due(LATER - MINUTE)) == []
    assert list(place.order_clocks.due(LATER)) == [order.order_id]


def test_a_clock_that_was_set_on_meanwhile_is_left_alone(place: Place) -> None:
    order = place.orders.put_new(an_order())
    assert order.clock is not None
    place.order_clocks.move(order.order_id, order.clock.due_at, LATER)
    moved = place.orders.get(order.order_id)
    assert not place.order_clocks.move(order.order_id, order.clock.due_at, LATER + MINUTE)
    assert place.orders.get(order.order_id) == moved


def test_what_is_finished_or_unknown_gets_no_clock(place: Place) -> None:
    order = place.orders.put_new(an_order())
    assert order.clock is not None
    paid = place.orders.mark_paid(order.order_id, a_payment(order))
    assert not place.order_clocks.move(order.order_id, order.clock.due_at, LATER)
    assert place.orders.get(order.order_id) == paid
    unknown = an_order("unknown").order_id
    assert not place.order_clocks.move(unknown, order.clock.due_at, LATER)
    assert place.orders.get(unknown) is None
