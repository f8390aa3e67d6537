"""Curves of arrivals, as a lane's status keeps them."""

from datetime import datetime

from meterai.domain.waiting.queue_status import MIN_POINTS, CumulativePoint


def straight(begins: datetime, ends: datetime, arrived: float) -> tuple[CumulativePoint, ...]:
    """`arrived` messages, evenly spread, in as few points as make a curve."""
    parts = MIN_POINTS - 1
    return tuple(
        CumulativePoint(begins + n / parts * (ends - begins), n / parts * arrived)
        for n in range(MIN_POINTS)
    )
