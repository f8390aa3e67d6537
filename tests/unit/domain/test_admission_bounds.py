"""One step of the admission, to the second and to the person: what is exactly at a bound."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meterai.domain.waiting.admission_control import (
    CALM_FOR,
    FULL,
    LEVELS,
    MAX_POLL,
    MAX_WATERMARK_SAMPLES,
    ORDER_LASTS,
    SETTLED,
    Admission,
    AdmissionPolicy,
    WaitingCurve,
    WatermarkSample,
    next_admission,
    open_from,
    pressure_s,
)
from meterai.domain.waiting.queue_status import CumulativePoint, Lane, QueueStatus, Range
from tests.unit.domain.admission_run import CALM, LIMIT_S, POLICY, SECOND, START, lane

# People came one a second, for 20,000 seconds; those of the first 10,000 have had their turn.
CAME = (CumulativePoint(START - 20_000 * SECOND, 3_000.0), CumulativePoint(START, 23_000.0))
TURN = START - 10_000 * SECOND
OVER = TURN - 1_000 * SECOND
QUEUE = Admission(
    level=50,
    is_open=False,
    changed_at=START,
    calm_since=None,
    watermark=TURN,
    over=OVER,
    capacity_per_s=20.0,
    marks=(WatermarkSample(START, TURN),),
    room=WaitingCurve(waiting=10_000, issued=CAME),
)
NOW = START + SECOND
LITTLE = replace(lane(wait_s=0.75 * LIMIT_S), waiting=0)  # it is neither calm nor too much


def moved_on(
    before: Admission,
    now: datetime = NOW,
    flow: QueueStatus = LITTLE,
    issued: Sequence[CumulativePoint] = CAME,
    bought: int = 0,
    deadlines: Mapping[str, datetime] | None = None,
) -> Admission:
    return next_admission(before, flow, issued, bought, deadlines or {}, now, POLICY)


def felt(dwell_s: float) -> QueueStatus:
    """An empty lane, in which so long was waited."""
    return replace(CALM, dwell_p90_s=dwell_s)


@pytest.mark.parametrize(
    ("issued_at", "admits", "is_over"),
    [
        (OVER, False, True),
        (OVER + SECOND, True, False),
        (TURN, True, False),
        (TURN + SECOND, False, False),
    ],
)
def test_a_turn_is_from_the_watermark_until_it_is_over(
    issued_at: datetime, *, admits: bool, is_over: bool
) -> None:
    assert (QUEUE.admits(issued_at), QUEUE.is_over(issued_at)) == (admits, is_over)


@pytest.mark.parametrize("elapsed_s", [0.5, 1.0, 30.0])
def test_each_second_as_many_more_are_let_in_as_the_level_says(elapsed_s: float) -> None:
    """At half of 20 stamps a second, two of them to each: five people."""
    after = moved_on(QUEUE, START + elapsed_s * SECOND)
    assert after.watermark == TURN + 5 * elapsed_s * SECOND
    assert after.room is not None
    assert after.room.issued == CAME
    assert after.room.waiting == pytest.approx(10_000 - 5 * elapsed_s, abs=1)


def test_of_a_slow_lane_one_is_let_in_after_a_while() -> None:
    slow = replace(QUEUE, capacity_per_s=1.0)
    assert moved_on(slow).watermark == TURN + SECOND / 4


def test_a_clock_that_went_back_lets_nobody_in_and_nobody_out() -> None:
    later = replace(QUEUE, marks=(WatermarkSample(START + 10 * SECOND, TURN),))
    after = moved_on(later)
    assert (after.watermark, after.over) == (TURN, OVER)


def test_the_last_who_came_is_let_in_once_it_is_settled_that_nobody_follows() -> None:
    now = START + 20 * SECOND
    last = moved_on(replace(QUEUE, watermark=START - SECOND), now)
    assert (last.is_open, last.watermark) == (False, now - SETTLED)
    assert last.room == WaitingCurve(0, CAME)
    unsettled = (*CAME, CumulativePoint(START + SECOND, 30_000.0))
    after = moved_on(replace(QUEUE, watermark=START), NOW, issued=unsettled)
    assert after.watermark == START, "of what an index may not tell yet nobody is let in"


def test_while_nobody_is_let_in_the_watermark_stays_wherever_the_curve_begins() -> None:
    shut = replace(QUEUE, level=0, watermark=START - 30_000 * SECOND)
    assert moved_on(shut).watermark == shut.watermark
    assert moved_on(replace(shut, level=50)).watermark == CAME[0].at + 5 * SECOND


def test_of_the_marks_one_for_each_part_of_the_time_is_kept_and_one_that_is_older() -> None:
    """What they tell is exact: to the moment in which the time to buy has passed."""
    part = POLICY.holds / (MAX_WATERMARK_SAMPLES - 4)
    marks = tuple(
        WatermarkSample(NOW - POLICY.holds + n * part, TURN - 100 * SECOND + n * SECOND)
        for n in range(-3, MAX_WATERMARK_SAMPLES - 5)
    )
    after = moved_on(replace(QUEUE, marks=marks))
    assert after.marks == (*marks[3:], WatermarkSample(NOW, after.watermark))
    assert after.over == marks[3].watermark


def test_a_mark_that_comes_too_soon_after_the_one_before_is_left_out() -> None:
    marks = tuple(
        WatermarkSample(NOW - ago * SECOND, TURN - ago * SECOND) for ago in (60, 45, 30, 15)
    )
    after = moved_on(replace(QUEUE, marks=marks))
    assert after.marks == (marks[0], marks[2], WatermarkSample(NOW, after.watermark))


def test_how_long_one_may_buy_is_what_an_operator_decides() -> None:
    policy = AdmissionPolicy(holds=timedelta(minutes=4))
    after = next_admission(QUEUE, LITTLE, CAME, 0, {}, NOW, policy)
    assert after.holds == policy.holds


@pytest.mark.parametrize(
    ("ahead", "position", "wait", "ask_after_s"),
    [
        pytest.param(0, Range(0, 0), Range(1, 1), 20.0, id="it is their turn"),
        pytest.param(1_000, Range(800, 1_000), Range(116, 346), 25.0, id="half of the soonest"),
        pytest.param(8_000, Range(6_400, 8_000), Range(924, 2_771), 200.0, id="further back"),
    ],
)
def test_position_wait_and_when_to_ask_again_are_exact(
    ahead: int, position: Range, wait: Range, ask_after_s: float
) -> None:
    """Five people a second are let in; 20 at the most. All who wait ask 500 times a second."""
    issued_at = TURN + ahead * SECOND
    assert QUEUE.position_of(issued_at) == position
    assert QUEUE.wait_of(issued_at) == wait
    assert QUEUE.ask_after(issued_at) / SECOND == pytest.approx(ask_after_s)


@pytest.mark.parametrize(
    ("level", "calm_s", "ahead", "wait_s"),
    [
        pytest.param(12, 20, 6, 5.0, id="before the next step"),
        pytest.param(12, 20, 42, 10 + 12.0, id="after it"),
        pytest.param(12, 20, 137, 10 + 30 + 10.0, id="after two"),
        pytest.param(12, 20, 1_237, 10 + 30 + 30 + 100.0, id="once it is full, and stays so"),
        pytest.param(0, 20, 0, 10.0, id="the first one, as soon as anybody is let in"),
        pytest.param(0, 20, 12, 10 + 10.0, id="the next ones"),
        pytest.param(0, None, 12, None, id="nobody is let in, and it is not calm"),
        pytest.param(12, None, 12, 10.0, id="not calm: it stays as it is"),
        pytest.param(FULL, 20, 200, 20.0, id="full"),
        pytest.param(LEVELS[-1], 20, 200, 10.0, id="more than full, as long as it goes well"),
    ],
)
def test_while_the_lane_is_calm_the_steps_to_come_are_reckoned_with(
    level: int, calm_s: int | None, ahead: int, wait_s: float | None
) -> None:
    """Ten people a second where it is full; 1.2, 2.5 and 5 before."""
    calm_since = None if calm_s is None else START - calm_s * SECOND
    waits = replace(QUEUE, level=level, calm_since=calm_since, changed_at=START - 25 * SECOND)
    told = waits.wait_of(TURN + ahead * SECOND)
    width = math.sqrt(3)
    assert told == (wait_s and Range(math.ceil(wait_s / width), math.floor(wait_s * width)))


def test_what_changed_last_counts_for_the_next_step_and_none_is_overdue() -> None:
    calm = replace(QUEUE, level=0, calm_since=START - 90 * SECOND)
    changed = replace(calm, changed_at=START - 10 * SECOND)
    assert changed.wait_of(TURN) == Range(12, 34)  # of 20 seconds
    overdue = replace(calm, changed_at=START - 60 * SECOND)
    assert overdue.wait_of(TURN) == Range(1, 1)
    assert overdue.wait_of(TURN + 12 * SECOND) == Range(6, 17)  # of 10 seconds
    assert replace(changed, changed_at=START, marks=()).wait_of(TURN) == Range(18, 51)  # of 30


def test_where_very_many_wait_one_asks_no_later_than_half_of_the_time_to_buy_has_passed() -> None:
    crowd = replace(QUEUE, room=WaitingCurve(10_000_000, CAME))
    soonest_s = 2_000 / 20
    ask_after = crowd.ask_after(TURN + 2_000 * SECOND)
    assert ask_after == soonest_s * SECOND + QUEUE.holds / 2
    assert replace(crowd, capacity_per_s=0.1).ask_after(START) == MAX_POLL


def test_two_looks_at_one_moment_are_one() -> None:
    assert moved_on(QUEUE, START, bought=50) == QUEUE


@pytest.mark.parametrize(
    ("felt_s", "level", "is_calm"),
    [
        (LIMIT_S / 2, 50, True),
        (LIMIT_S / 2 + 0.1, 50, False),
        (LIMIT_S, 50, False),
        (LIMIT_S + 0.1, 0, False),
    ],
)
def test_half_of_the_longest_wait_is_calm_and_more_than_the_whole_is_too_much(
    felt_s: float, level: int, *, is_calm: bool
) -> None:
    after = moved_on(QUEUE, flow=felt(felt_s))
    assert (after.level, after.calm_since) == (level, NOW if is_calm else None)


def test_where_it_is_not_calm_no_more_are_let_in_than_the_lane_was_measured_to_bear() -> None:
    top = replace(QUEUE, level=LEVELS[-1])
    assert moved_on(top, flow=felt(0.75 * LIMIT_S)).level == FULL
    assert moved_on(replace(top, is_open=True), flow=felt(0.75 * LIMIT_S)).level == LEVELS[-1]


def test_a_deadline_of_this_moment_is_past() -> None:
    assert moved_on(QUEUE, flow=felt(LIMIT_S / 2), deadlines={"sscasn": NOW}).level == QUEUE.level


@pytest.mark.parametrize(("calm_for", "level"), [(CALM_FOR - SECOND / 10, 50), (CALM_FOR, FULL)])
def test_a_step_up_comes_once_it_was_calm_for_so_long(calm_for: timedelta, level: int) -> None:
    before = replace(QUEUE, changed_at=NOW - calm_for, calm_since=NOW - calm_for)
    assert moved_on(before, flow=CALM).level == level


@pytest.mark.parametrize(
    ("capacity_per_s", "after"),
    [
        (POLICY.capacity_per_s - 1, POLICY.pays_within + CALM_FOR),
        (POLICY.capacity_per_s, ORDER_LASTS + CALM_FOR),
        (POLICY.capacity_per_s + 1, ORDER_LASTS + CALM_FOR),
    ],
)
def test_a_lane_that_stays_short_is_believed_to_bear_twice_as_much(
    capacity_per_s: float, after: timedelta
) -> None:
    """Up to what it is set up to bear once most have paid, and beyond it once all have who will."""
    top = replace(QUEUE, level=LEVELS[-1], capacity_per_s=capacity_per_s, marks=())
    begun = replace(top, changed_at=NOW - after, calm_since=NOW - after)
    then = moved_on(begun, flow=CALM)
    assert (then.capacity_per_s, then.changed_at) == (2 * capacity_per_s, NOW)
    sooner = moved_on(begun, NOW - SECOND / 10, flow=CALM)
    assert (sooner.capacity_per_s, sooner.changed_at) == (capacity_per_s, begun.changed_at)


def test_it_opens_where_nobody_waited_and_nothing_is_left_of_the_queue() -> None:
    one = replace(QUEUE, level=FULL, room=WaitingCurve(1, CAME))
    assert not moved_on(one).is_open
    nobody = replace(one, room=WaitingCurve(0, CAME))
    assert moved_on(nobody) == replace(
        nobody,
        is_open=True,
        watermark=NOW,
        orders=(CumulativePoint(NOW, 0.0),),
        marks=(),
        room=None,
    )


def test_as_it_closes_a_ticket_issued_before_keeps_its_time() -> None:
    now = START + timedelta(hours=1)
    shut = moved_on(open_from(START, POLICY), now, felt(2 * LIMIT_S), issued=())
    assert (shut.is_open, shut.watermark, shut.over) == (False, now, now - POLICY.holds)


def test_a_lane_of_unknown_speed_that_has_come_to_its_end_presses_nobody() -> None:
    unknown = QueueStatus(Lane.STAMPING, START, waiting=1_000, reached=START)
    assert unknown.wait_of_next() is None
    assert pressure_s(QUEUE, unknown) == 0.0


def test_what_a_slow_lane_bears_is_measured_while_one_waits_in_it() -> None:
    slow = lane(per_s=0.5)
    assert moved_on(QUEUE, flow=slow).capacity_per_s == QUEUE.capacity_per_s
    assert moved_on(QUEUE, flow=replace(slow, waiting=1)).capacity_per_s == 0.5


@pytest.mark.parametrize(
    ("seconds_ago", "kept"),
    [
        pytest.param((), (), id="the first"),
        pytest.param((5, 3.5), (5,), id="the last one was read too soon after the one before"),
        pytest.param((8, 5), (8, 5), id="just not too soon"),
        pytest.param((20, 10, 5), (20, 10, 5), id="far apart"),
        pytest.param((110, 100, 90, 45), (90, 45), id="one that is as old as payments take"),
    ],
)
def test_of_the_orders_of_late_a_curve_is_kept_that_is_short(
    seconds_ago: Sequence[float], kept: Sequence[float]
) -> None:
    orders = {ago: CumulativePoint(NOW - ago * SECOND, 1_000.0 - ago) for ago in seconds_ago}
    last = orders[seconds_ago[-1]].arrived if seconds_ago else 0.0
    after = moved_on(replace(QUEUE, orders=tuple(orders.values())), bought=7)
    assert after.orders == (*(orders[ago] for ago in kept), CumulativePoint(NOW, last + 7))
