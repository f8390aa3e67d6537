"""How many bulk stampings may enter the stamping lane in a second.

Bulk work uses the capacity that applicants leave. How much that is has to be tried: the portion is
doubled while the lane stays short, and halved when it does not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane

MAX_AHEAD_S = 2  # of portions that may wait in the stamping lane; a snapshot may be so old


@dataclass(frozen=True, slots=True)
class Portions:
    """`min_per_s`: always, so that bulk does not starve. `max_per_s`: never more.
    `pause_above`: while applicants wait for longer, bulk has its minimum only."""

    min_per_s: int
    max_per_s: int
    pause_above: timedelta


def next_portion(
    before: int, snapshot: LoadSnapshot | None, now: datetime, portions: Portions
) -> int:
    """How many stampings may enter in this second, after `before` in the last one. The minimum
    where it is not known how long applicants wait."""
    status = snapshot.lanes.get(Lane.STAMPING) if snapshot and snapshot.is_fresh(now) else None
    wait_s = None if status is None else status.wait_of_next()
    if status is None or wait_s is None:
        return portions.min_per_s
    longest = timedelta(seconds=max(wait_s.high, status.dwell_p90_s))
    if longest > portions.pause_above:
        return portions.min_per_s
    is_short = status.waiting <= MAX_AHEAD_S * before
    wanted = max(1, 2 * before) if is_short else before // 2
    return max(portions.min_per_s, min(wanted, portions.max_per_s))
