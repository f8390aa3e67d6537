"""The cost of load metrics: one write unit a sample, one read unit a snapshot even in a surge."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.aws.load.load_status_items import sample_item, snapshot_values
from meterai.aws.tables.attributes import item_of
from meterai.domain.waiting import waiting_room_curve
from meterai.domain.waiting.admission_control import (
    MAX_WATERMARK_SAMPLES,
    Admission,
    AdmissionPolicy,
    WaitingCurve,
    WatermarkSample,
    open_from,
)
from meterai.domain.waiting.deadlines import Deadline
from meterai.domain.waiting.demand import ORDER_LASTS, AskedFor, Demand
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.pace import Pace
from meterai.domain.waiting.queue_status import CumulativePoint, Lane, QueueStatus, ThroughputSample
from meterai.domain.waiting.selling import Closed
from meterai.domain.waiting.throughput_estimator import MAX_POINTS
from meterai.steps.publish_load_snapshot import MEASURED
from tests.contract.backends import AwsBackend, Clients
from tests.contract.factories import NOW
from tests.contract.sizes import READ_UNIT_BYTES, WRITE_UNIT_BYTES, size_of
from tests.contract.test_load_metrics import a_sample, a_snapshot
from tests.metering import Meter, Usage

SECOND = timedelta(seconds=1)
CHECKS_A_DAY = (
    24 * 60 * 58
)  # the ticker publishes once a second during LoadSnapshotRunS, every minute
QUEUES = (Lane.PAYMENTS, Lane.REFUNDS, Lane.URGENT, Lane.STAMPING, Lane.BULK, Lane.AUGMENTATION)


def in_a_surge(lane: Lane) -> QueueStatus:
    """After hours of a surge: every number has its largest width, and no two are alike."""
    chance = random.Random(lane)
    return QueueStatus(
        lane,
        NOW,
        waiting=2_345_678,
        drained_low_per_s=234.567,
        drained_high_per_s=345.678,
        dwell_p50_s=12_345.6,
        dwell_p90_s=12_345.6,
        curve=tuple(
            CumulativePoint(
                NOW - (60 - n) * 240 * SECOND + chance.randrange(100) * SECOND,
                1_000_000.0 + 50_000 * n + chance.randrange(50_000),
            )
            for n in range(MAX_POINTS)
        ),
        reached=NOW - 12_345.6 * SECOND,
        drained=12_345_678.0,
        rates_per_s=(234.567, 345.678, 300.123),
        busy_s=43_210.123,
        still_s=1.234,
    )


def closed() -> Admission:
    """The largest snapshot: every lane has been closed after twenty million sales."""
    chance = random.Random("closed")

    demand = Demand()
    for second in range(round(ORDER_LASTS / SECOND) + 60):
        at = NOW - ORDER_LASTS + (second - 59) * SECOND
        asked = AskedFor(chance.randrange(30_000), (123.4, 567.8))
        demand = demand.after(chance.randrange(30_000), asked, at, 1.0, ORDER_LASTS)
    return replace(
        open_from(NOW, AdmissionPolicy()),
        is_open=False,
        demand=demand,
        pace=Pace(123.456, 654.321, -98_765.432, 90.123, 12.345),
        marks=tuple(
            WatermarkSample(NOW - 15.4 * n * SECOND, NOW - chance.randrange(100_000) / 10 * SECOND)
            for n in range(MAX_WATERMARK_SAMPLES)
        ),
        room=WaitingCurve(
            123_456,
            tuple(
                CumulativePoint(NOW - 23.4 * n * SECOND, 2_000_000.0 - chance.randrange(100_000))
                for n in range(waiting_room_curve.MAX_POINTS)
            ),
        ),
    )


def size_in_a_surge(*busy: Lane) -> int:
    lanes = {
        lane: in_a_surge(lane) if lane in busy else QueueStatus(lane, NOW, reached=NOW)
        for lane in QUEUES
    }
    portals = [letter * 32 for letter in "abcde"]  # the longest allowed name
    snapshot = LoadSnapshot(NOW, lanes, closed(), dict.fromkeys(portals, NOW), frozenset(portals))
    snapshot = replace(snapshot, closed=max(Closed, key=len))
    return size_of(item_of(snapshot_values(snapshot) | {"flow": "snapshot", "at": "now"}))


def test_the_snapshot_is_half_a_read_unit_at_its_largest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A thousand instances read the one item each second; a partition serves 3,000 units."""
    sizes = [size_in_a_surge(*QUEUES[:busy]) for busy in range(len(QUEUES) + 1)]
    with capsys.disabled():
        print(f"\nsnapshot, by how many lanes are full: {sizes} bytes", end=" ")
    assert max(sizes) <= READ_UNIT_BYTES


def test_the_largest_sample_is_one_write_unit() -> None:
    longest = ThroughputSample(Lane.AUGMENTATION, NOW, "0" * 8, 9_999, 9_999, (123_456.7,) * 9)
    assert size_of(sample_item(longest, "tally#7", NOW)) <= WRITE_UNIT_BYTES


@pytest.fixture(scope="module")
def meter(ministack: Clients) -> Iterator[Meter]:
    with Meter(ministack.dynamodb) as meter:
        yield meter


def test_what_a_second_of_measuring_costs(
    ministack_backend: AwsBackend, meter: Meter, capsys: pytest.CaptureFixture[str]
) -> None:
    load_metrics = ministack_backend.load_metrics
    with meter.measured() as sampled:
        load_metrics.put_sample(a_sample())
    with meter.measured() as put:
        load_metrics.put_snapshot(a_snapshot())
    with meter.measured() as read:
        load_metrics.snapshot()
    with meter.measured() as samples:
        load_metrics.samples(NOW, NOW + SECOND)
    deadlines = ministack_backend.portal_deadlines
    with meter.measured() as told_deadline:
        for portal in deadlines.portals:
            deadlines.put(Deadline(portal, NOW, honours_receipts=True, reported_at=NOW))
    with meter.measured() as known:
        deadlines.all()
    count = len(deadlines.portals)
    assert _costs(told_deadline) == (count, count, 0)
    assert _costs(known) == (1, 0, count)
    assert _costs(sampled) == (1, 1, 0)
    assert _costs(put) == (1, 1, 0)
    assert _costs(read) == (1, 0, 0.5)
    assert _costs(samples) == (8, 0, 4)
    second = [_costs(usage) for usage in (put, read, samples, known)]
    with capsys.disabled():
        calls, writes, reads = (CHECKS_A_DAY * sum(column) for column in zip(*second, strict=True))
        print(
            f"\nmeasuring an idle system, a day: {calls:,.0f} calls of DynamoDB, "
            f"{writes:,.0f} write units, {reads:,.0f} read units, "
            f"{CHECKS_A_DAY * len(MEASURED):,} GetQueueAttributes ",
            end="",
        )


def _costs(usage: Usage) -> tuple[int, float, float]:
    """Calls, write units, read units."""
    return usage.requests, usage.write_units, usage.read_units
