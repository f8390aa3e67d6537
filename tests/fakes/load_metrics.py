"""Throughput samples and the snapshot in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import ThroughputSample
from tests.fakes.in_memory_state import InMemoryState, port_call

SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class MemoryLoadMetrics:
    state: InMemoryState

    @port_call
    def put_sample(self, sample: ThroughputSample) -> None:
        self.state.samples[sample.at, sample.instance, sample.lane] = sample

    @port_call
    def samples(self, since: datetime, until: datetime) -> Sequence[ThroughputSample]:
        return [one for one in self.state.samples.values() if since <= one.at < until]

    @port_call
    def put_snapshot(self, snapshot: LoadSnapshot) -> bool:
        standing = self.state.snapshot
        if standing is not None and snapshot.at < standing.at <= snapshot.at + SOON:
            return False
        self.state.snapshot = snapshot
        return True

    @port_call
    def snapshot(self) -> LoadSnapshot | None:
        return self.state.snapshot
