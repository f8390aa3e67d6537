"""What a snapshot says: positions, waits and when to poll again; nothing where it is too old."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from meterai.domain.waiting.load_snapshot import (
    MAX_LATENESS,
    MAX_REFUSAL_AGE,
    LoadSnapshot,
    QueuePosition,
)
from meterai.domain.waiting.queue_status import (
    COUNT_ERROR,
    MAX_ESTIMATE_AGE,
    MAX_RANGE_FACTOR,
    MAX_WAIT_S,
    CumulativePoint,
    Lane,
    QueueStatus,
    Range,
    arrived_by,
)

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

# A hundred a second came for a minute, fifty a second are taken: half of them wait.
BUSY = QueueStatus(
    Lane.STAMPING,
    NOW,
    waiting=3_000,
    drained_low_per_s=50.0,
    drained_high_per_s=50.0,
    dwell_p50_s=30.0,
    dwell_p90_s=32.0,
    curve=tuple(CumulativePoint(NOW - (60 - n) * SECOND, 100.0 * n) for n in range(61)),
    reached=NOW - 30 * SECOND,
    drained=3_000.0,
    rates_per_s=(50.0, 50.0, 50.0),
    busy_s=60.0,
)
CALM = QueueStatus(
    Lane.STAMPING, NOW, waiting=2, curve=(CumulativePoint(NOW, 2.0),), reached=NOW, drained=0.0
)


def test_the_last_message_has_all_the_others_ahead() -> None:
    assert BUSY.ahead_of(NOW) == Range(2307, 3900)
    wait = BUSY.wait_of(NOW, NOW)
    assert wait == Range(44, 82)
    assert wait == BUSY.wait_of_next()


def test_without_a_curve_nothing_is_known_to_be_ahead() -> None:
    assert QueueStatus(Lane.STAMPING, NOW).ahead_of(NOW) == Range(0, 0)


def test_in_a_lane_of_which_nothing_was_taken_all_that_arrived_is_ahead() -> None:
    ahead = replace(BUSY, reached=None).ahead_of(NOW)
    assert ahead.high == pytest.approx(6_000 * COUNT_ERROR, abs=2)


@pytest.mark.parametrize(
    ("sent", "stands_before"),
    [(-27 * SECOND, 400), (0 * SECOND, 4_000), (5 * SECOND, 4_500)],
    ids=["close to the reached point: by position", "last: by number", "sent after the snapshot"],
)
def test_where_position_and_number_disagree_the_nearer_one_counts_more(
    sent: timedelta, stands_before: int
) -> None:
    """By position 3,000 of 6,000 have been taken, by number 2,000."""
    ahead = replace(BUSY, waiting=4_000, drained=2_000.0).ahead_of(NOW + sent)
    assert ahead.high == pytest.approx(stands_before * COUNT_ERROR, abs=2)


def test_one_message_ahead_in_a_slow_lane_is_waited_for() -> None:
    slow = replace(BUSY, drained_low_per_s=0.01, drained_high_per_s=0.01, waiting=2)
    wait = slow.wait_of(NOW - 30 * SECOND + SECOND / 50, NOW)
    assert wait is not None
    assert wait.low > 60


@pytest.mark.parametrize(("since_s", "is_left"), [(0, 0.36), (10, 0.32)])
def test_a_range_that_would_be_too_wide_is_narrowed_by_the_same_share_on_either_side(
    since_s: int, is_left: float
) -> None:
    """95 seconds are likely, 20 and 393 are possible: a third of the width is left."""
    swings = replace(BUSY, drained_low_per_s=10.0, drained_high_per_s=100.0)
    low, likely, high = 20.5 - since_s, 94.9 - since_s, 392.6 - since_s
    wait = swings.wait_of(NOW, NOW + since_s * SECOND)
    assert wait is not None
    assert wait.high == MAX_RANGE_FACTOR * wait.low
    left = [(likely - wait.low) / (likely - low), (wait.high - likely) / (high - likely)]
    assert left[0] == pytest.approx(left[1], abs=0.02)
    assert left[0] == pytest.approx(is_left, abs=0.02)


def test_a_range_that_is_just_not_too_wide_is_kept() -> None:
    """More than 42.95 s and up to 129.006 s, which is three times as much and not four."""
    swings = replace(BUSY, drained_low_per_s=31.0, drained_high_per_s=50.0)
    assert swings.wait_of_next() == Range(44, 130)


def test_two_points_are_a_curve() -> None:
    assert replace(BUSY, curve=(BUSY.curve[0], BUSY.curve[-1])).wait_of_next() is not None
    assert replace(BUSY, curve=BUSY.curve[-1:]).wait_of_next() is None


def test_with_a_curve_of_three_points_only_the_number_counts() -> None:
    """Three points are too noisy to show a rise; a fourth one does."""
    points = tuple(BUSY.curve[n] for n in (30, 40, 50, 60))
    sent_at = NOW - 15 * SECOND
    assert replace(BUSY, curve=points).ahead_of(sent_at) == BUSY.ahead_of(sent_at)
    begun = replace(BUSY, curve=points[1:])
    assert begun.ahead_of(sent_at) == begun.ahead_of(NOW) == BUSY.ahead_of(NOW)
    assert replace(begun, waiting=100).ahead_of(NOW) == Range(0, 0), "so few are no queue"
    assert replace(begun, waiting=101).ahead_of(NOW) == Range(77, 132)


@pytest.mark.parametrize(
    ("rates_per_s", "most"),
    [((), 10), ((0.5, 0.4, 0.1), 10), ((50.0, 40.0, 30.0), 100)],
    ids=["speed unknown", "slow", "fast"],
)
def test_few_messages_or_two_seconds_of_work_are_no_queue(
    rates_per_s: tuple[float, ...], most: int
) -> None:
    flow = replace(CALM, rates_per_s=rates_per_s)
    assert replace(flow, waiting=most).is_short
    assert not replace(flow, waiting=most + 1).is_short


@pytest.mark.parametrize(
    ("waiting", "wait"),
    [(60, Range(1, 3)), (150, Range(2, 6)), (250, Range(3, 9)), (350, Range(4, 12))],
)
def test_a_short_wait_is_a_range_around_the_likely_one(waiting: int, wait: Range) -> None:
    """50 a second are taken: two seconds more or less are much of the wait itself."""
    reached = NOW - waiting / 100 * SECOND
    few = replace(BUSY, waiting=waiting, reached=reached, drained=6_000.0 - waiting)
    assert few.wait_of_next() == wait


def test_the_estimated_wait_becomes_shorter_while_one_waits() -> None:
    sent_at = NOW - 15 * SECOND  # half of those who wait came before
    assert BUSY.ahead_of(sent_at) == Range(1153, 1950)
    assert BUSY.wait_of(sent_at, NOW) == Range(21, 43)
    assert BUSY.wait_of(sent_at, NOW + 10 * SECOND) == Range(11, 33)


def test_a_message_that_has_been_reached_is_about_to_be_taken() -> None:
    for sent_at in (NOW - 30 * SECOND, NOW - 45 * SECOND, NOW - timedelta(days=1)):
        assert BUSY.ahead_of(sent_at) == Range(0, 0)
        assert BUSY.wait_of(sent_at, NOW) == Range(1, 3)


def test_in_a_calm_lane_the_wait_is_a_moment() -> None:
    assert CALM.wait_of(NOW, NOW) == CALM.wait_of_next() == Range(1, 3)


def test_a_queue_that_has_only_just_begun_has_no_estimate() -> None:
    assert replace(CALM, waiting=500).wait_of_next() is None


def test_a_lane_that_stands_still_has_no_estimate() -> None:
    assert replace(BUSY, drained_low_per_s=0.0, drained_high_per_s=0.0).wait_of_next() is None


def test_in_an_unfair_lane_the_waits_of_others_count() -> None:
    """Fair queues serve one customer's many messages last. An applicant's new message is taken
    after seconds, as those of other applicants were."""
    unfair = replace(BUSY, reached=NOW - 3 * SECOND, dwell_p50_s=3.0)
    wait = unfair.wait_of(NOW, NOW)
    assert wait is not None
    assert wait.high <= 12


@pytest.mark.parametrize(
    ("sent_at", "now"),
    [
        pytest.param(NOW + timedelta(days=1), NOW, id="sent tomorrow"),
        pytest.param(NOW, NOW - timedelta(days=1), id="a snapshot from the future"),
        pytest.param(NOW, NOW + timedelta(days=1), id="an old snapshot"),
        pytest.param(NOW - timedelta(days=9_000), NOW, id="sent long ago"),
    ],
)
def test_a_clock_that_jumps_gives_no_absurd_estimate(sent_at: datetime, now: datetime) -> None:
    for flow in (BUSY, CALM, replace(BUSY, reached=NOW + timedelta(days=1))):
        wait = flow.wait_of(sent_at, now)
        assert wait is None or 1 <= wait.low <= wait.high <= min(3 * wait.low, MAX_WAIT_S)
        assert wait is None or wait.high <= 130
        ahead = flow.ahead_of(sent_at)
        assert 0 <= ahead.low <= ahead.high <= 6_000


def test_an_old_snapshot_gives_no_waits_and_closes_nothing() -> None:
    snapshot = LoadSnapshot(NOW, {Lane.STAMPING: CALM})
    for age in (MAX_ESTIMATE_AGE, -MAX_ESTIMATE_AGE):
        assert snapshot.queue_position(Lane.STAMPING, NOW, NOW + age) is not None
    for age in (MAX_ESTIMATE_AGE + SECOND, -MAX_ESTIMATE_AGE - SECOND):
        assert snapshot.queue_position(Lane.STAMPING, NOW, NOW + age) is None
        assert snapshot.is_trusted(NOW + age)
    assert snapshot.is_trusted(NOW + MAX_REFUSAL_AGE)
    assert not snapshot.is_trusted(NOW + MAX_REFUSAL_AGE + SECOND)


def test_a_snapshot_gives_the_position_in_a_lane() -> None:
    snapshot = LoadSnapshot(NOW, {Lane.STAMPING: BUSY})
    assert snapshot.queue_position(Lane.STAMPING, NOW, NOW) == QueuePosition(
        Range(2307, 3900), Range(44, 82)
    )
    assert snapshot.queue_position(Lane.REFUNDS, NOW, NOW) is None


def test_a_message_that_the_lane_passed_long_ago_has_no_estimate() -> None:
    snapshot = LoadSnapshot(NOW, {Lane.STAMPING: BUSY})
    reached = BUSY.reached
    assert reached is not None
    about_to_be_taken = QueuePosition(Range(0, 0), Range(1, 3))
    assert snapshot.queue_position(Lane.STAMPING, reached - MAX_LATENESS, NOW) == about_to_be_taken
    assert snapshot.queue_position(Lane.STAMPING, reached - MAX_LATENESS - SECOND, NOW) is None
    nowhere = LoadSnapshot(NOW, {Lane.STAMPING: replace(BUSY, reached=None)})
    assert nowhere.queue_position(Lane.STAMPING, NOW, NOW) is not None


FLAT = tuple(CumulativePoint(NOW + n * SECOND, 7.0) for n in range(-10, 11))


def test_while_nothing_arrives_a_curve_does_not_rise() -> None:
    assert arrived_by(FLAT, NOW + 15 * SECOND) == pytest.approx(7.0)
    for later in (0, 1, 2, 4, 8, 10, 16):
        assert arrived_by(FLAT[:1], NOW + later * SECOND) == pytest.approx(7.0)


def test_falling_depths_are_noise_and_a_curve_does_not_fall() -> None:
    falling = [CumulativePoint(NOW + n * SECOND, 100.0 - n) for n in range(10)]
    assert arrived_by(falling, NOW + 60 * SECOND) >= 91.0


def test_of_the_points_around_it_the_nearest_counts_most() -> None:
    odd = [replace(one, arrived=100.0 * (one.at == NOW)) for one in FLAT]
    assert arrived_by(odd, NOW) > 100.0 / len(FLAT)


def test_where_points_are_far_apart_the_four_nearest_count() -> None:
    minutes = [CumulativePoint(NOW + n * 60 * SECOND, max(0.0, n - 5.0)) for n in range(12)]
    assert arrived_by(minutes, NOW + 9 * 60 * SECOND) == pytest.approx(4.0)
    assert arrived_by(minutes, NOW + 2 * 60 * SECOND) == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("ahead", "wait", "after_s"),
    [
        (0, None, 5.0),
        (0, Range(1, 3), 1.0),
        (100, Range(40, 100), 10.0),
        (9_000, Range(4_000, 9_000), 300.0),
        (3_000, None, 30.0),
        (3_000, Range(1, 3), 30.0),
        (1_000_000, None, 300.0),
    ],
)
def test_the_longer_the_wait_the_later_a_client_polls_again(
    ahead: int, wait: Range | None, after_s: float
) -> None:
    assert QueuePosition(Range(ahead, ahead), wait).poll_after == timedelta(seconds=after_s)


def test_clients_of_a_lane_that_stands_still_do_not_all_poll_at_once() -> None:
    polls_per_s = sum(
        100 / QueuePosition(Range(ahead, ahead), None).poll_after.total_seconds()
        for ahead in range(0, 200_000, 100)
    )
    assert polls_per_s < 1_250  # half of what the API serves in Jakarta
