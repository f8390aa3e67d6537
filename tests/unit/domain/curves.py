"""Curves of arrivals, as the flow of a lane keeps them."""

from datetime import datetime

from meterai.domain.waiting.queue_status import MIN_POINTS, CumulativePoint


def straight(begins: datetime, ends: datetime, arrived: float) -> tuple[CumulativePoint, ...]:
    """So many came, evenly; read no more often than tells anything."""
    parts = MIN_POINTS - 1
    return tuple(
        CumulativePoint(begins + n / parts * (ends - begins), n / parts * arrived)
        for n in range(MIN_POINTS)
    )
