"""Gauges: what workers told in some seconds, and the one snapshot, which only becomes newer."""

from dataclasses import replace
from datetime import timedelta

from meterai.domain.admission import Rules, open_from
from meterai.domain.flow import CurvePoint, Lane, LaneFlow, Snapshot, Tally
from tests.contract.goods import MINUTE, NOW
from tests.contract.places import AwsPlace, Place

SECOND = timedelta(seconds=1)


def a_tally(seconds: float = 0.0, instance: str = "one", lane: Lane = Lane.STAMPING) -> Tally:
    return Tally(lane, NOW + seconds * SECOND, instance, 12, 3, (2.1, 2.5, 4.0))


def a_snapshot(seconds: float = 0.0) -> Snapshot:
    at = NOW + seconds * SECOND
    busy = LaneFlow(
        Lane.STAMPING,
        at - 2 * SECOND,
        waiting=812,
        drained_low_per_s=20.5,
        drained_high_per_s=21.25,
        dwell_p50_s=38.4,
        dwell_p90_s=41.0,
        curve=tuple(CurvePoint(at - (40 - 2 * n) * SECOND, 30.0 * n) for n in range(20)),
        reached=at - 40 * SECOND,
        drained=212.0,
        rates_per_s=(20.5, 21.0, 21.25),
        busy_s=61.5,
        still_s=1.0,
    )
    calm = LaneFlow(Lane.REFUNDS, at - 2 * SECOND)
    admission = open_from(at, Rules())
    return Snapshot(
        at,
        {Lane.STAMPING: busy, Lane.REFUNDS: calm},
        admission,
        {"sscasn": NOW + 90 * MINUTE},
        frozenset({"sscasn"}),
    )


def test_what_is_told_is_read_from_its_second_on_and_before_the_last(place: Place) -> None:
    told = [a_tally(0.0), a_tally(0.5), a_tally(1.0), a_tally(2.0)]
    for tally in told:
        place.gauges.tell(tally)
    read = place.gauges.tallies(NOW, NOW + 2 * SECOND)
    assert sorted(read, key=lambda tally: tally.at) == told[:3]
    assert place.gauges.tallies(NOW + 3 * SECOND, NOW + 4 * SECOND) == []


def test_every_worker_and_every_lane_is_heard(place: Place) -> None:
    told = [a_tally(0.0, f"worker{n}", lane) for n in range(20) for lane in Lane]
    for tally in told:
        place.gauges.tell(tally)
    read = place.gauges.tallies(NOW, NOW + SECOND)
    assert sorted(read, key=repr) == sorted(told, key=repr)


def test_what_is_told_again_counts_once(place: Place) -> None:
    for _ in range(2):
        place.gauges.tell(a_tally())
    assert list(place.gauges.tallies(NOW, NOW + SECOND)) == [a_tally()]


def test_a_worker_that_only_took_bulk_tells_no_dwell(place: Place) -> None:
    told = replace(a_tally(), accounts=0, dwells_s=())
    place.gauges.tell(told)
    assert list(place.gauges.tallies(NOW, NOW + SECOND)) == [told]


def test_before_the_first_snapshot_there_is_none(place: Place) -> None:
    assert place.gauges.snapshot() is None


def test_a_snapshot_is_read_as_it_was_put(place: Place) -> None:
    assert place.gauges.put_snapshot(a_snapshot())
    assert place.gauges.snapshot() == a_snapshot()


def test_a_newer_snapshot_replaces_an_older_one_and_not_the_other_way(place: Place) -> None:
    assert place.gauges.put_snapshot(a_snapshot(5))
    assert not place.gauges.put_snapshot(a_snapshot(4))
    assert place.gauges.snapshot() == a_snapshot(5)
    least = replace(a_snapshot(6), admission=None, deadlines={}, honouring=frozenset())
    assert place.gauges.put_snapshot(least)
    assert place.gauges.snapshot() == least


def test_a_snapshot_that_a_wrong_clock_made_in_the_future_is_replaced(place: Place) -> None:
    assert place.gauges.put_snapshot(a_snapshot(86_400))
    assert place.gauges.put_snapshot(a_snapshot())
    assert place.gauges.snapshot() == a_snapshot()


def test_a_snapshot_of_another_version_is_none_and_is_replaced(moto_place: AwsPlace) -> None:
    """While a new version is rolled out each half meets what the other wrote."""
    moto_place.gauges.put_snapshot(a_snapshot())
    moto_place.clients.dynamodb.update_item(
        TableName=moto_place.tables.flow,
        Key={"flow": {"S": "snapshot"}, "at": {"S": "now"}},
        UpdateExpression="SET lanes = :lanes",
        ExpressionAttributeValues={":lanes": {"M": {"a lane to come": {"S": "{}"}}}},
    )
    assert moto_place.gauges.snapshot() is None
    assert moto_place.gauges.put_snapshot(a_snapshot(1))
    assert moto_place.gauges.snapshot() == a_snapshot(1)
