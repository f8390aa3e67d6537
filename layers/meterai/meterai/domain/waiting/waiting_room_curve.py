"""The curve of places issued in the waiting room, as it grows: exact counts, thinned with age."""

from collections.abc import Sequence
from datetime import datetime

from meterai.domain.waiting.queue_status import CumulativePoint

MAX_POINTS = 28
NEWEST = 8  # of them stay as they are


def with_issued(
    curve: Sequence[CumulativePoint], count: int, until: datetime, over: datetime
) -> tuple[CumulativePoint, ...]:
    """The curve, which has begun, and so many more by `until`. What was issued before `over` has
    had its time; of more than MOST_POINTS the older ones are thinned where least is lost by it."""
    points = (*curve, CumulativePoint(until, curve[-1].arrived + count))
    past = [point for point in points if point.at <= over]
    kept = [*past[-1:], *points[len(past) :]]
    while len(kept) > MAX_POINTS:
        del kept[min(range(1, len(kept) - NEWEST), key=lambda place: _unsure(kept, place))]
    return tuple(kept)


def _unsure(points: Sequence[CumulativePoint], place: int) -> float:
    """Without that point the curve may run anywhere between its neighbours, since it never falls:
    in a rectangle of so much time, and so many places. A rush is many places in little time: it
    keeps its points, and is not spread over the quiet around it."""
    before, after = points[place - 1], points[place + 1]
    return (after.at - before.at).total_seconds() * (after.arrived - before.arrived)
