"""Measuring a lane: each flow from the last one, a depth and what was counted since."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from meterai.domain.waiting.queue_status import (
    CumulativePoint,
    Lane,
    QueueStatus,
    Range,
    ThroughputSample,
)
from meterai.domain.waiting.throughput_estimator import (
    MAX_GAP,
    MAX_POINTS,
    MIN_BUSY_S,
    MIN_NEWEST_POINTS,
    SETTLED,
    STOPPED_S,
    TAKEN_BEFORE,
    WINDOWS_S,
    first_status,
    next_status,
)

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LANE = Lane.STAMPING


def sample(at: datetime, taken: int, dwell_s: float) -> ThroughputSample:
    return ThroughputSample(LANE, at, "one", taken, accounts=1, dwells_s=(dwell_s,))


def busy(seconds: int, *, waits_s: float = 60.0, per_s: int = 50) -> QueueStatus:
    """As many come as are taken, and each waits so long."""
    flow = first_status(LANE, 0, NOW)
    for second in range(1, seconds + 1):
        told = [sample(flow.at, per_s, min(waits_s, 1.0 * second))] if second > 3 else []
        flow = next_status(flow, round(waits_s * per_s), told, NOW + second * SECOND)
    return flow


def test_a_lane_is_told_as_it_was_when_all_was_counted() -> None:
    assert first_status(LANE, 3, NOW).at == NOW - SETTLED


def test_how_fast_a_busy_lane_is_drained_is_what_was_counted() -> None:
    flow = busy(200)
    assert flow.rates_per_s == (50.0, 50.0, 50.0)
    assert (flow.drained_low_per_s, flow.drained_high_per_s) == (50.0, 50.0)
    assert (flow.dwell_p50_s, flow.dwell_p90_s) == (60.0, 60.0)
    told = flow.wait_of_next()
    assert told is not None
    assert told.low <= 60 <= told.high


def test_a_speed_that_changes_is_learned_over_each_window() -> None:
    """Twice as many are taken, for ten seconds: the shorter a window, the more of them it shows."""
    flow = busy(200)
    for second in range(201, 211):
        flow = next_status(flow, 3_000, [sample(flow.at, 100, 60.0)], NOW + second * SECOND)
    learned = tuple(50.0 + 50.0 * (1.0 - math.exp(-10.0 / window_s)) for window_s in WINDOWS_S)
    assert flow.rates_per_s == pytest.approx(learned)
    assert (flow.drained_low_per_s, flow.drained_high_per_s) == (
        flow.rates_per_s[-1],
        flow.rates_per_s[0],
    )


def test_what_is_told_in_a_lump_was_taken_since_the_lump_before() -> None:
    flow = busy(200)
    for second in range(201, 204):
        flow = next_status(flow, 3_000, [], NOW + second * SECOND)
    flow = next_status(flow, 3_000, [sample(flow.at, 200, 60.0)], NOW + 204 * SECOND)
    assert flow.rates_per_s == pytest.approx((50.0, 50.0, 50.0))
    assert flow.still_s == 0.0


def test_so_it_is_after_the_longest_while_that_is_no_standstill() -> None:
    flow = busy(200)
    seconds = round(STOPPED_S)
    for second in range(1, seconds):
        flow = next_status(flow, 3_000, [], NOW + (200 + second) * SECOND)
    now = NOW + (200 + seconds) * SECOND
    silent = next_status(flow, 3_000, [], now)
    assert (silent.still_s, silent.drained_low_per_s) == (STOPPED_S, 50.0)
    assert next_status(silent, 3_000, [], now + SECOND).drained_low_per_s == 0.0
    in_a_lump = next_status(flow, 3_000, [sample(flow.at, 50 * seconds, 60.0)], now)
    assert in_a_lump.rates_per_s == pytest.approx((50.0, 50.0, 50.0))


@pytest.mark.parametrize(("busy_s", "told"), [(MIN_BUSY_S - 1.1, 0.0), (MIN_BUSY_S - 1.0, 50.0)])
def test_the_lumps_of_the_first_seconds_tell_no_speed(busy_s: float, told: float) -> None:
    before = replace(busy(200), busy_s=busy_s)
    flow = next_status(before, 3_000, [sample(before.at, 50, 60.0)], NOW + 201 * SECOND)
    assert (flow.drained_low_per_s, flow.drained_high_per_s) == (told, told)


def test_the_next_of_a_slow_lane_may_be_long_in_coming() -> None:
    """One in two seconds: nothing for eight is no standstill, nothing for thirteen is."""
    flow = replace(busy(200), rates_per_s=(0.5, 0.5, 0.5))
    for second in range(201, 209):
        flow = next_status(flow, 3_000, [], NOW + second * SECOND)
        assert flow.drained_low_per_s == 0.5
    for second in range(209, 214):
        flow = next_status(flow, 3_000, [], NOW + second * SECOND)
    assert flow.drained_low_per_s == 0.0


def test_an_idle_lane_forgets_its_queue_and_keeps_its_speed() -> None:
    flow = next_status(busy(200), 0, [], NOW + 201 * SECOND)
    assert (flow.waiting, len(flow.curve), flow.rates_per_s) == (0, 1, (50.0, 50.0, 50.0))
    assert flow.lane is first_status(LANE, 0, NOW).lane is LANE
    assert flow.wait_of_next() == Range(1, 3)


def test_what_was_learned_in_an_earlier_rush_serves_in_the_first_seconds_of_the_next() -> None:
    flow = next_status(busy(200), 0, [], NOW + 201 * SECOND)
    for second in range(202, 206):
        flow = next_status(flow, 3_000, [], NOW + second * SECOND)
        told = flow.wait_of_next()
        assert told is not None
        assert told.low <= 60 <= told.high


def test_a_queue_from_which_nothing_is_taken_tells_no_wait() -> None:
    flow = first_status(LANE, 0, NOW)
    for second in range(1, 20):
        flow = next_status(flow, 3_000, [], NOW + second * SECOND)
        assert flow.wait_of_next() is None


def test_while_nothing_is_taken_nothing_is_unlearned_and_soon_no_wait_is_told() -> None:
    flow = before = busy(200)
    for second in range(201, 230):
        flow = next_status(flow, 3_000, [], NOW + second * SECOND)
    assert flow.rates_per_s == before.rates_per_s
    assert flow.wait_of_next() is None
    assert flow.reached == before.reached
    assert (flow.drained_low_per_s, flow.drained_high_per_s) == (0.0, 0.0)
    assert (flow.dwell_p50_s, flow.dwell_p90_s) == (60.0, 60.0), "what was told last"


def test_a_lane_that_is_fast_and_full_is_not_taken_for_one_that_stands_still() -> None:
    """300 a second from a queue of 200: nobody waits for a second, and full batches are told."""
    flow = first_status(LANE, 200, NOW)
    for second in range(1, 60):
        told = [sample(flow.at + SECOND, 300, 0.7)]
        flow = next_status(flow, 200, told, NOW + second * SECOND)
        assert flow.reached is not None
        assert flow.at - flow.reached < 4 * SECOND
    assert flow.is_short
    assert flow.reached == flow.at - TAKEN_BEFORE - 0.7 * SECOND, "by what was taken"
    assert flow.wait_of_next() == Range(1, 3)


def test_a_long_while_without_a_look_begins_anew() -> None:
    before = busy(200)
    flow = next_status(before, 700, [], NOW + timedelta(hours=1))
    assert (flow.lane, flow.waiting, len(flow.curve), flow.drained) == (LANE, 700, 1, 0.0)
    assert flow.rates_per_s == before.rates_per_s


def test_a_short_while_without_a_look_is_made_good() -> None:
    before = busy(200)
    flow = next_status(before, 3_000, [], NOW + 200 * SECOND + MAX_GAP)
    assert flow.curve[:-1] == before.curve[-len(flow.curve) + 1 :]
    assert flow.drained == before.drained > 0


@pytest.mark.parametrize("back", [timedelta(0), SECOND, timedelta(days=1)])
def test_a_clock_that_was_set_back_or_stands_begins_anew(back: timedelta) -> None:
    now = NOW + 200 * SECOND - back
    flow = next_status(busy(200), 700, [], now)
    assert flow.at == now - SETTLED
    assert (flow.waiting, len(flow.curve)) == (700, 1)


def test_samples_out_of_order_and_from_wrong_clocks_do_no_harm() -> None:
    before = busy(200)
    told = [
        sample(before.at + timedelta(days=1), 50, 3.0),
        sample(before.at, 50, 60.0),
        sample(before.at - timedelta(days=1), 50, 1e9),
        replace(sample(before.at, 10, 0.0), accounts=0, dwells_s=()),
    ]
    flow = next_status(before, 3_000, told, NOW + 201 * SECOND)
    assert flow == next_status(before, 3_000, told[::-1], NOW + 201 * SECOND)
    assert flow.reached is not None
    assert flow.reached <= flow.at
    told_wait = flow.wait_of_next()
    assert told_wait is None or told_wait.high <= 3_600


def test_an_account_counts_once_however_much_it_sent() -> None:
    """Three applicants waited for two seconds, one customer's mass for five minutes."""
    before = busy(200)
    mass = [ThroughputSample(LANE, before.at, "two", 90, accounts=1, dwells_s=(300.0,))]
    people = [ThroughputSample(LANE, before.at, "one", 3, accounts=3, dwells_s=(2.0, 2.0, 2.0))]
    flow = next_status(before, 3_000, mass + people, NOW + 201 * SECOND)
    assert flow.dwell_p50_s == 2.0


