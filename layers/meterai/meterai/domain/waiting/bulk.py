"""How much of the bulk lane may enter the stamping lane in a second.

Bulk work takes what applicants leave. How much the workers could do besides is not known until it
is tried: a portion doubles while the lane is as short as before, and is halved when it is not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane

AHEAD_S = 2  # of portions that may wait in the stamping lane; a snapshot tells of so long ago


@dataclass(frozen=True, slots=True)
class Portions:
    """`least_per_s`: in any case, so that bulk does not starve. `most_per_s`: at any time.
    `yields_at`: while applicants wait for longer, bulk has its least alone."""

    least_per_s: int
    most_per_s: int
    yields_at: timedelta


def next_portion(
    before: int, snapshot: LoadSnapshot | None, now: datetime, portions: Portions
) -> int:
    """How many stampings may enter in this second, after `before` in the last one. Where it is not
    known how long applicants wait, the least."""
    flow = snapshot.lanes.get(Lane.STAMPING) if snapshot and snapshot.is_fresh(now) else None
    wait_s = None if flow is None else flow.wait_of_next()
    if flow is None or wait_s is None:
        return portions.least_per_s
    longest = timedelta(seconds=max(wait_s.high, flow.dwell_p90_s))
    if longest > portions.yields_at:
        return portions.least_per_s
    is_short = flow.waiting <= AHEAD_S * before
    wanted = max(1, 2 * before) if is_short else before // 2
    return max(portions.least_per_s, min(wanted, portions.most_per_s))
