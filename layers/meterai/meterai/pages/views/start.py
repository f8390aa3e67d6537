"""The first page: what it costs, how long it takes now, and where to begin."""

from meterai.domain.waiting.load_snapshot import closed, paused
from meterai.domain.waiting.queue_status import Lane
from meterai.pages.answers import Shown
from meterai.pages.visits import Visit


def show(visit: Visit) -> Shown:
    ports, now = visit.ports, visit.now
    snapshot = ports.snapshot
    position = None if snapshot is None else snapshot.queue_position(Lane.STAMPING, now, now)
    wait = None if position is None else position.wait
    return Shown(
        "start",
        {
            "price_idr": ports.unit_price_idr,
            "is_closed": closed(snapshot) is not None,
            "is_paused": paused(snapshot, now) is not None,
            "stamped_within_s": None if wait is None else max(1, round(wait.high)),
        },
    )
