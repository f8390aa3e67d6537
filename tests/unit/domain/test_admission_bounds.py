"""One step of the admission: values exactly at each limit."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meterai.domain.waiting.admission_control import (
    BUYS_WITHIN_S,
    CALM_FOR,
    MAX_ORDERED_EACH,
    MAX_POLL,
    MAX_USUAL_OVER_S,
    MAX_WATERMARK_SAMPLES,
    MIN_ORDERED_EACH,
    TICKETS_SETTLED,
    WINDOW,
    Admission,
    AdmissionPolicy,
    WaitingCurve,
    WatermarkSample,
    next_admission,
    open_from,
    pressure_s,
)
from meterai.domain.waiting.demand import ORDER_LASTS, PAYS_WITHIN, AskedFor, Demand
from meterai.domain.waiting.pace import MAX_PACE, Pace
from meterai.domain.waiting.queue_status import CumulativePoint, Lane, QueueStatus, Range
from tests.unit.domain.admission_run import (
    CALM,
    LIMIT_S,
    NOTHING_ASKED,
    POLICY,
    SECOND,
    START,
    lane,
)

# One person a second came for 20,000 seconds; those of the first 10,000 have had their turn.
CAME = (CumulativePoint(START - 20_000 * SECOND, 3_000.0), CumulativePoint(START, 23_000.0))
TURN = START - 10_000 * SECOND
OVER = TURN - 1_000 * SECOND
QUEUE = Admission(
    is_open=False,
    changed_at=START,
    watermark=TURN,
    over=OVER,
    capacity_per_s=20.0,
    usual_per_s=20.0,
    pace=Pace(5.0, 5.0),
    marks=(WatermarkSample(START, TURN),),
    room=WaitingCurve(waiting=10_000, issued=CAME),
)
NOW = START + SECOND
LAG_S = PAYS_WITHIN.total_seconds() / 2
# What is ordered now gets there after 85 seconds. It finds the window full, so that ten people a
# second are admitted: as many as the lane serves.
STEADY = replace(lane(wait_s=WINDOW * LIMIT_S + LAG_S + BUYS_WITHIN_S), waiting=0)
PER_S = QUEUE.capacity_per_s / POLICY.stamps_a_buyer


def advanced(
    before: Admission,
    now: datetime = NOW,
    status: QueueStatus = STEADY,
    issued: Sequence[CumulativePoint] = CAME,
    ordered: int = 0,
    deadlines: Mapping[str, datetime] | None = None,
) -> Admission:
    return next_admission(
        before, status, issued, ordered, NOTHING_ASKED, deadlines or {}, now, POLICY
    )


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
def test_each_second_as_many_are_admitted_as_the_lane_serves(elapsed_s: float) -> None:
    after = advanced(QUEUE, START + elapsed_s * SECOND)
    people = (after.watermark - TURN).total_seconds()
    assert people == pytest.approx(PER_S * elapsed_s, rel=0.03)
    assert after.room is not None
    assert after.room.issued == CAME
    assert after.room.waiting == pytest.approx(10_000 - people, abs=1)


@pytest.mark.parametrize(
    ("more_s", "pace"),
    [(0, 1.0), (-30, 1.5), (-59, 1.98), (-200, MAX_PACE), (30, 0.5), (59, 0.02), (200, 0.0)],
)
def test_what_is_missing_from_the_window_is_admitted_within_a_minute(
    more_s: float, pace: float
) -> None:
    status = replace(lane(wait_s=WINDOW * LIMIT_S + LAG_S + BUYS_WITHIN_S + more_s), waiting=0)
    after = advanced(QUEUE, status=status)
    assert after.pace is not None
    assert after.pace.people_per_s == pytest.approx(PER_S)
    assert after.pace.now_per_s == pytest.approx(pace * PER_S, abs=0.05 * PER_S)


def test_a_lane_in_which_they_wait_too_long_admits_nobody_whatever_is_expected() -> None:
    assert advanced(QUEUE, status=recently_waiting(LIMIT_S)).watermark > TURN
    assert advanced(QUEUE, status=recently_waiting(LIMIT_S + 0.1)).watermark == TURN


def test_what_was_ordered_and_who_was_admitted_count_before_they_reach_the_lane() -> None:
    """Five minutes' work was ordered a moment ago, so nobody more may order."""
    ordered = advanced(QUEUE, status=CALM, ordered=6_000)
    assert ordered.watermark == TURN
    marks = (
        WatermarkSample(START - 50 * SECOND, TURN - 3_000 * SECOND),
        WatermarkSample(START - 2 * SECOND, TURN),
    )
    admitted = advanced(replace(QUEUE, marks=marks), status=CALM)
    assert (admitted.watermark - TURN).total_seconds() < 3 * PER_S


