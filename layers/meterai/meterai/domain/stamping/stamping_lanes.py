"""Which of the stamping lanes a stamping goes by: the applicants' own, the urgent one, or bulk.

Work for a portal whose deadline is near goes by a lane with a few workers of its own, so it can
take no more than those from the others. Where everybody is near one deadline, both lanes serve.
"""

from datetime import datetime, timedelta

from meterai.domain.stamping.stampings import EMeterai
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane, QueueStatus, Range

NEAR_WAITS = 2  # a deadline is near when so many of the lane's longest waits reach it


def stamping_lane(
    first: EMeterai, snapshot: LoadSnapshot | None, now: datetime, nearest: timedelta
) -> Lane:
    """The lane for a stamping, by its first e-meterai.

    A deadline within `nearest` is near, however short the lane is. Without a fresh snapshot nothing
    is known of how long the urgent lane is, and all goes the ordinary way.
    """
    if first.bulk:
        return Lane.BULK
    if snapshot is None or first.portal is None or not snapshot.is_fresh(now):
        return Lane.STAMPING
    deadline = snapshot.deadlines.get(first.portal)
    if deadline is None or not _is_near(deadline, snapshot, now, nearest):
        return Lane.STAMPING
    urgent_s, ordinary_s = _wait_s(snapshot, Lane.URGENT), _wait_s(snapshot, Lane.STAMPING)
    if urgent_s is None or now + timedelta(seconds=urgent_s.low) > deadline:
        return Lane.STAMPING  # too late even by the urgent lane, where it would delay others
    is_shorter = ordinary_s is None or urgent_s.high <= ordinary_s.high
    return Lane.URGENT if is_shorter else Lane.STAMPING


def is_any_deadline_near(snapshot: LoadSnapshot | None, now: datetime, nearest: timedelta) -> bool:
    """If not, nothing is urgent, and no portal has to be looked up."""
    return snapshot is not None and any(
        _is_near(deadline, snapshot, now, nearest) for deadline in snapshot.deadlines.values()
    )


def _is_near(deadline: datetime, snapshot: LoadSnapshot, now: datetime, nearest: timedelta) -> bool:
    wait_s = _wait_s(snapshot, Lane.STAMPING)
    waits = timedelta(seconds=NEAR_WAITS * wait_s.high) if wait_s else timedelta(0)
    return now < deadline <= now + max(nearest, waits)


def _wait_s(snapshot: LoadSnapshot, lane: Lane) -> Range | None:
    """None: it is not known."""
    status: QueueStatus | None = snapshot.lanes.get(lane)
    return None if status is None else status.wait_of_next()
