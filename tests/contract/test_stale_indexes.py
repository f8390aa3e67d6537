"""Indexes in memory may be as stale as AWS's: entries appear late and disappear late."""

from dataclasses import replace
from datetime import timedelta

from meterai.domain.timers import Timer
from tests.contract.backends import MemoryBackend
from tests.contract.factories import ACCOUNT, MINUTE, NOW, a_payment, an_order

LATER = NOW + 60 * MINUTE
LAG = timedelta(seconds=3)


def lagging_place() -> MemoryBackend:
    backend = MemoryBackend()
    backend.state.index_lag = LAG
    return backend


def test_a_new_order_appears_late_in_its_indexes() -> None:
    backend = lagging_place()
    order = backend.orders.put_new(an_order())
    assert backend.orders.get(order.order_id) == order
    assert (list(backend.orders.of_account(ACCOUNT)), list(backend.order_timers.due(LATER))) == (
        [],
        [],
    )
    backend.state.pass_time(LAG)
    assert list(backend.orders.of_account(ACCOUNT)) == [order.order_id]
    assert list(backend.order_timers.due(LATER)) == [order.order_id]


def test_a_finished_order_disappears_late_from_the_due_orders() -> None:
    backend = lagging_place()
    order = backend.orders.put_new(an_order())
    backend.state.pass_time(LAG)
    backend.orders.mark_paid(order, a_payment(order))
    assert list(backend.order_timers.due(LATER)) == [order.order_id]
    backend.state.pass_time(LAG)
    assert list(backend.order_timers.due(LATER)) == []


def test_a_moved_timer_is_due_at_its_old_time_for_a_while() -> None:
    backend = lagging_place()
    order = backend.orders.put_new(an_order(timer=Timer(NOW, LATER)))
    backend.state.pass_time(LAG)
    backend.order_timers.move(order.order_id, NOW, LATER)
    assert list(backend.order_timers.due(NOW)) == [order.order_id]
    assert not backend.order_timers.move(order.order_id, NOW, LATER + MINUTE)
    backend.state.pass_time(LAG)
    assert list(backend.order_timers.due(NOW)) == []
    assert backend.orders.get(order.order_id) == replace(order, timer=Timer(LATER, LATER))
