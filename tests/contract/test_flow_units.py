"""What measuring costs: a unit for each tally, and a snapshot that is one read even in a surge."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.aws.flow_items import snapshot_values, tally_item
from meterai.aws.items import item_of
from meterai.domain import issuing
from meterai.domain.admission import (
    KEPT_MARKS,
    KEPT_ORDERS,
    Admission,
    Mark,
    Room,
    Rules,
    open_from,
)
from meterai.domain.deadlines import Deadline
from meterai.domain.flow import CurvePoint, Lane, LaneFlow, Snapshot, Tally
from meterai.domain.measuring import MOST_POINTS
from meterai.steps.measure import MEASURED
from tests.contract.goods import NOW
from tests.contract.places import AwsPlace, Clients
from tests.contract.sizes import READ_UNIT_BYTES, WRITE_UNIT_BYTES, size_of
from tests.contract.test_gauges import a_snapshot, a_tally
from tests.metering import Meter, Usage

SECOND = timedelta(seconds=1)
LOOKS_A_DAY = 24 * 60 * 58  # one each second for MeasureForS, each minute
QUEUES = (Lane.PAYMENTS, Lane.REFUNDS, Lane.URGENT, Lane.STAMPING, Lane.BULK, Lane.PRESERVATION)


def in_a_surge(lane: Lane) -> LaneFlow:
    """Hours of work in it: every number as long as it may become, and no two alike."""
    chance = random.Random(lane)
    return LaneFlow(
        lane,
        NOW,
        waiting=2_345_678,
        drained_low_per_s=234.567,
        drained_high_per_s=345.678,
        dwell_p50_s=12_345.6,
        dwell_p90_s=12_345.6,
        curve=tuple(
            CurvePoint(
                NOW - (60 - n) * 240 * SECOND + chance.randrange(100) * SECOND,
                1_000_000.0 + 50_000 * n + chance.randrange(50_000),
            )
            for n in range(MOST_POINTS)
        ),
        reached=NOW - 12_345.6 * SECOND,
        drained=12_345_678.0,
        rates_per_s=(234.567, 345.678, 300.123),
        busy_s=43_210.123,
        still_s=1.234,
    )


def closed() -> Admission:
    """All of it full, after twenty million have been sold."""
    chance = random.Random("closed")
    return replace(
        open_from(NOW, Rules()),
        is_open=False,
        orders=tuple(
            CurvePoint(NOW - 3.1 * n * SECOND, 20_000_000.0 - chance.randrange(100_000))
            for n in range(KEPT_ORDERS + 1)
        ),
        marks=tuple(
            Mark(NOW - 15.4 * n * SECOND, NOW - chance.randrange(100_000) / 10 * SECOND)
            for n in range(KEPT_MARKS)
        ),
        room=Room(
            123_456,
            tuple(
                CurvePoint(NOW - 23.4 * n * SECOND, 2_000_000.0 - chance.randrange(100_000))
                for n in range(issuing.MOST_POINTS)
            ),
        ),
    )


def size_in_a_surge(*busy: Lane) -> int:
    lanes = {
        lane: in_a_surge(lane) if lane in busy else LaneFlow(lane, NOW, reached=NOW)
        for lane in QUEUES
    }
    portals = [letter * 32 for letter in "abcde"]  # as long as a name may be
    snapshot = Snapshot(NOW, lanes, closed(), dict.fromkeys(portals, NOW), frozenset(portals))
    return size_of(item_of(snapshot_values(snapshot) | {"flow": "snapshot", "at": "now"}))


def test_the_snapshot_is_half_a_read_unit_at_its_largest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A thousand instances read the one item each second; a partition bears 3,000 units."""
    sizes = [size_in_a_surge(*QUEUES[:busy]) for busy in range(len(QUEUES) + 1)]
    with capsys.disabled():
        print(f"\nsnapshot, by how many lanes are full: {sizes} bytes", end=" ")
    assert max(sizes) <= READ_UNIT_BYTES


def test_the_largest_tally_is_one_write_unit() -> None:
    longest = Tally(Lane.PRESERVATION, NOW, "0" * 8, 9_999, 9_999, (123_456.7,) * 9)
    assert size_of(tally_item(longest, "tally#7", NOW)) <= WRITE_UNIT_BYTES


@pytest.fixture(scope="module")
def meter(ministack: Clients) -> Iterator[Meter]:
    with Meter(ministack.dynamodb) as meter:
        yield meter


def test_what_a_second_of_measuring_costs(
    ministack_place: AwsPlace, meter: Meter, capsys: pytest.CaptureFixture[str]
) -> None:
    gauges = ministack_place.gauges
    with meter.measured() as told:
        gauges.tell(a_tally())
    with meter.measured() as put:
        gauges.put_snapshot(a_snapshot())
    with meter.measured() as read:
        gauges.snapshot()
    with meter.measured() as tallies:
        gauges.tallies(NOW, NOW + SECOND)
    deadlines = ministack_place.portal_deadlines
    with meter.measured() as told_deadline:
        for portal in deadlines.portals:
            deadlines.put(Deadline(portal, NOW, honours_receipts=True, told_at=NOW))
    with meter.measured() as known:
        deadlines.all()
    count = len(deadlines.portals)
    assert _costs(told_deadline) == (count, count, 0)
    assert _costs(known) == (1, 0, count)
    assert _costs(told) == (1, 1, 0)
    assert _costs(put) == (1, 1, 0)
    assert _costs(read) == (1, 0, 0.5)
    assert _costs(tallies) == (8, 0, 4)
    second = [_costs(usage) for usage in (put, read, tallies, known)]
    with capsys.disabled():
        calls, writes, reads = (LOOKS_A_DAY * sum(column) for column in zip(*second, strict=True))
        print(
            f"\nmeasuring an office at rest, a day: {calls:,.0f} calls of DynamoDB, "
            f"{writes:,.0f} write units, {reads:,.0f} read units, "
            f"{LOOKS_A_DAY * len(MEASURED):,} GetQueueAttributes ",
            end="",
        )


def _costs(usage: Usage) -> tuple[int, float, float]:
    """Calls, write units, read units."""
    return usage.asked, usage.write_units, usage.read_units
