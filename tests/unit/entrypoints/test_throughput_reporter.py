"""Throughput samples: what a worker reports of its lanes, how often, and when it reports
nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from meterai.domain.errors import Unavailable
from meterai.domain.waiting.queue_status import Lane, ThroughputSample
from meterai.entrypoints.throughput_reporter import ThroughputReporter

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@dataclass
class Worker:
    """One worker, its clock, and the samples that it reported."""

    now: datetime = NOW
    reported: list[ThroughputSample] = field(default_factory=list)
    fails: bool = False

    def put_sample(self, sample: ThroughputSample) -> None:
        self.reported.append(sample)
        if self.fails:
            raise Unavailable(party="dynamodb")

    def samples(self) -> ThroughputReporter:
        return ThroughputReporter(
            lambda: self,
            lambda record: Lane(record["lane"]),
            measures=lambda record: "bulk" not in record["body"],
            now=lambda: self.now,
            instance="one",
        )

    def record(
        self, dwell_s: float, account: str = "budi", tries: int = 1, **more: str
    ) -> Mapping[str, Any]:
        sent_at = self.now - timedelta(seconds=dwell_s)
        return {
            "messageId": "1",
            "body": "{}",
            "lane": "stamping",
            "attributes": {
                "ApproximateReceiveCount": str(tries),
                "SentTimestamp": str(round(sent_at.timestamp() * 1_000)),
                "MessageGroupId": account,
            },
        } | more

    def after(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def test_while_nothing_waits_nothing_is_reported() -> None:
    worker = Worker()
    samples = worker.samples()
    for _ in range(100):
        samples.record_batch([worker.record(dwell_s=0.3)])
        worker.after(0.7)
    assert worker.reported == []


def test_a_full_batch_is_reported_though_nothing_waited_long() -> None:
    """A fast and full lane must not look like one that stands still."""
    worker = Worker()
    worker.samples().record_batch([worker.record(0.3, f"account {n}") for n in range(10)])
    assert [sample.taken for sample in worker.reported] == [10]


def test_a_wait_is_reported_at_once() -> None:
    worker = Worker()
    worker.samples().record_batch([worker.record(4.0, "budi"), worker.record(2.5, "siti")])
    assert worker.reported == [ThroughputSample(Lane.STAMPING, NOW, "one", 2, 2, (2.5, 4.0))]


def test_in_a_surge_a_report_every_two_seconds_leaves_nothing_out() -> None:
    worker = Worker()
    samples = worker.samples()
    for _ in range(101):
        samples.record_batch([worker.record(60.0, f"account {n}") for n in range(10)])
        worker.after(0.1)
    assert [round((sample.at - NOW).total_seconds(), 1) for sample in worker.reported] == [
        *(0.0, 2.0, 4.0, 6.0, 8.0, 10.0)
    ]
    assert sum(sample.taken for sample in worker.reported) == 1_010


def test_many_messages_of_one_account_count_as_one_dwell() -> None:
    worker = Worker()
    mass = [worker.record(300.0, "shop") for _ in range(8)]
    worker.samples().record_batch([*mass, worker.record(2.0, "budi")])
    assert worker.reported == [ThroughputSample(Lane.STAMPING, NOW, "one", 9, 2, (2.0, 300.0))]


def test_bulk_is_counted_and_its_dwell_is_not() -> None:
    worker = Worker()
    worker.samples().record_batch([worker.record(300.0, "shop", body="bulk")])
    assert worker.reported == [ThroughputSample(Lane.STAMPING, NOW, "one", 1, 0, ())]


def test_a_message_delivered_again_is_counted_and_its_dwell_is_not() -> None:
    worker = Worker()
    worker.samples().record_batch([worker.record(400.0, tries=2), worker.record(3.0, "siti")])
    assert worker.reported == [ThroughputSample(Lane.STAMPING, NOW, "one", 2, 1, (3.0,))]


def test_many_dwells_are_reported_as_a_few() -> None:
    worker = Worker()
    worker.samples().record_batch([worker.record(float(n), f"account {n}") for n in range(1, 41)])
    (sample,) = worker.reported
    assert (sample.accounts, len(sample.dwells_s)) == (40, 9)
    assert (sample.dwells_s[0], sample.dwells_s[-1]) == (1.0, 40.0)
    assert list(sample.dwells_s) == sorted(sample.dwells_s)


def test_each_lane_is_reported_separately() -> None:
    worker = Worker()
    worker.samples().record_batch([worker.record(9.0), worker.record(3.0, lane="urgent")])
    assert {sample.lane: sample.taken for sample in worker.reported} == {
        Lane.STAMPING: 1,
        Lane.URGENT: 1,
    }


def test_a_sample_that_cannot_be_stored_stops_no_work() -> None:
    worker = Worker(fails=True)
    worker.samples().record_batch([worker.record(9.0)])
    assert len(worker.reported) == 1


def test_clocks_that_differ_or_jump_do_no_harm() -> None:
    worker = Worker()
    samples = worker.samples()
    samples.record_batch([worker.record(-5.0), worker.record(9.0, "siti")])
    assert worker.reported[0].dwells_s == (0.0, 9.0)
    worker.after(-86_400)
    samples.record_batch([worker.record(9.0)])
    assert len(worker.reported) == 2


def test_in_a_surge_a_stamp_costs_less_than_half_a_write_unit_more() -> None:
    """As 200 workers share 250 stamps a second: each takes a stamp every 0.8 s, and reports it
    by an item of one unit (tests/contract/test_load_units.py)."""
    worker = Worker()
    samples = worker.samples()
    stamps = 1_000
    for _ in range(stamps):
        samples.record_batch([worker.record(120.0)])
        worker.after(0.8)
    assert len(worker.reported) / stamps < 0.42
