"""The sweeper: a lost message is found by a clock; nothing is sent that only waits its turn."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from meterai.domain.clocks import (
    AFTER_EXPIRY,
    FIRST_LOOK,
    RESEND_AFTER,
    UNREACHED_AFTER,
    UNREACHED_IN_BULK_AFTER,
    Clock,
)
from meterai.domain.errors import Unavailable
from meterai.domain.orders import Refunded
from meterai.domain.refunds import RefundReason, RefundState
from meterai.domain.stampings import EMeterai, SerialState, VoidReason
from meterai.messages import ExecuteRefund, OrderIsDue, StampDocument
from tests.fakes.world import Letter, Moment
from tests.unit.steps.office import BUYER, PRICE_IDR, Office
from tests.unit.steps.postman import Postman
from tests.unit.steps.snapshots import near_deadline
from tests.unit.steps.wiring import PROMISE


@pytest.fixture
def lost(office: Office, postman: Postman) -> EMeterai:
    """A paid stamping whose message was lost."""
    order = office.buy()
    office.settle(order)
    postman.deliver()
    first = office.request(order.order_id)
    office.world.stamping_lane.clear()
    return first


def standing(office: Office, first: EMeterai) -> EMeterai:
    return office.world.serials[first.serial]


def test_a_lost_message_is_sent_again_and_the_work_is_finished(
    office: Office, postman: Postman, lost: EMeterai
) -> None:
    office.world.pass_time(RESEND_AFTER - timedelta(microseconds=1))
    assert office.sweep() == 0
    office.world.pass_time(timedelta(microseconds=1))
    assert office.sweep() == 1
    assert [letter.message for letter in office.world.stamping_lane] == [
        StampDocument(serials=lost.serials)
    ]
    postman.deliver()
    assert standing(office, lost).state is SerialState.STAMPED


@pytest.mark.usefixtures("lost")
def test_it_moves_the_clock_before_it_sends(office: Office) -> None:
    calls = []
    office.world.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    office.world.pass_time(RESEND_AFTER)
    office.sweep()
    assert calls[:3] == ["Clocks.due", "Clocks.due", "Serials.get"]
    assert calls[3:] == [
        "Orders.get",
        "Clocks.move",
        "Lanes.is_at_rest",
        "Lanes.stamp",
        "Clocks.due",
    ]


def test_the_next_look_is_after_as_long_again_but_never_after_the_promise(
    office: Office, lost: EMeterai
) -> None:
    looks = []
    while (clock := standing(office, lost).clock) and clock.due_at < clock.deadline_at:
        office.world.now = clock.due_at
        looks.append(office.world.now - lost.requested_at)
        office.sweep()
        office.world.stamping_lane.clear()
    minutes = [look // timedelta(minutes=1) for look in looks]
    assert minutes == [5, 10, 20, 40, 80, 160, 320, 640, 1280]
    assert clock == Clock(lost.requested_at + PROMISE, lost.requested_at + PROMISE)


def test_what_the_lane_has_not_reached_yet_is_not_sent_again(
    office: Office, lost: EMeterai
) -> None:
    other = Letter(StampDocument(serials=lost.serials), "somebody else")
    office.world.stamping_lane.append(other)
    for minutes in (5, 10, 20):
        office.world.now = lost.requested_at + timedelta(minutes=minutes)
        assert office.sweep() == 1
        assert list(office.world.stamping_lane) == [other]
    office.world.now = lost.requested_at + max(UNREACHED_AFTER, timedelta(minutes=40))
    office.sweep()
    assert len(office.world.stamping_lane) == 2, "by now it may be lost all the same"


def test_bulk_work_is_sent_again_once_its_own_lane_rests_or_after_hours(office: Office) -> None:
    order = office.buy(quantity=2)
    office.settle(order)
    office.act_on(office.world.payments_lane.popleft().message)
    bulk = office.request(order.order_id, "bulk", again=True, bulk=True)
    (letter,) = office.world.bulk_lane
    assert letter.message == StampDocument(serials=bulk.serials, bulk=True)
    for minutes in (5, 10, 20, 40, 80, 160):
        office.world.now = bulk.requested_at + timedelta(minutes=minutes)
        office.sweep()
        assert list(office.world.bulk_lane) == [letter], "the lane is long, and nothing is lost"
    office.world.now = bulk.requested_at + UNREACHED_IN_BULK_AFTER
    office.sweep()
    assert list(office.world.bulk_lane) == [letter, letter]
    assert not office.world.stamping_lane


def test_work_near_its_portals_deadline_is_sent_again_by_the_urgent_lane(office: Office) -> None:
    order = office.buy(quantity=1)
    office.settle(order)
    office.act_on(office.world.payments_lane.popleft().message)
    first = office.request(order.order_id, portal="sscasn")
    office.world.stamping_lane.clear()
    office.world.pass_time(RESEND_AFTER)
    office.snapshot = near_deadline(office.world.now)
    office.sweep()
    assert [letter.message for letter in office.world.urgent_lane] == [
        StampDocument(serials=first.serials)
    ]
    assert not office.world.stamping_lane


def test_a_stale_index_makes_it_look_and_do_nothing(office: Office, lost: EMeterai) -> None:
    office.world.index_lag = timedelta(minutes=1)
    office.world.pass_time(RESEND_AFTER + timedelta(minutes=1))
    office.sweep()
    office.world.stamping_lane.clear()
    moved = standing(office, lost)
    assert office.sweep() == 1
    assert standing(office, lost) == moved
    assert not office.world.stamping_lane


@pytest.mark.usefixtures("lost")
def test_of_two_sweeps_at_once_one_sends(office: Office) -> None:
    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Clocks.move"):
            office.world.hook = lambda _moment, _call: None
            office.world.pass_time(timedelta(seconds=1))
            office.sweep()

    office.world.pass_time(RESEND_AFTER)
    office.world.hook = hook
    office.sweep()
    assert len(office.world.stamping_lane) == 1


def test_one_item_that_cannot_be_helped_does_not_hold_up_the_others(
    office: Office, lost: EMeterai
) -> None:
    other = office.request(lost.order_id, "other", again=True)
    office.world.stamping_lane.clear()
    office.world.hook = fail_once("Serials.get")
    office.world.pass_time(RESEND_AFTER)
    assert office.sweep() == 2
    assert len(office.world.stamping_lane) == 1
    office.world.stamping_lane.clear()
    assert office.sweep() == 1
    assert len(office.world.stamping_lane) == 1
    assert standing(office, other).clock != other.clock
    assert standing(office, lost).clock != lost.clock


def fail_once(name: str) -> Callable[[Moment, str], None]:
    failed: list[str] = []

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", name) and not failed:
            failed.append(call)
            raise Unavailable(party=call)

    return hook


def test_what_was_not_executed_by_the_promise_is_refunded_by_itself_exactly_once(
    office: Office, postman: Postman, lost: EMeterai
) -> None:
    postman.stamping_moves = False
    office.world.now = lost.requested_at + PROMISE
    office.sweep()
    voided = standing(office, lost)
    assert (voided.state, voided.void_reason) == (SerialState.VOID, VoidReason.NOT_EXECUTED)
    [refund] = office.world.refunds.values()
    assert (refund.amount_idr, refund.slots, refund.reason) == (
        PRICE_IDR,
        (lost.slot,),
        RefundReason.NOT_EXECUTED,
    )
    assert office.world.orders[lost.order_id].slots == {lost.slot: Refunded(refund.refund_id)}
    assert [letter.message for letter in office.world.refunds_lane] == [
        ExecuteRefund(refund_id=refund.refund_id)
    ]
    postman.until_quiet()
    assert office.world.refunds[refund.refund_id].state is RefundState.CONFIRMED
    assert len(office.world.charges[refund.charge_id].refunds) == 1
    assert office.books().differences == ()


def test_just_before_the_promise_it_is_still_sent(office: Office, lost: EMeterai) -> None:
    office.world.now = lost.requested_at + PROMISE - timedelta(microseconds=1)
    office.sweep()
    assert len(office.world.stamping_lane) == 1
    assert office.world.refunds == {}


def test_an_order_is_looked_at_when_its_clock_rings(office: Office) -> None:
    order = office.buy()
    office.world.pass_time(FIRST_LOOK)
    office.sweep()
    assert [letter.message for letter in office.world.payments_lane] == [
        OrderIsDue(order_id=order.order_id)
    ]
    moved = office.world.orders[order.order_id].clock
    assert moved == Clock(office.world.now + FIRST_LOOK, order.expires_at)
    assert office.sweep() == 0


def test_reserved_serials_of_a_payment_that_never_comes_are_void(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    first = office.request(order.order_id)
    postman.until_quiet()
    assert office.world.now >= order.expires_at + AFTER_EXPIRY
    voided = standing(office, first)
    assert (voided.state, voided.void_reason) == (SerialState.VOID, VoidReason.ORDER_EXPIRED)
    assert office.world.orders[order.order_id].slots == {}
    assert office.books(BUYER).differences == ()


def test_a_stamping_whose_order_waits_for_a_lost_charge_is_not_looked_at_every_minute(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    first = office.request(order.order_id)
    office.world.charges.clear()
    looks = []
    office.world.hook = lambda moment, call: looks.append(call) if moment == "before" else None
    postman.until_quiet()
    assert standing(office, first).void_reason is VoidReason.ORDER_EXPIRED
    assert looks.count("Serials.get") <= 30, "a day of hourly looks"
