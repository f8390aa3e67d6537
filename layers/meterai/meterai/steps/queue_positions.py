"""Where something is in its lane, and how long it will wait there, as far as that is known."""

from datetime import datetime, timedelta
from typing import Protocol

from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.stamping_lanes import stamping_lane
from meterai.domain.stamping.stampings import EMeterai
from meterai.domain.waiting.load_snapshot import LoadSnapshot, QueuePosition
from meterai.domain.waiting.queue_status import Lane


class QueuePositionPorts(Protocol):
    @property
    def snapshot(self) -> LoadSnapshot | None: ...


class StampingPositionPorts(QueuePositionPorts, Protocol):
    @property
    def urgent_window(self) -> timedelta: ...


def payment_position(ports: QueuePositionPorts, now: datetime) -> QueuePosition | None:
    """Of a payment that the gateway would report now."""
    return _position(Lane.PAYMENTS, now, ports.snapshot, now)


def refund_position(
    refund: Refund, ports: QueuePositionPorts, now: datetime
) -> QueuePosition | None:
    return _position(Lane.REFUNDS, refund.created_at, ports.snapshot, now)


def stamping_position(
    first: EMeterai, sent_at: datetime | None, ports: StampingPositionPorts, now: datetime
) -> QueuePosition | None:
    """`sent_at`: when the stamping was sent to its lane; None: it has not been."""
    if sent_at is None:
        return None
    snapshot = ports.snapshot
    lane = stamping_lane(first, snapshot, now, ports.urgent_window)
    return _position(lane, sent_at, snapshot, now)


def _position(
    lane: Lane, sent_at: datetime, snapshot: LoadSnapshot | None, now: datetime
) -> QueuePosition | None:
    return None if snapshot is None else snapshot.queue_position(lane, sent_at, now)
