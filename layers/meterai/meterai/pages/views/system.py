"""/operator: how the system is now, for the person on duty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from meterai.api.queue_estimates import EstimateAnswer
from meterai.domain.waiting.deadlines import Deadline
from meterai.domain.waiting.load_snapshot import LoadSnapshot, paused
from meterai.domain.waiting.queue_status import Lane, QueueStatus, Range
from meterai.languages import Text
from meterai.pages.answers import Shown
from meterai.pages.plots import polyline
from meterai.pages.visits import Visit
from meterai.steps.read_throughput import read_throughput

REFRESH_S = 15
LANES: Mapping[Lane, Text] = {
    Lane.PAYMENTS: Text("Pembayaran", "Payments"),
    Lane.REFUNDS: Text("Pengembalian dana", "Refunds"),
    Lane.URGENT: Text("Pembubuhan mendesak", "Urgent stamping"),
    Lane.STAMPING: Text("Pembubuhan", "Stamping"),
    Lane.BULK: Text("Pembubuhan massal", "Bulk stamping"),
    Lane.AUGMENTATION: Text("Penambahan bukti (B-LT)", "Augmentation (B-LT)"),
    Lane.PURCHASES: Text("Pembelian", "Purchases"),
    Lane.ASKED_FOR: Text("Permintaan bubuh", "Stampings asked for"),
}


@dataclass(frozen=True, slots=True)
class LaneRow:
    """`wait` is what people are told who come now. `points` is empty where no worker reported."""

    name: Text
    waiting: int | None  # None: it has no queue
    wait: EstimateAnswer | None
    dwell_s: int
    now_per_s: float
    peak_per_s: float
    points: str

    @classmethod
    def of(
        cls, lane: Lane, status: QueueStatus | None, wait: Range | None, rates: Sequence[float]
    ) -> "LaneRow":
        return cls(
            name=LANES[lane],
            waiting=None if status is None else status.waiting,
            wait=None if wait is None else EstimateAnswer.of(wait),
            dwell_s=0 if status is None else round(status.dwell_p90_s),
            now_per_s=rates[-1] if rates else 0.0,
            peak_per_s=max(rates, default=0.0),
            points=polyline(rates) if rates else "",
        )


@dataclass(frozen=True, slots=True)
class Portal:
    name: str
    deadline: Deadline | None


def show(visit: Visit) -> Shown:
    """Raises SignInNeeded, Unavailable."""
    operator, ports, now = visit.operator, visit.ports, visit.now
    snapshot = ports.load_metrics.snapshot()
    rates = read_throughput(ports, now)
    deadlines = {one.portal: one for one in ports.portal_deadlines.all()}
    return Shown(
        "system",
        {
            "operator": operator,
            "at": now,
            "measured_at": None if snapshot is None else snapshot.at,
            "is_fresh": snapshot is not None and snapshot.is_fresh(now),
            "lanes": [] if snapshot is None else _lanes(snapshot, rates, now),
            "closed": None if snapshot is None else snapshot.closed,
            "admission": None if snapshot is None else snapshot.admission,
            "paused": paused(snapshot, now),
            "portals": [Portal(name, deadlines.get(name)) for name in ports.portals],
            "again_s": REFRESH_S,
        },
        refresh_s=REFRESH_S,
    )


def _lanes(
    snapshot: LoadSnapshot, rates: Mapping[Lane, Sequence[float]], now: datetime
) -> list[LaneRow]:
    return [
        LaneRow.of(lane, snapshot.lanes.get(lane), _wait(snapshot, lane, now), rates.get(lane, ()))
        for lane in LANES
        if lane in snapshot.lanes or lane in rates
    ]


def _wait(snapshot: LoadSnapshot, lane: Lane, now: datetime) -> Range | None:
    position = snapshot.queue_position(lane, now, now)
    return None if position is None else position.wait
