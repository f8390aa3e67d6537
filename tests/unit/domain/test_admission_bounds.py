"""One step of the admission: values exactly at each limit."""

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

# One person a second came for 20,000 seconds; those of the first 10,000 have had their turn.
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
MODERATE = replace(lane(wait_s=0.75 * LIMIT_S), waiting=0)  # neither calm nor too long


def advanced(
    before: Admission,
    now: datetime = NOW,
    status: QueueStatus = MODERATE,
    issued: Sequence[CumulativePoint] = CAME,
    bought: int = 0,
    deadlines: Mapping[str, datetime] | None = None,
) -> Admission:
    return next_admission(before, status, issued, bought, deadlines or {}, now, POLICY)


def recently_waiting(dwell_s: float) -> QueueStatus:
    """An empty lane whose messages recently waited `dwell_s`."""
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
def test_a_turn_lasts_from_the_watermark_until_it_is_over(
    issued_at: datetime, *, admits: bool, is_over: bool
) -> None:
    assert (QUEUE.admits(issued_at), QUEUE.is_over(issued_at)) == (admits, is_over)


@pytest.mark.parametrize("elapsed_s", [0.5, 1.0, 30.0])
def test_each_second_as_many_are_admitted_as_the_level_says(elapsed_s: float) -> None:
    """At half of 20 stamps a second and two stamps a buyer: five people."""
    after = advanced(QUEUE, START + elapsed_s * SECOND)
    assert after.watermark == TURN + 5 * elapsed_s * SECOND
    assert after.room is not None
    assert after.room.issued == CAME
    assert after.room.waiting == pytest.approx(10_000 - 5 * elapsed_s, abs=1)


def test_a_slow_lane_admits_one_person_in_several_seconds() -> None:
    slow = replace(QUEUE, capacity_per_s=1.0)
    assert advanced(slow).watermark == TURN + SECOND / 4


def test_a_clock_that_was_set_back_admits_nobody_and_ends_no_turn() -> None:
    later = replace(QUEUE, marks=(WatermarkSample(START + 10 * SECOND, TURN),))
    after = advanced(later)
    assert (after.watermark, after.over) == (TURN, OVER)


def test_the_last_person_is_admitted_once_it_is_settled_that_nobody_follows() -> None:
    now = START + 20 * SECOND
    last = advanced(replace(QUEUE, watermark=START - SECOND), now)
    assert (last.is_open, last.watermark) == (False, now - SETTLED)
    assert last.room == WaitingCurve(0, CAME)
    unsettled = (*CAME, CumulativePoint(START + SECOND, 30_000.0))
    after = advanced(replace(QUEUE, watermark=START), NOW, issued=unsettled)
    assert after.watermark == START, "tickets that an index may not show yet are not admitted"


def test_while_nobody_is_admitted_the_watermark_stays_wherever_the_curve_begins() -> None:
    shut = replace(QUEUE, level=0, watermark=START - 30_000 * SECOND)
    assert advanced(shut).watermark == shut.watermark
    assert advanced(replace(shut, level=50)).watermark == CAME[0].at + 5 * SECOND


def test_one_watermark_sample_is_kept_for_each_part_of_the_time_to_buy_and_one_older() -> None:
    """Turns end exactly when the time to buy has passed."""
    part = POLICY.holds / (MAX_WATERMARK_SAMPLES - 4)
    marks = tuple(
        WatermarkSample(NOW - POLICY.holds + n * part, TURN - 100 * SECOND + n * SECOND)
        for n in range(-3, MAX_WATERMARK_SAMPLES - 5)
    )
    after = advanced(replace(QUEUE, marks=marks))
    assert after.marks == (*marks[3:], WatermarkSample(NOW, after.watermark))
    assert after.over == marks[3].watermark


def test_a_sample_too_soon_after_the_one_before_is_dropped() -> None:
    marks = tuple(
        WatermarkSample(NOW - ago * SECOND, TURN - ago * SECOND) for ago in (60, 45, 30, 15)
    )
    after = advanced(replace(QUEUE, marks=marks))
    assert after.marks == (marks[0], marks[2], WatermarkSample(NOW, after.watermark))


def test_the_time_to_buy_is_the_operators_setting() -> None:
    policy = AdmissionPolicy(holds=timedelta(minutes=4))
    after = next_admission(QUEUE, MODERATE, CAME, 0, {}, NOW, policy)
    assert after.holds == policy.holds


