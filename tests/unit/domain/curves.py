"""Curves of arrivals, as the flow of a lane keeps them."""

from datetime import datetime

from meterai.domain.flow import FEWEST, CurvePoint


def straight(begins: datetime, ends: datetime, arrived: float) -> tuple[CurvePoint, ...]:
    """So many came, evenly; read no more often than tells anything."""
    parts = FEWEST - 1
    return tuple(
        CurvePoint(begins + n / parts * (ends - begins), n / parts * arrived) for n in range(FEWEST)
    )
