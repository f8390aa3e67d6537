"""Timers: due ones come oldest first over all shards, and a condition guards each move."""

from dataclasses import replace

from meterai.domain.timers import Timer, timer_shard
from tests.contract.backends import Backend
from tests.contract.factories import MINUTE, NOW, a_payment, a_refund, a_stamping, an_order

LATER = NOW + 60 * MINUTE


def test_due_timers_come_oldest_first(backend: Backend) -> None:
    orders = [
        an_order(str(n), timer=Timer(NOW + minutes * MINUTE, LATER))
        for n, minutes in enumerate((5, 1, 4, 2, 3, 6))
    ]
    assert len({timer_shard(order.order_id) for order in orders}) > 3
    for order in orders:
        backend.orders.put_new(order)
    oldest_first = [orders[n].order_id for n in (1, 3, 4, 2, 0)]
    assert list(backend.order_timers.due(NOW + 5 * MINUTE)) == oldest_first
    assert list(backend.order_timers.due(NOW)) == []


def test_each_kind_of_item_has_its_own_timers(backend: Backend) -> None:
    order = backend.orders.put_new(an_order())
    stamping = a_stamping(order, 0, 1)
    backend.serials.reserve(order, stamping)
    refund = a_refund(order, ())
    backend.payments.put_with_refund(a_payment(order), refund)
    assert list(backend.order_timers.due(LATER)) == [order.order_id]
    assert list(backend.serial_timers.due(LATER)) == [stamping[0].serial]
    assert list(backend.refund_timers.due(LATER)) == [refund.refund_id]


def test_a_timer_is_moved(backend: Backend) -> None:
    order = backend.orders.put_new(an_order())
    assert order.timer is not None
    for _ in range(2):
        assert backend.order_timers.move(order.order_id, order.timer.next_check_at, LATER)
        moved = replace(order, timer=Timer(LATER, order.timer.deadline_at))
        assert backend.orders.get(order.order_id) == moved
    assert list(backend.order_timers.due(LATER - MINUTE)) == []
    assert list(backend.order_timers.due(LATER)) == [order.order_id]


def test_a_timer_that_was_moved_meanwhile_is_not_moved_again(backend: Backend) -> None:
    order = backend.orders.put_new(an_order())
    assert order.timer is not None
    backend.order_timers.move(order.order_id, order.timer.next_check_at, LATER)
    moved = backend.orders.get(order.order_id)
    assert not backend.order_timers.move(order.order_id, order.timer.next_check_at, LATER + MINUTE)
    assert backend.orders.get(order.order_id) == moved


def test_finished_and_unknown_items_get_no_timer(backend: Backend) -> None:
    order = backend.orders.put_new(an_order())
    assert order.timer is not None
    paid = backend.orders.mark_paid(order, a_payment(order))
    assert not backend.order_timers.move(order.order_id, order.timer.next_check_at, LATER)
    assert backend.orders.get(order.order_id) == paid
    unknown = an_order("unknown").order_id
    assert not backend.order_timers.move(unknown, order.timer.next_check_at, LATER)
    assert backend.orders.get(unknown) is None