def test_a_clock_that_was_set_back_admits_nobody_and_ends_no_turn() -> None:
    later = replace(QUEUE, marks=(WatermarkSample(START + 10 * SECOND, TURN),))
    after = advanced(later)
    assert (after.watermark, after.over) == (TURN, OVER)


def test_the_last_person_is_admitted_once_it_is_settled_that_nobody_follows() -> None:
    now = START + 20 * SECOND
    last = advanced(replace(QUEUE, watermark=START - SECOND, marks=()), now)
    assert (last.is_open, last.watermark) == (False, now - TICKETS_SETTLED)
    assert last.room == WaitingCurve(0, CAME)
    unsettled = (*CAME, CumulativePoint(START + SECOND, 30_000.0))
    after = advanced(replace(QUEUE, watermark=START, marks=()), NOW, issued=unsettled)
    assert after.watermark == START, "tickets that an index may not show yet are not admitted"


def test_while_nobody_is_admitted_the_watermark_stays_wherever_the_curve_begins() -> None:
    early = replace(QUEUE, watermark=START - 30_000 * SECOND, marks=())
    assert advanced(early, status=recently_waiting(2 * LIMIT_S)).watermark == early.watermark
    people_s = (advanced(early).watermark - CAME[0].at).total_seconds()
    assert people_s == pytest.approx(PER_S, rel=0.05)


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
    after = next_admission(QUEUE, STEADY, CAME, 0, NOTHING_ASKED, {}, NOW, policy)
    assert after.holds == policy.holds


@pytest.mark.parametrize(
    ("ahead", "position", "wait", "ask_after_s"),
    [
        pytest.param(0, Range(0, 0), Range(1, 1), 20.0, id="it is their turn"),
        pytest.param(
            1_000, Range(800, 1_000), Range(116, 346), 50.0, id="half of the shortest wait"
        ),
        pytest.param(8_000, Range(6_400, 8_000), Range(924, 2_771), 400.0, id="further back"),
    ],
)
def test_position_wait_and_next_poll_are_exact(
    ahead: int, position: Range, wait: Range, ask_after_s: float
) -> None:
    """Five people a second are admitted, ten at most. All who wait poll 500 times a second."""
    issued_at = TURN + ahead * SECOND
    assert QUEUE.position_of(issued_at) == position
    assert QUEUE.wait_of(issued_at) == wait
    assert QUEUE.ask_after(issued_at) / SECOND == pytest.approx(ask_after_s)


@pytest.mark.parametrize(
    ("pace", "ahead", "wait_s"),
    [
        pytest.param(Pace(10.0, 10.0), 200, 20.0, id="as many as the lane serves"),
        pytest.param(Pace(10.0, 5.0), 200, 40.0, id="as the lane usually is"),
        pytest.param(Pace(10.0, 10.0, 600.0), 200, 10.4, id="the window is filled, at twice that"),
        pytest.param(Pace(10.0, 10.0, 600.0), 6_600, 600.0, id="and is full"),
        pytest.param(Pace(10.0, 10.0, -600.0), 0, 0.0, id="the next, of a window too full"),
        pytest.param(Pace(10.0, 10.0, -300.0), 700, 100.0 - 5.6, id="it is emptied meanwhile"),
        pytest.param(Pace(10.0, 10.0, -1_600.0), 0, 100.0, id="shut until it is worked off"),
        pytest.param(Pace(10.0, 10.0, -1_600.0, idle_s=30), 0, 130.0, id="once there is work"),
    ],
)
def test_the_wait_of_a_ticket_follows_the_pace(pace: Pace, ahead: int, wait_s: float) -> None:
    """Ten people a second in the long run."""
    estimate = replace(QUEUE, pace=pace).wait_of(TURN + ahead * SECOND)
    assert estimate is not None
    width = math.sqrt(3)
    assert estimate.low == pytest.approx(max(1, math.ceil(wait_s / width)), abs=1)
    assert estimate.high == pytest.approx(max(1, math.floor(wait_s * width)), abs=1)


