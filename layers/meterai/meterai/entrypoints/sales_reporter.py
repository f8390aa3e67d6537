"""How much one instance sells, reported where it sells a lot: what is bought now will wait in the
stamping lane once it is paid, and buying must pause before that lane is full.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from meterai.domain.waiting.queue_status import Lane, ThroughputSample
from meterai.entrypoints.log import logger
from meterai.entrypoints.throughput_reporter import EVERY_S, SampleSink

MIN_SALES = 3  # within EVERY_S; an instance makes one sale at a time, in half a second


@dataclass(slots=True)
class SalesReporter:
    """One instance's. Each sale is recorded once: a client that repeats a request must not seem to
    buy so much that buying is paused."""

    load_metrics: Callable[[], SampleSink]
    instance: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    _since: datetime | None = None
    _sales: int = 0
    _emeterai: int = 0

    def record_sale(self, emeterai: int, now: datetime, *, rush: bool) -> None:
        """`rush`: while buying is paused, any sale is reported. At most one call every EVERY_S, and
        none while little is sold. Never fails."""
        if self._since is None or not 0 <= (now - self._since).total_seconds() < EVERY_S:
            self._report(now, rush=rush)
            self._since, self._sales, self._emeterai = now, 0, 0
        self._sales += 1
        self._emeterai += emeterai

    def _report(self, now: datetime, *, rush: bool) -> None:
        if not self._sales or (self._sales < MIN_SALES and not rush):
            return
        sample = ThroughputSample(
            Lane.PURCHASES, now, self.instance, self._emeterai, self._sales, ()
        )
        try:
            self.load_metrics().put_sample(sample)
        except Exception:  # noqa: BLE001 (a metric must not stop a sale)
            logger.warning("sales were not reported", exc_info=True)
