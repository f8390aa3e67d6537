"""What a snapshot may tell the steps."""

from datetime import datetime, timedelta

from meterai.domain.flow import Lane, LaneFlow, Snapshot
from tests.unit.steps.wiring import URGENT_WITHIN


def calm(now: datetime) -> Snapshot:
    """Nobody waits anywhere."""
    return Snapshot(now, {lane: LaneFlow(lane, now) for lane in Lane})


def near_deadline(now: datetime, portal: str = "sscasn") -> Snapshot:
    """Calm, and a portal's deadline is so near that its work is urgent."""
    deadlines = {portal: now + URGENT_WITHIN - timedelta(minutes=10)}
    return Snapshot(now, calm(now).lanes, deadlines=deadlines)
