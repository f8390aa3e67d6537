"""Indexes in memory may be as stale as AWS's: entries appear late and vanish late."""

from dataclasses import replace
from datetime import timedelta

from meterai.domain.clocks import Clock
from tests.contract.goods import ACCOUNT, MINUTE, NOW, a_payment, an_order
from tests.contract.places import MemoryPlace

LATER = NOW + 60 * MINUTE
LAG = timedelta(seconds=3)


def lagging_place() -> MemoryPlace:
    place = MemoryPlace()
    place.world.index_lag = LAG
    return place


def test_a_new_order_appears_late_in_its_indexes() -> None:
    place = lagging_place()
    order = place.orders.put_new(an_order())
    assert place.orders.get(order.order_id) == order
    assert (list(place.orders.of_account(ACCOUNT)), list(place.order_clocks.due(LATER))) == ([], [])
    place.world.pass_time(LAG)
    assert list(place.orders.of_account(ACCOUNT)) == [order.order_id]
    assert list(place.order_clocks.due(LATER)) == [order.order_id]


def test_a_finished_order_vanishes_late_from_what_is_due() -> None:
    place = lagging_place()
    order = place.orders.put_new(an_order())
    place.world.pass_time(LAG)
    place.orders.mark_paid(order.order_id, a_payment(order))
    assert list(place.order_clocks.due(LATER)) == [order.order_id]
    place.world.pass_time(LAG)
    assert list(place.order_clocks.due(LATER)) == []


def test_a_clock_that_was_set_on_is_due_at_its_old_time_for_a_while() -> None:
    place = lagging_place()
    order = place.orders.put_new(an_order(clock=Clock(NOW, LATER)))
    place.world.pass_time(LAG)
    place.order_clocks.move(order.order_id, NOW, LATER)
    assert list(place.order_clocks.due(NOW)) == [order.order_id]
    assert not place.order_clocks.move(order.order_id, NOW, LATER + MINUTE)
    place.world.pass_time(LAG)
    assert list(place.order_clocks.due(NOW)) == []
    assert place.orders.get(order.order_id) == replace(order, clock=Clock(LATER, LATER))
