"""The sweep: timers find lost messages; nothing is sent again that only waits its turn."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.orders.orders import Refunded
from meterai.domain.refunds.refunds import RefundReason, RefundState
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.domain.timers import (
    AFTER_EXPIRY,
    FIRST_CHECK,
    RESEND_AFTER,
    UNREACHED_AFTER,
    UNREACHED_IN_BULK_AFTER,
    Timer,
)
from meterai.messages import CheckOrder, ExecuteRefund, StampDocument
from tests.fakes.in_memory_state import Letter, Moment
from tests.fakes.ports import PRICE_IDR, PROMISE
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump
from tests.unit.steps.snapshots import near_deadline


@pytest.fixture
def lost(app: InMemoryApp, pump: MessagePump) -> EMeterai:
    """A paid stamping whose message was lost."""
    order = app.buy()
    app.settle(order)
    pump.deliver()
    first = app.request(order.order_id)
    app.state.stamping_lane.clear()
    return first


def stored(app: InMemoryApp, first: EMeterai) -> EMeterai:
    return app.state.serials[first.serial]


def test_a_lost_message_is_sent_again_and_the_work_is_finished(
    app: InMemoryApp, pump: MessagePump, lost: EMeterai
) -> None:
    app.state.pass_time(RESEND_AFTER - timedelta(microseconds=1))
    assert app.sweep() == 0
    app.state.pass_time(timedelta(microseconds=1))
    assert app.sweep() == 1
    assert [letter.message for letter in app.state.stamping_lane] == [
        StampDocument(serials=lost.serials)
    ]
    pump.deliver()
    assert stored(app, lost).state is SerialState.STAMPED


@pytest.mark.usefixtures("lost")
def test_the_timer_is_moved_before_the_message_is_sent(app: InMemoryApp) -> None:
    calls = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    app.state.pass_time(RESEND_AFTER)
    app.sweep()
    assert calls[:3] == ["TimerIndex.due", "TimerIndex.due", "Serials.get"]
    assert calls[3:] == [
        "Orders.get",
        "TimerIndex.move",
        "Lanes.is_idle",
        "Lanes.stamp",
        "TimerIndex.due",
    ]


def test_the_next_check_is_after_as_long_again_but_never_after_the_promise(
    app: InMemoryApp, lost: EMeterai
) -> None:
    checks = []
    while (timer := stored(app, lost).timer) and timer.next_check_at < timer.deadline_at:
        app.state.now = timer.next_check_at
        checks.append(app.state.now - lost.requested_at)
        app.sweep()
        app.state.stamping_lane.clear()
    minutes = [check // timedelta(minutes=1) for check in checks]
    assert minutes == [5, 10, 20, 40, 80, 160, 320, 640, 1280]
    assert timer == Timer(lost.requested_at + PROMISE, lost.requested_at + PROMISE)


def test_a_message_that_the_lane_has_not_reached_yet_is_not_sent_again(
    app: InMemoryApp, lost: EMeterai
) -> None:
    other = Letter(StampDocument(serials=lost.serials), "somebody else")
    app.state.stamping_lane.append(other)
    for minutes in (5, 10, 20):
        app.state.now = lost.requested_at + timedelta(minutes=minutes)
        assert app.sweep() == 1
        assert list(app.state.stamping_lane) == [other]
    app.state.now = lost.requested_at + max(UNREACHED_AFTER, timedelta(minutes=40))
    app.sweep()
    assert len(app.state.stamping_lane) == 2, "by now it may be lost all the same"


def test_bulk_work_is_sent_again_once_its_own_lane_is_idle_or_after_hours(app: InMemoryApp) -> None:
    order = app.buy(quantity=2)
    app.settle(order)
    app.act_on(app.state.payments_lane.popleft().message)
    bulk = app.request(order.order_id, "bulk", allow_duplicate=True, bulk=True)
    (letter,) = app.state.bulk_lane
    assert letter.message == StampDocument(serials=bulk.serials, bulk=True)
    for minutes in (5, 10, 20, 40, 80, 160):
        app.state.now = bulk.requested_at + timedelta(minutes=minutes)
        app.sweep()
        assert list(app.state.bulk_lane) == [letter], "the lane is long, and nothing is lost"
    app.state.now = bulk.requested_at + UNREACHED_IN_BULK_AFTER
    app.sweep()
    assert list(app.state.bulk_lane) == [letter, letter]
    assert not app.state.stamping_lane


def test_work_near_its_portals_deadline_is_sent_again_to_the_urgent_lane(app: InMemoryApp) -> None:
    order = app.buy(quantity=1)
    app.settle(order)
    app.act_on(app.state.payments_lane.popleft().message)
    first = app.request(order.order_id, portal="sscasn")
    app.state.stamping_lane.clear()
    app.state.pass_time(RESEND_AFTER)
    app.state.snapshot = near_deadline(app.state.now)
    app.sweep()
    assert [letter.message for letter in app.state.urgent_lane] == [
        StampDocument(serials=first.serials)
    ]
    assert not app.state.stamping_lane


def test_with_a_stale_index_the_sweep_checks_and_does_nothing(
    app: InMemoryApp, lost: EMeterai
) -> None:
    app.state.index_lag = timedelta(minutes=1)
    app.state.pass_time(RESEND_AFTER + timedelta(minutes=1))
    app.sweep()
    app.state.stamping_lane.clear()
    moved = stored(app, lost)
    assert app.sweep() == 1
    assert stored(app, lost) == moved
    assert not app.state.stamping_lane


@pytest.mark.usefixtures("lost")
def test_of_two_concurrent_sweeps_one_sends(app: InMemoryApp) -> None:
    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "TimerIndex.move"):
            app.state.hook = lambda _moment, _call: None
            app.state.pass_time(timedelta(seconds=1))
            app.sweep()

    app.state.pass_time(RESEND_AFTER)
    app.state.hook = hook
    app.sweep()
    assert len(app.state.stamping_lane) == 1


def test_one_item_that_fails_does_not_delay_the_others(app: InMemoryApp, lost: EMeterai) -> None:
    other = app.request(lost.order_id, "other", allow_duplicate=True)
    app.state.stamping_lane.clear()
    app.state.hook = fail_once("Serials.get")
    app.state.pass_time(RESEND_AFTER)
    assert app.sweep() == 2
    assert len(app.state.stamping_lane) == 1
    app.state.stamping_lane.clear()
    assert app.sweep() == 1
    assert len(app.state.stamping_lane) == 1
    assert stored(app, other).timer != other.timer
    assert stored(app, lost).timer != lost.timer


def fail_once(name: str) -> Callable[[Moment, str], None]:
    failed: list[str] = []

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", name) and not failed:
            failed.append(call)
            raise Unavailable(party=call)

    return hook


def test_a_stamping_not_executed_by_its_promise_is_refunded_exactly_once(
    app: InMemoryApp, pump: MessagePump, lost: EMeterai
) -> None:
    pump.stamping_moves = False
    app.state.now = lost.requested_at + PROMISE
    app.sweep()
    voided = stored(app, lost)
    assert (voided.state, voided.void_reason) == (SerialState.VOID, VoidReason.NOT_EXECUTED)
    [refund] = app.state.refunds.values()
    assert (refund.amount_idr, refund.slots, refund.reason) == (
        PRICE_IDR,
        (lost.slot,),
        RefundReason.NOT_EXECUTED,
    )
    assert app.state.orders[lost.order_id].slots == {lost.slot: Refunded(refund.refund_id)}
    assert [letter.message for letter in app.state.refunds_lane] == [
        ExecuteRefund(refund_id=refund.refund_id)
    ]
    pump.until_idle()
    assert app.state.refunds[refund.refund_id].state is RefundState.CONFIRMED
    assert len(app.state.charges[refund.charge_id].refunds) == 1
    assert app.ledger().differences == ()


def test_just_before_the_promise_it_is_still_sent(app: InMemoryApp, lost: EMeterai) -> None:
    app.state.now = lost.requested_at + PROMISE - timedelta(microseconds=1)
    app.sweep()
    assert len(app.state.stamping_lane) == 1
    assert app.state.refunds == {}


def test_an_order_is_checked_when_its_timer_fires(app: InMemoryApp) -> None:
    order = app.buy()
    app.state.pass_time(FIRST_CHECK)
    app.sweep()
    assert [letter.message for letter in app.state.payments_lane] == [
        CheckOrder(order_id=order.order_id)
    ]
    moved = app.state.orders[order.order_id].timer
    assert moved == Timer(app.state.now + FIRST_CHECK, order.expires_at)
    assert app.sweep() == 0


def test_reserved_serials_of_a_payment_that_never_comes_are_void(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    first = app.request(order.order_id)
    pump.until_idle()
    assert app.state.now >= order.expires_at + AFTER_EXPIRY
    voided = stored(app, first)
    assert (voided.state, voided.void_reason) == (SerialState.VOID, VoidReason.ORDER_EXPIRED)
    assert app.state.orders[order.order_id].slots == {}
    assert app.ledger(BUYER).differences == ()


def test_a_stamping_whose_order_waits_for_a_lost_charge_is_not_checked_every_minute(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    first = app.request(order.order_id)
    app.state.charges.clear()
    calls = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    pump.until_idle()
    assert stored(app, first).void_reason is VoidReason.ORDER_EXPIRED
    assert calls.count("Serials.get") <= 30, "a day of hourly checks"
