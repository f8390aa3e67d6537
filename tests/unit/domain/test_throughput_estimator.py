"""Estimating throughput: each status follows from the last one, a depth and new samples."""

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
    """As many arrive as are taken, and each waits `waits_s`."""
    status = first_status(LANE, 0, NOW)
    for second in range(1, seconds + 1):
        samples = [sample(status.at, per_s, min(waits_s, 1.0 * second))] if second > 3 else []
        status = next_status(status, round(waits_s * per_s), samples, NOW + second * SECOND)
    return status


def test_a_status_is_of_the_time_up_to_which_all_samples_are_in() -> None:
    assert first_status(LANE, 3, NOW).at == NOW - SETTLED


def test_the_drain_rate_of_a_busy_lane_is_the_sampled_one() -> None:
    status = busy(200)
    assert status.rates_per_s == (50.0, 50.0, 50.0)
    assert (status.drained_low_per_s, status.drained_high_per_s) == (50.0, 50.0)
    assert (status.dwell_p50_s, status.dwell_p90_s) == (60.0, 60.0)
    wait = status.wait_of_next()
    assert wait is not None
    assert wait.low <= 60 <= wait.high


def test_a_change_of_speed_is_learned_over_each_window() -> None:
    """Twice as many are taken, for ten seconds: the shorter a window, the more of them it shows."""
    status = busy(200)
    for second in range(201, 211):
        status = next_status(status, 3_000, [sample(status.at, 100, 60.0)], NOW + second * SECOND)
    learned = tuple(50.0 + 50.0 * (1.0 - math.exp(-10.0 / window_s)) for window_s in WINDOWS_S)
    assert status.rates_per_s == pytest.approx(learned)
    assert (status.drained_low_per_s, status.drained_high_per_s) == (
        status.rates_per_s[-1],
        status.rates_per_s[0],
    )


def test_a_batch_of_samples_covers_the_time_since_the_batch_before() -> None:
    status = busy(200)
    for second in range(201, 204):
        status = next_status(status, 3_000, [], NOW + second * SECOND)
    status = next_status(status, 3_000, [sample(status.at, 200, 60.0)], NOW + 204 * SECOND)
    assert status.rates_per_s == pytest.approx((50.0, 50.0, 50.0))
    assert status.still_s == 0.0


def test_so_it_is_after_the_longest_gap_that_is_no_standstill() -> None:
    status = busy(200)
    seconds = round(STOPPED_S)
    for second in range(1, seconds):
        status = next_status(status, 3_000, [], NOW + (200 + second) * SECOND)
    now = NOW + (200 + seconds) * SECOND
    silent = next_status(status, 3_000, [], now)
    assert (silent.still_s, silent.drained_low_per_s) == (STOPPED_S, 50.0)
    assert next_status(silent, 3_000, [], now + SECOND).drained_low_per_s == 0.0
    in_a_lump = next_status(status, 3_000, [sample(status.at, 50 * seconds, 60.0)], now)
    assert in_a_lump.rates_per_s == pytest.approx((50.0, 50.0, 50.0))


@pytest.mark.parametrize(("busy_s", "rate"), [(MIN_BUSY_S - 1.1, 0.0), (MIN_BUSY_S - 1.0, 50.0)])
def test_samples_of_the_first_seconds_give_no_speed(busy_s: float, rate: float) -> None:
    before = replace(busy(200), busy_s=busy_s)
    status = next_status(before, 3_000, [sample(before.at, 50, 60.0)], NOW + 201 * SECOND)
    assert (status.drained_low_per_s, status.drained_high_per_s) == (rate, rate)


def test_a_slow_lane_may_pause_longer_before_it_stands_still() -> None:
    """It takes one message in two seconds: eight seconds without one are no standstill, thirteen
    are."""
    status = replace(busy(200), rates_per_s=(0.5, 0.5, 0.5))
    for second in range(201, 209):
        status = next_status(status, 3_000, [], NOW + second * SECOND)
        assert status.drained_low_per_s == 0.5
    for second in range(209, 214):
        status = next_status(status, 3_000, [], NOW + second * SECOND)
    assert status.drained_low_per_s == 0.0


def test_an_idle_lane_forgets_its_queue_and_keeps_its_speed() -> None:
    status = next_status(busy(200), 0, [], NOW + 201 * SECOND)
    assert (status.waiting, len(status.curve), status.rates_per_s) == (0, 1, (50.0, 50.0, 50.0))
    assert status.lane is first_status(LANE, 0, NOW).lane is LANE
    assert status.wait_of_next() == Range(1, 3)


def test_the_speed_of_an_earlier_rush_is_used_in_the_first_seconds_of_the_next() -> None:
    status = next_status(busy(200), 0, [], NOW + 201 * SECOND)
    for second in range(202, 206):
        status = next_status(status, 3_000, [], NOW + second * SECOND)
        wait = status.wait_of_next()
        assert wait is not None
        assert wait.low <= 60 <= wait.high


def test_a_queue_of_which_nothing_is_taken_has_no_estimate() -> None:
    status = first_status(LANE, 0, NOW)
    for second in range(1, 20):
        status = next_status(status, 3_000, [], NOW + second * SECOND)
        assert status.wait_of_next() is None


def test_while_nothing_is_taken_rates_are_kept_and_soon_there_is_no_estimate() -> None:
    status = before = busy(200)
    for second in range(201, 230):
        status = next_status(status, 3_000, [], NOW + second * SECOND)
    assert status.rates_per_s == before.rates_per_s
    assert status.wait_of_next() is None
    assert status.reached == before.reached
    assert (status.drained_low_per_s, status.drained_high_per_s) == (0.0, 0.0)
    assert (status.dwell_p50_s, status.dwell_p90_s) == (60.0, 60.0), "as last sampled"


