"""Read how fast the lanes were taken over the last minutes: for the operators' page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from meterai.domain.waiting.queue_status import Lane
from meterai.domain.waiting.throughput_history import rates_per_s, windows
from meterai.ports import LoadMetrics


class ReadThroughputPorts(Protocol):
    @property
    def load_metrics(self) -> LoadMetrics: ...


def read_throughput(ports: ReadThroughputPorts, now: datetime) -> Mapping[Lane, tuple[float, ...]]:
    """A second, by lane, oldest first. Raises Unavailable."""
    return rates_per_s([ports.load_metrics.samples(*window) for window in windows(now)])
