"""The curve of places issued in the waiting room, as it grows: exact counts, thinned with age."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from meterai.domain.flow import CurvePoint

MOST_POINTS = 28
NEWEST = 8  # of them stay as they are
STRETCHES = 15


def with_issued(
    curve: Sequence[CurvePoint], count: int, until: datetime, over: datetime
) -> tuple[CurvePoint, ...]:
    """The curve, and so many more by `until`. What was issued before `over` has had its time; of
    more than MOST_POINTS the older ones are left to the last of each stretch of time."""
    total = (curve[-1].arrived if curve else 0.0) + count
    points = (*curve, CurvePoint(until, total))
    past = [point for point in points if point.at <= over]
    kept = (*past[-1:], *points[len(past) :])
    if len(kept) <= MOST_POINTS:
        return kept
    older, newest = kept[:-NEWEST], kept[-NEWEST:]
    stretch = (older[-1].at - older[0].at) / STRETCHES
    stretches = groupby(older, key=lambda point: (point.at - older[0].at) // stretch)
    return (older[0], *(list(points)[-1] for _, points in stretches), *newest)