def test_a_wait_without_end_is_cut() -> None:
    estimate = replace(QUEUE, pace=Pace(1e-6, 1e-6)).wait_of(START)
    assert estimate is not None
    assert estimate.high <= math.sqrt(3) * 7 * 86_400


def test_in_a_very_long_queue_one_polls_before_half_of_the_time_to_buy_has_passed() -> None:
    crowd = replace(QUEUE, room=WaitingCurve(10_000_000, CAME))
    soonest_s = 2_000 / 10
    ask_after = crowd.ask_after(TURN + 2_000 * SECOND)
    assert ask_after == soonest_s * SECOND + QUEUE.holds / 2
    assert replace(crowd, pace=Pace(0.05, 0.05)).ask_after(START) == MAX_POLL


def test_two_steps_at_one_moment_are_one() -> None:
    assert advanced(QUEUE, START, ordered=50) == QUEUE


def test_a_deadline_of_this_moment_is_past() -> None:
    assert advanced(QUEUE, status=recently_waiting(LIMIT_S), deadlines={"a": NOW}).watermark > TURN
    soon = {"a": NOW + 100 * SECOND}
    assert advanced(QUEUE, status=recently_waiting(LIMIT_S), deadlines=soon).watermark == TURN


def test_before_a_deadline_the_window_is_as_much_shorter() -> None:
    near = advanced(QUEUE, deadlines={"a": NOW + 50 * SECOND}).pace
    far = advanced(QUEUE).pace
    assert near is not None
    assert far is not None
    assert far.missing - near.missing == pytest.approx(WINDOW * (LIMIT_S - 50) * PER_S, rel=0.01)


@pytest.mark.parametrize(
    ("capacity_per_s", "after"),
    [
        (POLICY.capacity_per_s - 1, PAYS_WITHIN + CALM_FOR),
        (POLICY.capacity_per_s, ORDER_LASTS + CALM_FOR),
        (POLICY.capacity_per_s + 1, ORDER_LASTS + CALM_FOR),
    ],
)
def test_a_lane_that_stays_short_is_assumed_to_have_twice_the_capacity(
    capacity_per_s: float, after: timedelta
) -> None:
    """Up to the configured capacity once most buyers have paid; beyond it once all orders are paid
    or over."""
    begun = replace(QUEUE, capacity_per_s=capacity_per_s, short_since=NOW - after)
    then = advanced(begun, status=CALM)
    assert (then.capacity_per_s, then.short_since) == (2 * capacity_per_s, NOW)
    assert (then.usual_per_s, then.usual_over_s) == (2 * capacity_per_s, 0.0)
    sooner = advanced(begun, NOW - SECOND / 10, status=CALM)
    assert (sooner.capacity_per_s, sooner.short_since) == (capacity_per_s, begun.short_since)


def test_where_orders_last_longer_than_usual_late_payments_are_waited_for_as_long() -> None:
    policy = AdmissionPolicy(order_lasts=4 * ORDER_LASTS)
    begun = replace(
        QUEUE,
        capacity_per_s=policy.capacity_per_s,
        short_since=NOW - ORDER_LASTS - CALM_FOR,
        demand=Demand((CumulativePoint(NOW - 3 * ORDER_LASTS, 0.0), CumulativePoint(START, 90.0))),
    )
    then = next_admission(begun, CALM, CAME, 0, NOTHING_ASKED, {}, NOW, policy)
    assert (then.capacity_per_s, then.short_since) == (policy.capacity_per_s, begun.short_since)
    assert then.demand.ordered[0] == begun.demand.ordered[0]
    late = next_admission(begun, CALM, CAME, 0, AskedFor(1, (2_000.0,)), {}, NOW, policy)
    assert late.demand.lag_p90_s == 2_000.0