@pytest.mark.parametrize(
    ("ahead", "position", "wait", "ask_after_s"),
    [
        pytest.param(0, Range(0, 0), Range(1, 1), 20.0, id="it is their turn"),
        pytest.param(
            1_000, Range(800, 1_000), Range(116, 346), 25.0, id="half of the shortest wait"
        ),
        pytest.param(8_000, Range(6_400, 8_000), Range(924, 2_771), 200.0, id="further back"),
    ],
)
def test_position_wait_and_next_poll_are_exact(
    ahead: int, position: Range, wait: Range, ask_after_s: float
) -> None:
    """Five people a second are admitted, 20 at most. All who wait poll 500 times a second."""
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
        pytest.param(0, 20, 0, 10.0, id="the first one, as soon as anybody is admitted"),
        pytest.param(0, 20, 12, 10 + 10.0, id="the next ones"),
        pytest.param(0, None, 12, None, id="nobody is admitted, and it is not calm"),
        pytest.param(12, None, 12, 10.0, id="not calm: it stays as it is"),
        pytest.param(FULL, 20, 200, 20.0, id="full"),
        pytest.param(LEVELS[-1], 20, 200, 10.0, id="more than full, as long as it goes well"),
    ],
)
def test_while_the_lane_is_calm_the_next_steps_are_included(
    level: int, calm_s: int | None, ahead: int, wait_s: float | None
) -> None:
    """Ten people a second at the full level; 1.2, 2.5 and 5 before."""
    calm_since = None if calm_s is None else START - calm_s * SECOND
    waits = replace(QUEUE, level=level, calm_since=calm_since, changed_at=START - 25 * SECOND)
    estimate = waits.wait_of(TURN + ahead * SECOND)
    width = math.sqrt(3)
    assert estimate == (wait_s and Range(math.ceil(wait_s / width), math.floor(wait_s * width)))


def test_the_last_change_counts_for_the_next_step_and_no_step_is_overdue() -> None:
    calm = replace(QUEUE, level=0, calm_since=START - 90 * SECOND)
    changed = replace(calm, changed_at=START - 10 * SECOND)
    assert changed.wait_of(TURN) == Range(12, 34)  # from 20 seconds
    overdue = replace(calm, changed_at=START - 60 * SECOND)
    assert overdue.wait_of(TURN) == Range(1, 1)
    assert overdue.wait_of(TURN + 12 * SECOND) == Range(6, 17)  # from 10 seconds
    assert replace(changed, changed_at=START, marks=()).wait_of(TURN) == Range(
        18, 51
    )  # from 30 seconds


def test_in_a_very_long_queue_one_polls_before_half_of_the_time_to_buy_has_passed() -> None:
    crowd = replace(QUEUE, room=WaitingCurve(10_000_000, CAME))
    soonest_s = 2_000 / 20
    ask_after = crowd.ask_after(TURN + 2_000 * SECOND)
    assert ask_after == soonest_s * SECOND + QUEUE.holds / 2
    assert replace(crowd, capacity_per_s=0.1).ask_after(START) == MAX_POLL


def test_two_steps_at_one_moment_are_one() -> None:
    assert advanced(QUEUE, START, bought=50) == QUEUE


@pytest.mark.parametrize(
    ("dwell_s", "level", "is_calm"),
    [
        (LIMIT_S / 2, 50, True),
        (LIMIT_S / 2 + 0.1, 50, False),
        (LIMIT_S, 50, False),
        (LIMIT_S + 0.1, 0, False),
    ],
)
def test_half_of_the_longest_wait_is_calm_and_more_than_the_whole_is_too_long(
    dwell_s: float, level: int, *, is_calm: bool
) -> None:
    after = advanced(QUEUE, status=recently_waiting(dwell_s))
    assert (after.level, after.calm_since) == (level, NOW if is_calm else None)


def test_while_it_is_not_calm_no_more_are_admitted_than_the_measured_capacity() -> None:
    top = replace(QUEUE, level=LEVELS[-1])
    assert advanced(top, status=recently_waiting(0.75 * LIMIT_S)).level == FULL
    assert (
        advanced(replace(top, is_open=True), status=recently_waiting(0.75 * LIMIT_S)).level
        == LEVELS[-1]
    )