def test_a_worker_that_thins_its_list_speaks_for_all_its_accounts() -> None:
    before = busy(200)
    thinned = ThroughputSample(LANE, before.at, "one", 10, accounts=10, dwells_s=(2.0,))
    whole = ThroughputSample(LANE, before.at, "two", 6, accounts=6, dwells_s=(300.0,) * 6)
    flow = next_status(before, 3_000, [thinned, whole], NOW + 201 * SECOND)
    assert (flow.dwell_p50_s, flow.dwell_p90_s) == (2.0, 300.0)
    assert flow.reached == before.at - TAKEN_BEFORE - 2 * SECOND


def test_of_what_lies_behind_where_the_lane_has_come_to_only_the_newest_is_kept() -> None:
    flow = busy(200, waits_s=10.0)
    assert flow.reached is not None
    assert sum(point.at <= flow.reached for point in flow.curve[:-1]) == MIN_NEWEST_POINTS


def test_of_a_long_curve_the_older_part_is_thinned_and_none_is_left_out() -> None:
    at = NOW + 200 * SECOND - SETTLED
    points = [CumulativePoint(at - n * SECOND, -10.0 * n) for n in range(MAX_POINTS)]
    long = replace(busy(200), curve=tuple(reversed(points)), reached=points[-1].at)
    curve = next_status(long, 3_000, [], NOW + 201 * SECOND).curve
    assert MAX_POINTS / 2 < len(curve) < MAX_POINTS
    assert max(later.at - sooner.at for sooner, later in pairwise(curve)) <= 2 * SECOND
    assert [point.at for point in curve[-MIN_NEWEST_POINTS:]] == [
        at - n * SECOND for n in range(MIN_NEWEST_POINTS - 2, -2, -1)
    ]


def test_a_curve_has_so_many_points_at_most_and_reaches_back_as_far_as_people_wait() -> None:
    flow = busy(2_000, waits_s=1_500.0, per_s=10)
    assert len(flow.curve) <= MAX_POINTS
    assert flow.reached is not None
    assert flow.curve[0].at <= flow.reached
    assert list(flow.curve) == sorted(flow.curve, key=lambda point: point.at)
    last = flow.curve[-1]
    for point in flow.curve:  # where those stand who still wait, it is as true as it was
        if point.at >= flow.reached:
            since_s = (last.at - point.at) / SECOND
            assert last.arrived - point.arrived == pytest.approx(10 * since_s, abs=0.01)
