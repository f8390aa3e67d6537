"""What one instance sells, and how many stampings it sends to their lane, reported where these are
many: what is bought now will wait in the stamping lane, and buying must pause before that is full.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from meterai.domain.waiting.queue_status import Lane, ThroughputSample
from meterai.entrypoints.log import logger
from meterai.entrypoints.throughput_reporter import EVERY_S, SampleSink, thinned

MIN_REQUESTS = 3  # within EVERY_S; an instance serves one request at a time, in half a second


@dataclass(slots=True)
class _Counted:
    """Of one lane, since the last report."""

    since: datetime
    requests: int = 0
    emeterai: int = 0
    lags_s: list[float] = field(default_factory=list)


@dataclass(slots=True)
class DemandReporter:
    """One instance's. Each sale and each stamping is recorded once: a client that repeats a request
    must not seem to buy so much that buying is paused."""

    load_metrics: Callable[[], SampleSink]
    instance: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    _counted: dict[Lane, _Counted] = field(default_factory=dict)

    def record_sale(self, emeterai: int, now: datetime, *, rush: bool) -> None:
        self._record(Lane.PURCHASES, emeterai, [], now, rush=rush)

    def record_asked(
        self, emeterai: int, ordered_at: datetime, now: datetime, *, rush: bool
    ) -> None:
        lag_s = max(0.0, (now - ordered_at).total_seconds())
        self._record(Lane.ASKED_FOR, emeterai, [lag_s], now, rush=rush)

    def _record(
        self, lane: Lane, emeterai: int, lags_s: list[float], now: datetime, *, rush: bool
    ) -> None:
        """`rush`: while buying is paused, everything is reported. At most one call every EVERY_S,
        and none while there is little. Never fails."""
        counted = self._counted.get(lane)
        is_due = counted is None or not 0 <= (now - counted.since).total_seconds() < EVERY_S
        if counted is None or (is_due and not rush and counted.requests < MIN_REQUESTS):
            counted = self._counted[lane] = _Counted(now)
        counted.requests += 1
        counted.emeterai += emeterai
        counted.lags_s += lags_s
        if is_due and (rush or counted.requests >= MIN_REQUESTS):
            self._counted[lane] = _Counted(now)
            self._report(lane, counted, now)

    def _report(self, lane: Lane, counted: _Counted, now: datetime) -> None:
        lags_s = thinned(sorted(counted.lags_s))
        sample = ThroughputSample(
            lane, now, self.instance, counted.emeterai, counted.requests, lags_s
        )
        try:
            self.load_metrics().put_sample(sample)
        except Exception:  # noqa: BLE001 (a metric must not stop a sale)
            logger.warning("demand was not reported", extra={"lane": lane}, exc_info=True)
