"""Sales samples: reported where an instance sells a lot, or in a rush; otherwise no call is
made."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from meterai.domain.errors import Unavailable
from meterai.domain.waiting.queue_status import Lane, ThroughputSample
from meterai.entrypoints.sales_reporter import SalesReporter

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@dataclass
class SalesMetrics:
    samples: list[ThroughputSample] = field(default_factory=list)
    fails: bool = False

    def put_sample(self, sample: ThroughputSample) -> None:
        self.samples.append(sample)
        if self.fails:
            raise Unavailable(party="dynamodb")

    def sell(self, times_s: list[float], *, rush: bool = False) -> None:
        sales = SalesReporter(lambda: self, instance="one")
        for time_s in times_s:
            sales.record_sale(2, NOW + timedelta(seconds=time_s), rush=rush)


def test_an_instance_that_sells_little_reports_nothing() -> None:
    metrics = SalesMetrics()
    metrics.sell([0.0, 1.5, 3.0, 4.5, 60.0, 61.0, 70.0])
    assert metrics.samples == []


def test_an_instance_that_sells_a_lot_reports_every_two_seconds() -> None:
    metrics = SalesMetrics()
    metrics.sell([0.5 * n for n in range(9)])
    assert [(sample.lane, sample.taken, sample.accounts) for sample in metrics.samples] == [
        (Lane.PURCHASES, 8, 4),
        (Lane.PURCHASES, 8, 4),
    ]


def test_in_a_rush_every_instance_reports() -> None:
    metrics = SalesMetrics()
    metrics.sell([0.0, 3.0, 6.0], rush=True)
    assert [sample.taken for sample in metrics.samples] == [2, 2]


def test_a_sample_that_cannot_be_stored_stops_no_sale() -> None:
    metrics = SalesMetrics(fails=True)
    metrics.sell([0.0, 3.0], rush=True)
    assert len(metrics.samples) == 1