def test_a_deadline_of_this_moment_is_past() -> None:
    assert (
        advanced(QUEUE, status=recently_waiting(LIMIT_S / 2), deadlines={"sscasn": NOW}).level
        == QUEUE.level
    )


@pytest.mark.parametrize(("calm_for", "level"), [(CALM_FOR - SECOND / 10, 50), (CALM_FOR, FULL)])
def test_a_step_up_comes_after_a_full_calm_period(calm_for: timedelta, level: int) -> None:
    before = replace(QUEUE, changed_at=NOW - calm_for, calm_since=NOW - calm_for)
    assert advanced(before, status=CALM).level == level


@pytest.mark.parametrize(
    ("capacity_per_s", "after"),
    [
        (POLICY.capacity_per_s - 1, POLICY.pays_within + CALM_FOR),
        (POLICY.capacity_per_s, ORDER_LASTS + CALM_FOR),
        (POLICY.capacity_per_s + 1, ORDER_LASTS + CALM_FOR),
    ],
)
def test_a_lane_that_stays_short_is_assumed_to_have_twice_the_capacity(
    capacity_per_s: float, after: timedelta
) -> None:
    """Up to the configured capacity once most buyers have paid; beyond it once all orders are paid
    or over."""
    top = replace(QUEUE, level=LEVELS[-1], capacity_per_s=capacity_per_s, marks=())
    begun = replace(top, changed_at=NOW - after, calm_since=NOW - after)
    then = advanced(begun, status=CALM)
    assert (then.capacity_per_s, then.changed_at) == (2 * capacity_per_s, NOW)
    sooner = advanced(begun, NOW - SECOND / 10, status=CALM)
    assert (sooner.capacity_per_s, sooner.changed_at) == (capacity_per_s, begun.changed_at)


def test_it_opens_when_nobody_waited_and_the_queue_is_empty() -> None:
    one = replace(QUEUE, level=FULL, room=WaitingCurve(1, CAME))
    assert not advanced(one).is_open
    nobody = replace(one, room=WaitingCurve(0, CAME))
    assert advanced(nobody) == replace(
        nobody,
        is_open=True,
        watermark=NOW,
        orders=(CumulativePoint(NOW, 0.0),),
        marks=(),
        room=None,
    )


def test_when_it_closes_tickets_issued_before_keep_their_time() -> None:
    now = START + timedelta(hours=1)
    shut = advanced(open_from(START, POLICY), now, recently_waiting(2 * LIMIT_S), issued=())
    assert (shut.is_open, shut.watermark, shut.over) == (False, now, now - POLICY.holds)


def test_a_lane_of_unknown_speed_whose_end_is_reached_has_no_wait() -> None:
    unknown = QueueStatus(Lane.STAMPING, START, waiting=1_000, reached=START)
    assert unknown.wait_of_next() is None
    assert pressure_s(QUEUE, unknown) == 0.0


def test_the_capacity_of_a_slow_lane_is_measured_while_one_waits_in_it() -> None:
    slow = lane(per_s=0.5)
    assert advanced(QUEUE, status=slow).capacity_per_s == QUEUE.capacity_per_s
    assert advanced(QUEUE, status=replace(slow, waiting=1)).capacity_per_s == 0.5


@pytest.mark.parametrize(
    ("seconds_ago", "kept"),
    [
        pytest.param((), (), id="the first"),
        pytest.param((5, 3.5), (5,), id="the last one is too soon after the one before"),
        pytest.param((8, 5), (8, 5), id="just not too soon"),
        pytest.param((20, 10, 5), (20, 10, 5), id="far apart"),
        pytest.param((110, 100, 90, 45), (90, 45), id="one as old as a payment may take"),
    ],
)
def test_the_curve_of_recent_orders_is_kept_short(
    seconds_ago: Sequence[float], kept: Sequence[float]
) -> None:
    orders = {ago: CumulativePoint(NOW - ago * SECOND, 1_000.0 - ago) for ago in seconds_ago}
    last = orders[seconds_ago[-1]].arrived if seconds_ago else 0.0
    after = advanced(replace(QUEUE, orders=tuple(orders.values())), bought=7)
    assert after.orders == (*(orders[ago] for ago in kept), CumulativePoint(NOW, last + 7))
