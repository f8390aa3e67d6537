"""Snapshots as the steps read them."""

from datetime import datetime, timedelta

from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane, QueueStatus
from tests.fakes.ports import URGENT_WINDOW


def calm(now: datetime) -> LoadSnapshot:
    """Nothing waits in any lane."""
    return LoadSnapshot(now, {lane: QueueStatus(lane, now) for lane in Lane})


def near_deadline(now: datetime, portal: str = "sscasn") -> LoadSnapshot:
    """Nothing waits, and a portal's deadline is so near that its stampings are urgent."""
    deadlines = {portal: now + URGENT_WINDOW - timedelta(minutes=10)}
    return LoadSnapshot(now, calm(now).lanes, deadlines=deadlines)
