"""What a worker reports of its lanes: how many messages it took in some seconds, and how long these
had waited. Kept in memory, and reported only if messages wait or a batch was full: workers of an
empty queue make no call.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from meterai.domain.waiting.queue_status import MIN_QUEUED_S, Lane, ThroughputSample
from meterai.entrypoints.log import logger
from meterai.ports import TakenOut

EVERY_S = 2.0
FULL_BATCH = 10  # what SQS hands out at once: there is more where it came from
MAX_DWELLS = 9  # of one sample

Record = Mapping[str, Any]


_NEVER = datetime.fromtimestamp(0, UTC)


def _now() -> datetime:
    return datetime.now(UTC)


class SampleSink(Protocol):
    """Of `ports.LoadMetrics`, what a worker needs."""

    def put_sample(self, sample: ThroughputSample) -> None: ...


@dataclass(slots=True)
class _Counted:
    """Of one lane, since the last report. `dwells_s`: the first of each account."""

    taken: int = 0
    longest_s: float = 0.0
    was_full: bool = False
    dwells_s: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class ThroughputReporter:
    """One worker's. `lane_of` a record; `measures`: whether its dwell is one of an applicant.

    An account counts once: a mass of one customer's messages shows how long that customer waits.
    """

    load_metrics: Callable[[], SampleSink]
    lane_of: Callable[[Record], Lane]
    measures: Callable[[Record], bool] = lambda _: True
    now: Callable[[], datetime] = _now
    instance: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    _counted: dict[Lane, _Counted] = field(default_factory=dict)
    _reported_at: dict[Lane, datetime] = field(default_factory=dict)

    def record_batch(self, records: Sequence[Record]) -> None:
        """A batch, when its work begins. One call at most every EVERY_S. Never fails."""
        now = self.now()
        lanes = {self._count(record, now) for record in records}
        for lane in lanes:
            self._counted[lane].was_full |= len(records) >= FULL_BATCH
            age_s = (now - self._reported_at.get(lane, _NEVER)).total_seconds()
            if not 0 <= age_s < EVERY_S:  # negative: the clock was set back
                self._reported_at[lane] = now
                self._report(lane, self._counted.pop(lane), now)

    def record_taken(self, taken: Sequence[TakenOut]) -> None:
        """What a function received by itself, counted as if Lambda's pollers had brought it."""
        self.record_batch([_record(one) for one in taken])

    def _count(self, record: Record, now: datetime) -> Lane:
        lane, attributes = self.lane_of(record), record["attributes"]
        counted = self._counted.setdefault(lane, _Counted())
        counted.taken += 1
        # A message that is delivered again has also waited for the queue's time-out.
        if attributes["ApproximateReceiveCount"] != "1":
            return lane
        dwell_s = max(0.0, now.timestamp() - int(attributes["SentTimestamp"]) / 1_000)
        counted.longest_s = max(counted.longest_s, dwell_s)
        if self.measures(record):
            account = attributes.get("MessageGroupId", record["messageId"])
            counted.dwells_s.setdefault(account, dwell_s)
        return lane

    def _report(self, lane: Lane, counted: _Counted, now: datetime) -> None:
        if counted.longest_s < MIN_QUEUED_S and not counted.was_full:
            return
        dwells_s = sorted(counted.dwells_s.values())
        sample = ThroughputSample(
            lane, now, self.instance, counted.taken, len(dwells_s), thinned(dwells_s)
        )
        try:
            self.load_metrics().put_sample(sample)
        except Exception:  # noqa: BLE001 (a metric must not stop the work)
            logger.warning(
                "the length of a lane was not reported", extra={"lane": lane}, exc_info=True
            )


def _record(taken: TakenOut) -> Record:
    return {
        "messageId": taken.receipt,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": str(int(taken.sent_at.timestamp() * 1_000)),
            "MessageGroupId": taken.group,
        },
    }


def thinned(dwells_s: Sequence[float]) -> tuple[float, ...]:
    """Evenly spread over all values, the lowest and the highest included."""
    if len(dwells_s) <= MAX_DWELLS:
        return tuple(dwells_s)
    last = len(dwells_s) - 1
    return tuple(dwells_s[round(n * last / (MAX_DWELLS - 1))] for n in range(MAX_DWELLS))
