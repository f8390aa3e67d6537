"""The system in numbers, read from its queues, tables and functions at one moment."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from meterai.aws.load.buying_switch import DynamoBuyingSwitch
from meterai.aws.load.load_metrics import DynamoLoadMetrics
from meterai.domain.waiting.load_snapshot import LoadSnapshot, paused
from meterai.domain.waiting.queue_status import Lane
from tests.local.environment import Environment
from tests.local.functions import Counts
from tests.local.outages import KMS
from tests.local.passing_time import ORDERS, REFUNDS, SERIALS
from tests.midtrans.faults import Fault
from tests.midtrans.ledger import Transaction
from tests.portal.inbox import PortalInbox, StampedFile

MAX_AGE_S = 1.0  # several open pages read once
MAX_ITEMS = 2_000  # of a table: beyond, its count is the least
SHOWN_CHARGES = 8
SHOWN_FILES = 10


class LaneParts(NamedTuple):
    """A lane's queue, its dead letters and its worker, by logical id."""

    queue: str
    dead_letters: str
    worker: str


LANES: Final[Mapping[Lane, LaneParts]] = {
    Lane.PAYMENTS: LaneParts("PaymentsQueue", "PaymentsDlq", "ConfirmPaymentFunction"),
    Lane.URGENT: LaneParts("UrgentStampingQueue", "UrgentStampingDlq", "StampFunction"),
    Lane.STAMPING: LaneParts("StampingQueue", "StampingDlq", "StampFunction"),
    Lane.BULK: LaneParts("BulkQueue", "BulkDlq", "ReleaseBulkFunction"),
    Lane.AUGMENTATION: LaneParts("AugmentationQueue", "AugmentationDlq", "AugmentFunction"),
    Lane.REFUNDS: LaneParts("RefundsQueue", "RefundsDlq", "ExecuteRefundFunction"),
}

_ENTRIES: Final = frozenset(
    {
        "PurchaseFunction",
        "RequestStampingFunction",
        "ReceiveWebhookFunction",
        "RequestRefundFunction",
    }
)


@dataclass(frozen=True)
class LaneFigures:
    lane: Lane
    parts: LaneParts
    waiting: int
    in_flight: int
    dead: int
    wait: str  # as everybody who waits is told


@dataclass(frozen=True)
class Figures:
    """`states`: of each table its items by state. `capped`: tables that hold more than was read."""

    at: datetime
    lanes: Mapping[Lane, LaneFigures]
    functions: Mapping[str, Counts]
    behind_api: tuple[str, ...]
    states: Mapping[str, Counter[str]]
    capped: frozenset[str]
    buying: str
    buying_tone: str
    is_switched_off: bool
    snapshot_says: str
    charges: list[Transaction]
    webhooks_sent: int
    faults: list[str]
    kms_is_back_in_s: int
    timestamps_are_down: bool
    files: list[StampedFile]

    def together(self, *functions: str) -> Counts:
        """The sum of several functions."""
        found = [astuple(self.functions[name]) for name in functions]
        return Counts(*(sum(values) for values in zip(*found, strict=True)))

    @property
    def api_calls(self) -> int:
        return self.together(*self.behind_api).invoked

    @property
    def reading(self) -> list[str]:
        """The functions behind the API that have no box of their own in the picture."""
        return [name for name in self.behind_api if name not in _ENTRIES]

    def count(self, table: str) -> str:
        found = self.states[table].total()
        return f"{found} or more" if table in self.capped else str(found)


