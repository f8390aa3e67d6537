"""How much one instance sells, told where it sells a lot: what is bought now will stand in the
stamping lane once it is paid, and buying must pause before that is felt there.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from meterai.domain.waiting.queue_status import Lane, ThroughputSample
from meterai.entrypoints.log import logger
from meterai.entrypoints.throughput_reporter import EVERY_S, SampleSink

MANY = 3  # sales of one instance within EVERY_S: an instance makes one at a time, in half a second


@dataclass(slots=True)
class SalesReporter:
    """One instance's, each told of once: who sends one request over and over would else seem to buy
    so much that buying pauses for everybody."""

    load_metrics: Callable[[], SampleSink]
    instance: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    _since: datetime | None = None
    _sales: int = 0
    _emeterai: int = 0

    def record_sale(self, emeterai: int, now: datetime, *, rush: bool) -> None:
        """`rush`: it is told, however little this instance sells. Costs a call at most every
        EVERY_S, in calm weather none, and never fails."""
        if self._since is None or not 0 <= (now - self._since).total_seconds() < EVERY_S:
            self._tell(now, rush=rush)
            self._since, self._sales, self._emeterai = now, 0, 0
        self._sales += 1
        self._emeterai += emeterai

    def _tell(self, now: datetime, *, rush: bool) -> None:
        if not self._sales or (self._sales < MANY and not rush):
            return
        sample = ThroughputSample(
            Lane.PURCHASES, now, self.instance, self._emeterai, self._sales, ()
        )
        try:
            self.load_metrics().put_sample(sample)
        except Exception:  # noqa: BLE001 (a gauge must not stop a sale)
            logger.warning("not told how much was sold", exc_info=True)
