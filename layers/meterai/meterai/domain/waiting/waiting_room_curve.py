"""The curve of tickets issued in the waiting room: exact counts, with fewer points for the past."""

from collections.abc import Sequence
from datetime import datetime

from meterai.domain.waiting.queue_status import CumulativePoint

MAX_POINTS = 28
MIN_NEWEST_POINTS = 8  # stay as they are


def with_issued(
    curve: Sequence[CumulativePoint], count: int, until: datetime, over: datetime
) -> tuple[CumulativePoint, ...]:
    """The curve, which is not empty, and so many more by `until`. Tickets issued before `over` have
    expired. Above MAX_POINTS, older points go where least is lost."""
    points = (*curve, CumulativePoint(until, curve[-1].arrived + count))
    past = [point for point in points if point.at <= over]
    kept = [*past[-1:], *points[len(past) :]]
    while len(kept) > MAX_POINTS:
        del kept[
            min(range(1, len(kept) - MIN_NEWEST_POINTS), key=lambda place: _unsure(kept, place))
        ]
    return tuple(kept)


def _unsure(points: Sequence[CumulativePoint], place: int) -> float:
    """The area of the rectangle between the neighbours of a point, in time x tickets: without the
    point a curve that never falls may run anywhere in it. A rush, many tickets in little time,
    keeps its points and is not spread over the quiet time around it."""
    before, after = points[place - 1], points[place + 1]
    return (after.at - before.at).total_seconds() * (after.arrived - before.arrived)
