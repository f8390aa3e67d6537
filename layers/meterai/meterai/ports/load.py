"""How load is measured: samples by the workers, and the one snapshot that is made of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from meterai.domain.waiting.deadlines import Deadline
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import ThroughputSample
from meterai.ports.lanes import TakenOut


class LoadMetrics(Protocol):
    """A lost sample costs a little accuracy and nothing else."""

    def put_sample(self, sample: ThroughputSample) -> None:
        """One worker's count of some seconds. The same again is the same item."""

    def samples(self, since: datetime, until: datetime) -> Sequence[ThroughputSample]:
        """Those from `since` on and before `until`, of all lanes, in any order. Eventually
        consistent: the last second may be missing."""
        ...

    def put_snapshot(self, snapshot: LoadSnapshot) -> bool:
        """Replaces an older one. False if there is a newer one."""
        ...

    def snapshot(self) -> LoadSnapshot | None:
        """The last one, of whatever age. Eventually consistent."""
        ...


class PortalDeadlines(Protocol):
    def put(self, deadline: Deadline) -> Deadline:
        """Stores it, unless there is a later report. Answers the one that counts."""
        ...

    def all(self) -> Sequence[Deadline]:
        """Of each portal that has one, be it past."""
        ...


class BuyingSwitch(Protocol):
    def is_off(self) -> bool:
        """Whether an operator has stopped selling."""
        ...


class Leases(Protocol):
    """The right to do a task alone, for a while."""

    def take(self, task: str, holder: str, now: datetime, until: datetime) -> bool:
        """Whether `holder` has it until then. False while another has it."""
        ...

    def give_back(self, task: str, holder: str) -> None:
        """Nothing happens if it is another's by now."""


class DemandReporter(Protocol):
    """`rush`: while buying is paused. Never fails."""

    def record_sale(self, emeterai: int, now: datetime, *, rush: bool) -> None:
        """So many were ordered."""

    def record_asked(
        self, emeterai: int, ordered_at: datetime, now: datetime, *, rush: bool
    ) -> None:
        """So many of an order were sent to the lane of the applicants, to be stamped."""


class BulkReporter(Protocol):
    def record_taken(self, taken: Sequence[TakenOut]) -> None:
        """What was released from the bulk lane just now. Never fails."""