def test_a_fast_lane_with_a_constant_depth_does_not_stand_still() -> None:
    """300 a second from a queue of 200: nobody waits a second, and full batches are reported."""
    status = first_status(LANE, 200, NOW)
    for second in range(1, 60):
        samples = [sample(status.at + SECOND, 300, 0.7)]
        status = next_status(status, 200, samples, NOW + second * SECOND)
        assert status.reached is not None
        assert status.at - status.reached < 4 * SECOND
    assert status.is_short
    assert status.reached == status.at - TAKEN_BEFORE - 0.7 * SECOND, "from the samples"
    assert status.wait_of_next() == Range(1, 3)


def test_a_long_gap_between_measurements_starts_a_new_curve() -> None:
    before = busy(200)
    status = next_status(before, 700, [], NOW + timedelta(hours=1))
    assert (status.lane, status.waiting, len(status.curve), status.drained) == (LANE, 700, 1, 0.0)
    assert status.rates_per_s == before.rates_per_s


def test_a_short_gap_between_measurements_is_bridged() -> None:
    before = busy(200)
    status = next_status(before, 3_000, [], NOW + 200 * SECOND + MAX_GAP)
    assert status.curve[:-1] == before.curve[-len(status.curve) + 1 :]
    assert status.drained == before.drained > 0


@pytest.mark.parametrize("back", [timedelta(0), SECOND, timedelta(days=1)])
def test_a_clock_that_was_set_back_or_stands_still_starts_a_new_curve(back: timedelta) -> None:
    now = NOW + 200 * SECOND - back
    status = next_status(busy(200), 700, [], now)
    assert status.at == now - SETTLED
    assert (status.waiting, len(status.curve)) == (700, 1)


def test_samples_out_of_order_and_from_wrong_clocks_do_no_harm() -> None:
    before = busy(200)
    samples = [
        sample(before.at + timedelta(days=1), 50, 3.0),
        sample(before.at, 50, 60.0),
        sample(before.at - timedelta(days=1), 50, 1e9),
        replace(sample(before.at, 10, 0.0), accounts=0, dwells_s=()),
    ]
    status = next_status(before, 3_000, samples, NOW + 201 * SECOND)
    assert status == next_status(before, 3_000, samples[::-1], NOW + 201 * SECOND)
    assert status.reached is not None
    assert status.reached <= status.at
    wait = status.wait_of_next()
    assert wait is None or wait.high <= 3_600


def test_an_account_counts_once_however_much_it_sent() -> None:
    """Three applicants waited for two seconds, one customer's mass for five minutes."""
    before = busy(200)
    mass = [ThroughputSample(LANE, before.at, "two", 90, accounts=1, dwells_s=(300.0,))]
    people = [ThroughputSample(LANE, before.at, "one", 3, accounts=3, dwells_s=(2.0, 2.0, 2.0))]
    status = next_status(before, 3_000, mass + people, NOW + 201 * SECOND)
    assert status.dwell_p50_s == 2.0


def test_a_worker_that_thins_its_list_counts_for_all_its_accounts() -> None:
    before = busy(200)
    thinned = ThroughputSample(LANE, before.at, "one", 10, accounts=10, dwells_s=(2.0,))
    whole = ThroughputSample(LANE, before.at, "two", 6, accounts=6, dwells_s=(300.0,) * 6)
    status = next_status(before, 3_000, [thinned, whole], NOW + 201 * SECOND)
    assert (status.dwell_p50_s, status.dwell_p90_s) == (2.0, 300.0)
    assert status.reached == before.at - TAKEN_BEFORE - 2 * SECOND


def test_behind_the_reached_point_only_the_newest_points_are_kept() -> None:
    status = busy(200, waits_s=10.0)
    assert status.reached is not None
    assert sum(point.at <= status.reached for point in status.curve[:-1]) == MIN_NEWEST_POINTS


def test_the_older_part_of_a_long_curve_is_thinned_without_gaps() -> None:
    at = NOW + 200 * SECOND - SETTLED
    points = [CumulativePoint(at - n * SECOND, -10.0 * n) for n in range(MAX_POINTS)]
    long = replace(busy(200), curve=tuple(reversed(points)), reached=points[-1].at)
    curve = next_status(long, 3_000, [], NOW + 201 * SECOND).curve
    assert MAX_POINTS / 2 < len(curve) < MAX_POINTS
    assert max(later.at - sooner.at for sooner, later in pairwise(curve)) <= 2 * SECOND
    assert [point.at for point in curve[-MIN_NEWEST_POINTS:]] == [
        at - n * SECOND for n in range(MIN_NEWEST_POINTS - 2, -2, -1)
    ]


def test_a_curve_has_a_maximum_of_points_and_reaches_back_as_far_as_people_wait() -> None:
    status = busy(2_000, waits_s=1_500.0, per_s=10)
    assert len(status.curve) <= MAX_POINTS
    assert status.reached is not None
    assert status.curve[0].at <= status.reached
    assert list(status.curve) == sorted(status.curve, key=lambda point: point.at)
    last = status.curve[-1]
    for point in status.curve:  # where people still wait, no accuracy is lost
        if point.at >= status.reached:
            since_s = (last.at - point.at) / SECOND
            assert last.arrived - point.arrived == pytest.approx(10 * since_s, abs=0.01)
