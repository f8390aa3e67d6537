"""Publish the load snapshot: once a second, how long each lane is, and who may buy, if anybody.

The only writer of the snapshot. Each second continues from the last snapshot, so that a run may end
and start at any moment; two concurrent runs each continue from what the other wrote.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from meterai.domain.errors import Unavailable
from meterai.domain.metrics import Metric
from meterai.domain.waiting.admission_control import (
    TICKETS_SETTLED,
    Admission,
    AdmissionPolicy,
    next_admission,
)
from meterai.domain.waiting.demand import AskedFor
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import CumulativePoint, Lane, QueueStatus, ThroughputSample
from meterai.domain.waiting.selling import Closed, why_closed
from meterai.domain.waiting.throughput_estimator import (
    MAX_GAP,
    SETTLED,
    first_status,
    next_status,
)
from meterai.domain.waiting.waiting_room_curve import with_issued
from meterai.ports import (
    BuyingSwitch,
    Lanes,
    LoadMetrics,
    Metrics,
    PortalDeadlines,
    SigningCertificates,
    WaitingRoom,
)

logger = logging.getLogger(__name__)

MEASURED = (
    Lane.PAYMENTS,
    Lane.REFUNDS,
    Lane.URGENT,
    Lane.STAMPING,
    Lane.BULK,
    Lane.AUGMENTATION,
)


class PublishLoadSnapshotPorts(Protocol):
    @property
    def lanes(self) -> Lanes: ...
    @property
    def load_metrics(self) -> LoadMetrics: ...
    @property
    def waiting_room(self) -> WaitingRoom: ...
    @property
    def portal_deadlines(self) -> PortalDeadlines: ...
    @property
    def buying_switch(self) -> BuyingSwitch: ...
    @property
    def signing_certificates(self) -> SigningCertificates: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def admission_policy(self) -> AdmissionPolicy: ...


def publish_load_snapshot(seconds: Iterable[datetime], ports: PublishLoadSnapshotPorts) -> int:
    """How many snapshots were written, over these seconds. Safe beside another run."""
    before: LoadSnapshot | None = None
    written = 0
    for now in seconds:
        try:
            before = _last(before, ports.load_metrics.snapshot(), now)
            snapshot = measure(before, now, ports)
            if not ports.load_metrics.put_snapshot(snapshot):
                logger.warning("another one measures", extra={"written": written})
                break
        except Unavailable as error:
            logger.warning("a second was not measured", extra={"values": error.values})
            continue
        if written == 0 and snapshot.closed is Closed.NO_SIGNING_IDENTITY:
            ports.metrics.record(Metric.NO_SIGNING_IDENTITY)
        before = snapshot
        written += 1
    return written


def _last(
    mine: LoadSnapshot | None, stored: LoadSnapshot | None, now: datetime
) -> LoadSnapshot | None:
    """The snapshot to continue from: this run's own last one, which is more exact than the stored
    copy; unless another run has written since."""
    if mine is None or stored is None:
        return mine or stored
    return stored if mine.at < stored.at <= now else mine


def measure(
    before: LoadSnapshot | None, now: datetime, ports: PublishLoadSnapshotPorts
) -> LoadSnapshot:
    """The lanes now, continuing from what they were. Raises Unavailable."""
    # 1. What the workers have counted since then, unless that is too long ago.
    since = _last_reading(before, now)
    samples = ports.load_metrics.samples(since, now - SETTLED) if since < now - SETTLED else ()
    # 2. Each lane: its length, and what was taken from it.
    lanes = {
        lane: _status(before, lane, ports.lanes.waiting(lane), samples, now) for lane in MEASURED
    }
    # 3. The portals' deadlines, and who may buy.
    portals = ports.portal_deadlines.all()
    deadlines = {one.portal: one.deadline_at for one in portals if one.deadline_at is not None}
    honouring = frozenset(one.portal for one in portals if one.honours_receipts)
    binding = {name: at for name, at in deadlines.items() if name not in honouring}
    admission = _admission(before, lanes[Lane.STAMPING], samples, binding, now, ports)
    # 4. Whether anything is sold.
    closed = _closed(before, now, ports)
    return LoadSnapshot(now, lanes, admission, deadlines, honouring, closed)


def _last_reading(before: LoadSnapshot | None, now: datetime) -> datetime:
    """From when on samples are to be read: the same moment for all lanes."""
    settled = now - SETTLED
    seen = before.lanes.values() if before else ()
    last = min((status.at for status in seen), default=settled)
    return last if settled - MAX_GAP <= last else settled


def _status(
    before: LoadSnapshot | None,
    lane: Lane,
    waiting: int,
    samples: Sequence[ThroughputSample],
    now: datetime,
) -> QueueStatus:
    last = before.lanes.get(lane) if before else None
    if last is None:
        return first_status(lane, waiting, now)
    own = [sample for sample in samples if sample.lane is lane and sample.at >= last.at]
    return next_status(last, waiting, own, now)


def _closed(
    before: LoadSnapshot | None, now: datetime, ports: PublishLoadSnapshotPorts
) -> Closed | None:
    """As before where it cannot be read: the lanes are measured all the same."""
    try:
        switched_off = ports.buying_switch.is_off()
        signs_until = ports.signing_certificates.expires_at()
    except Unavailable as error:
        logger.warning("whether to sell was not read", extra={"values": error.values})
        return None if before is None else before.closed
    return why_closed(signs_until, now, switched_off=switched_off)


def _admission(
    before: LoadSnapshot | None,
    stamping: QueueStatus,
    samples: Sequence[ThroughputSample],
    deadlines: Mapping[str, datetime],
    now: datetime,
    ports: PublishLoadSnapshotPorts,
) -> Admission:
    """One second later. Tickets are counted only while buying is paused."""
    last = before.admission if before else None
    issued: Sequence[CumulativePoint] = ()
    if last is not None and not last.is_open:
        issued = (last.room.issued if last.room else ()) or (CumulativePoint(last.over, 0.0),)
        after, until = issued[-1].at, now - TICKETS_SETTLED
        if after < until:  # pragma: no mutate: either way is right
            issued = with_issued(issued, ports.waiting_room.issued(after, until), until, last.over)
    ordered = sum(sample.taken for sample in samples if sample.lane is Lane.PURCHASES)
    asked = [sample for sample in samples if sample.lane is Lane.ASKED_FOR]
    asked_for = AskedFor(
        sum(sample.taken for sample in asked),
        tuple(lag_s for sample in asked for lag_s in sample.dwells_s),
    )
    admission = next_admission(
        last,
        stamping,
        issued,
        ordered,
        asked_for,
        deadlines,
        now,
        ports.admission_policy,
    )
    if last is not None and admission.is_open != last.is_open:
        ports.metrics.record(Metric.BUYING_PAUSED, 0 if admission.is_open else 1)
        says = "buying resumes" if admission.is_open else "buying paused"
        logger.warning(says, extra={"capacity_per_s": round(admission.capacity_per_s, 1)})
    return admission