class FiguresReader:
    """Reads them, at most once in MAX_AGE_S."""

    def __init__(self, place: Environment) -> None:
        self._place = place
        account = place.account
        self._load_status = account.physical("LoadStatusTable")
        self._inbox: PortalInbox = place.portal_inbox()
        self._files: list[StampedFile] = []
        self._lock = threading.Lock()
        self._read: tuple[float, Figures] | None = None

    def figures(self, *, anew: bool = False) -> Figures:
        """`anew`: also those of a moment ago are too old."""
        with self._lock:
            if not anew and self._read and time.monotonic() - self._read[0] < MAX_AGE_S:
                return self._read[1]
            figures = self._figures()
            self._read = (time.monotonic(), figures)
            return figures

    def _figures(self) -> Figures:
        place, now = self._place, datetime.now(UTC)
        snapshot = DynamoLoadMetrics(place.account.client("dynamodb"), self._load_status).snapshot()
        switch = DynamoBuyingSwitch(place.account.client("dynamodb"), self._load_status)
        is_off = switch.is_off()
        buying, buying_tone = _buying(snapshot, now, is_off=is_off)
        states = {where.table: self._states(where.table) for where in (ORDERS, SERIALS, REFUNDS)}
        with place.gateway.ledger.lock:
            charges = place.gateway.ledger.latest(SHOWN_CHARGES)
        outages = place.account.outages
        return Figures(
            at=now,
            lanes={lane: self._lane(lane, snapshot, now) for lane in LANES},
            functions={each.spec.logical_id: each.counts() for each in place.account.functions},
            behind_api=tuple(
                each.spec.logical_id for each in place.account.functions if each.spec.routes
            ),
            states=states,
            capped=frozenset(t for t, found in states.items() if found.total() >= MAX_ITEMS),
            buying=buying,
            buying_tone=buying_tone,
            is_switched_off=is_off,
            snapshot_says=_age(snapshot, now),
            charges=charges,
            webhooks_sent=len(place.gateway.deliveries),
            faults=[_fault(fault) for fault in place.gateway.faults.waiting()],
            kms_is_back_in_s=round(outages.left_s(KMS)) if outages else 0,
            timestamps_are_down=place.authority.timestamps_are_down,
            files=self._delivered(),
        )

    def _lane(self, lane: Lane, snapshot: LoadSnapshot | None, now: datetime) -> LaneFigures:
        parts = LANES[lane]
        waiting, in_flight = self._messages(parts.queue)
        dead = sum(self._messages(parts.dead_letters))
        return LaneFigures(lane, parts, waiting, in_flight, dead, _wait(lane, snapshot, now))

    def _messages(self, queue: str) -> tuple[int, int]:
        """Waiting, delayed ones too; and those that a worker has, or that are hidden after it
        failed."""
        answer = self._place.account.client("sqs").get_queue_attributes(
            QueueUrl=self._place.account.physical(queue), AttributeNames=["All"]
        )
        counts = {
            kind: int(answer["Attributes"].get(f"ApproximateNumberOfMessages{kind}", 0))
            for kind in ("", "Delayed", "NotVisible")
        }
        return counts[""] + counts["Delayed"], counts["NotVisible"]

    def _states(self, table: str) -> Counter[str]:
        """A scan: nobody pays for it here, and the system itself makes none."""
        pages = (
            self._place.account.client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self._place.account.physical(table),
                ProjectionExpression="#state",
                ExpressionAttributeNames={"#state": "state"},
                PaginationConfig={"MaxItems": MAX_ITEMS},
            )
        )
        items = (item for page in pages for item in page["Items"])
        return Counter(item["state"]["S"] for item in items if "state" in item)

    def _delivered(self) -> list[StampedFile]:
        """The portal's queue is read when somebody looks. The newest first."""
        while found := self._inbox.receive(1, timeout_s=0.05):
            self._files = [*reversed(found), *self._files][:SHOWN_FILES]
        return list(self._files)


def _wait(lane: Lane, snapshot: LoadSnapshot | None, now: datetime) -> str:
    status = snapshot.lanes.get(lane) if snapshot is not None else None
    if status is None or snapshot is None or not snapshot.is_fresh(now):
        return "not measured"
    wait = status.wait_of_next()
    return "not known" if wait is None else f"{wait.low} to {wait.high} s"


def _buying(snapshot: LoadSnapshot | None, now: datetime, *, is_off: bool) -> tuple[str, str]:
    """In words, and the style of its tag. The switch is turned at once, and in the next snapshot
    for everybody."""
    if is_off:
        return "closed, switched off", "bad"
    if snapshot is not None and snapshot.closed is not None:
        return f"closed, {snapshot.closed.replace('_', ' ')}", "bad"
    if paused(snapshot, now) is not None:
        return "paused, people wait with tickets", "warn"
    return "open", "good"


def _age(snapshot: LoadSnapshot | None, now: datetime) -> str:
    if snapshot is None:
        return "no load snapshot yet"
    return f"load snapshot {max(0.0, (now - snapshot.at).total_seconds()):.0f} s old"


def _fault(fault: Fault) -> str:
    whose = f" of {fault.order_id}" if fault.order_id else ""
    return f"{fault.kind.replace('_', ' ')}{whose}, {fault.times} left"