def test_a_lane_is_short_only_while_people_wait_and_it_has_no_queue() -> None:
    assert advanced(QUEUE, status=CALM).short_since == NOW
    assert advanced(QUEUE, status=replace(STEADY, waiting=1_000)).short_since is None
    nobody = replace(QUEUE, room=WaitingCurve(0, CAME))
    assert advanced(nobody, status=CALM).short_since is None
    assert advanced(open_from(START, POLICY), status=CALM).short_since is None


def test_the_usual_capacity_is_an_average_and_never_far_from_what_is_measured() -> None:
    def measured(per_s: float, before: Admission) -> Admission:
        return advanced(before, status=replace(lane(wait_s=100, per_s=per_s), waiting=1_000))

    first = measured(40, QUEUE)
    assert (first.usual_per_s, first.usual_over_s) == (40.0, 1.0)
    assert measured(20, first).usual_per_s == 30.0
    long = replace(first, usual_over_s=MAX_USUAL_OVER_S)
    assert measured(28, long).usual_per_s == pytest.approx(40 - 12 / MAX_USUAL_OVER_S)
    assert measured(4, long).usual_per_s == 8.0
    assert measured(400, long).usual_per_s == 200.0


@pytest.mark.parametrize(
    ("ordered", "per_s", "each"),
    [
        (400, 5.0, 2.0),
        (200, 5.0, 1.2),
        (0, 5.0, 0.4),
        (0, 0.5, MIN_ORDERED_EACH),
        (20_000, 5.0, MAX_ORDERED_EACH),
    ],
)
def test_how_many_a_person_orders_is_learned(ordered: int, per_s: float, each: float) -> None:
    """Two hundred people admitted, twenty to forty seconds ago; what they ordered reached us."""
    marks = tuple(
        WatermarkSample(NOW - ago * SECOND, TURN - 200 * (ago - 20) / 20 * SECOND)
        for ago in (40, 30, 20, 0)
    )
    marks = (*marks[:3], WatermarkSample(NOW, TURN))
    curve = (CumulativePoint(NOW - 30 * SECOND, 0.0), CumulativePoint(START, float(ordered)))
    before = replace(
        QUEUE, changed_at=NOW - 50 * SECOND, capacity_per_s=per_s, marks=marks, demand=Demand(curve)
    )
    after = advanced(before, status=CALM)
    assert after.pace is not None
    share = after.demand.share_asked(before.changed_at, NOW, per_s)
    assert per_s / after.pace.people_per_s / share == pytest.approx(each, rel=0.25)


def test_it_opens_when_nobody_waited_and_the_window_has_room() -> None:
    nobody = replace(QUEUE, room=WaitingCurve(0, CAME), changed_at=NOW - CALM_FOR)
    after = advanced(nobody, status=CALM)
    assert (after.is_open, after.changed_at, after.watermark) == (True, NOW, NOW)
    assert (after.marks, after.room, after.pace) == ((), None, None)
    for closed in (
        advanced(replace(nobody, room=WaitingCurve(1, CAME)), status=CALM),
        advanced(replace(nobody, room=None), status=CALM),
        advanced(replace(nobody, changed_at=NOW - CALM_FOR + SECOND / 10), status=CALM),
        advanced(nobody, status=recently_waiting(LIMIT_S + 1)),
        advanced(nobody, status=replace(lane(wait_s=LIMIT_S), waiting=0)),
    ):
        assert not closed.is_open


def test_when_it_closes_tickets_issued_before_keep_their_time() -> None:
    now = START + timedelta(hours=1)
    shut = advanced(open_from(START, POLICY), now, recently_waiting(2 * LIMIT_S), issued=())
    assert (shut.is_open, shut.watermark, shut.over) == (False, now, now - POLICY.holds)


def test_a_lane_of_unknown_speed_whose_end_is_reached_has_no_wait() -> None:
    unknown = QueueStatus(Lane.STAMPING, START, waiting=1_000, reached=START)
    assert unknown.wait_of_next() is None
    assert pressure_s(QUEUE, unknown, START) == 0.0


def test_the_capacity_of_a_slow_lane_is_measured_while_one_waits_in_it() -> None:
    slow = lane(per_s=0.5)
    assert advanced(QUEUE, status=slow).capacity_per_s == QUEUE.capacity_per_s
    assert advanced(QUEUE, status=replace(slow, waiting=1)).capacity_per_s == 0.5
