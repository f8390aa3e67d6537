"""The curve of tickets issued: exact at every point it keeps, and always short."""

from datetime import UTC, datetime, timedelta

from meterai.domain.waiting.queue_status import CumulativePoint
from meterai.domain.waiting.waiting_room_curve import MAX_POINTS, with_issued

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def grown(seconds: int, over: datetime = START) -> tuple[CumulativePoint, ...]:
    """Three tickets a second."""
    curve: tuple[CumulativePoint, ...] = (CumulativePoint(START, 0.0),)
    for second in range(1, seconds + 1):
        curve = with_issued(curve, 3, START + second * SECOND, over)
    return curve


def test_each_second_is_a_point() -> None:
    assert grown(5) == tuple(CumulativePoint(START + n * SECOND, 3.0 * n) for n in range(6))


def test_a_long_curve_stays_short_and_every_point_on_it_stays_exact() -> None:
    curve = grown(3_600)
    assert len(curve) <= MAX_POINTS
    assert (curve[0], curve[-1]) == (
        CumulativePoint(START, 0.0),
        CumulativePoint(START + 3_600 * SECOND, 10_800.0),
    )
    for point in curve:
        assert point.arrived == 3 * (point.at - START) / SECOND
    assert list(curve) == sorted(curve, key=lambda point: point.at)


def test_expired_tickets_are_left_out_except_where_the_curve_begins() -> None:
    curve = grown(20, over=START + 10 * SECOND)
    assert curve[0] == CumulativePoint(START + 10 * SECOND, 30.0)
    assert len(curve) == 11


def test_while_nobody_comes_a_curve_still_begins_where_it_began() -> None:
    curve: tuple[CumulativePoint, ...] = (CumulativePoint(START, 0.0),)
    for second in range(1, 2 * MAX_POINTS):
        curve = with_issued(curve, 0, START + second * SECOND, START)
    assert curve[0] == CumulativePoint(START, 0.0)


def test_of_too_many_points_the_one_goes_that_its_neighbours_predict_best() -> None:
    """At second 6 the rate is the same as in the second before and in the second after."""
    came = [10] * MAX_POINTS
    came[6], came[7], came[8] = 0, 0, 1
    curve = tuple(
        CumulativePoint(START + n * SECOND, sum(came[: n + 1])) for n in range(MAX_POINTS)
    )
    left = with_issued(curve, 10, START + MAX_POINTS * SECOND, START)
    gone = {START + n * SECOND for n in range(MAX_POINTS + 1)} - {point.at for point in left}
    assert gone == {START + 6 * SECOND}


def test_a_rush_is_not_spread_over_the_quiet_time_around_it() -> None:
    """Otherwise all of it would be admitted at once when the watermark reaches it: arrivals within
    ten seconds must not look like arrivals within minutes."""
    rush = range(1_200, 1_210)
    curve: tuple[CumulativePoint, ...] = (CumulativePoint(START, 0.0),)
    true = [0]
    for second in range(1, 7_200):
        count = 1_000 if second in rush else 1
        true.append(true[-1] + count)
        curve = with_issued(curve, count, START + second * SECOND, START)
    off_s = [
        abs((_when(curve, true[second]) - START) / SECOND - second) for second in range(0, 7_000, 5)
    ]
    assert len(curve) <= MAX_POINTS
    assert max(off_s) < 60
    by_rush = [_when(curve, true[second]) for second in (rush[0], rush[-1])]
    assert (by_rush[1] - by_rush[0]) / SECOND < 2 * len(rush)


def _when(curve: tuple[CumulativePoint, ...], arrived: float) -> datetime:
    later = next(n for n, point in enumerate(curve) if point.arrived >= arrived)
    if later == 0:
        return curve[0].at
    before, after = curve[later - 1], curve[later]
    part = (arrived - before.arrived) / (after.arrived - before.arrived)
    return before.at + part * (after.at - before.at)
