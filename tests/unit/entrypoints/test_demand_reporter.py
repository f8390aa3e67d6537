"""Samples of what is sold and asked for: reported where it is much, or in a rush; otherwise no call
is made."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from meterai.domain.errors import Unavailable
from meterai.domain.waiting.queue_status import Lane, ThroughputSample
from meterai.entrypoints.demand_reporter import DemandReporter

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@dataclass
class DemandMetrics:
    samples: list[ThroughputSample] = field(default_factory=list)
    fails: bool = False

    def put_sample(self, sample: ThroughputSample) -> None:
        self.samples.append(sample)
        if self.fails:
            raise Unavailable(party="dynamodb")

    def sell(self, times_s: list[float], *, rush: bool = False) -> None:
        sales = DemandReporter(lambda: self, instance="one")
        for time_s in times_s:
            sales.record_sale(2, NOW + timedelta(seconds=time_s), rush=rush)


def test_an_instance_that_sells_little_reports_nothing() -> None:
    metrics = DemandMetrics()
    metrics.sell([0.0, 1.5, 3.0, 4.5, 60.0, 61.0, 70.0])
    assert metrics.samples == []


def test_an_instance_that_sells_a_lot_reports_every_two_seconds() -> None:
    metrics = DemandMetrics()
    metrics.sell([0.5 * n for n in range(9)])
    assert [(sample.lane, sample.taken, sample.accounts) for sample in metrics.samples] == [
        (Lane.PURCHASES, 10, 5),
        (Lane.PURCHASES, 8, 4),
    ]


def test_in_a_rush_every_instance_reports_every_sale() -> None:
    """Also its last one: an instance that sells nothing more has no other occasion."""
    metrics = DemandMetrics()
    metrics.sell([0.0, 0.5, 3.0, 6.0], rush=True)
    assert [sample.taken for sample in metrics.samples] == [2, 4, 2]


def test_what_is_asked_for_is_reported_with_the_time_since_its_order() -> None:
    metrics = DemandMetrics()
    reporter = DemandReporter(lambda: metrics, instance="one")
    reporter.record_sale(9, NOW, rush=False)
    for ago_s, after_s in ((90, 0.0), (20, 0.5), (-5, 1.0), (40, 2.0)):
        now = NOW + timedelta(seconds=after_s)
        reporter.record_asked(2, now - timedelta(seconds=ago_s), now, rush=False)
    (sample,) = metrics.samples
    assert (sample.lane, sample.taken, sample.accounts) == (Lane.ASKED_FOR, 8, 4)
    assert sample.dwells_s == (0.0, 20.0, 40.0, 90.0)


def test_a_sample_that_cannot_be_stored_stops_no_sale() -> None:
    metrics = DemandMetrics(fails=True)
    metrics.sell([0.0, 3.0], rush=True)
    assert len(metrics.samples) == 2
