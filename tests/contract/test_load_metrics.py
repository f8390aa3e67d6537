"""Load metrics: the workers' samples by second, and one snapshot that is replaced by newer ones
only."""

from dataclasses import replace
from datetime import timedelta

from meterai.domain.waiting.admission_control import AdmissionPolicy, open_from
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import CumulativePoint, Lane, QueueStatus, ThroughputSample
from meterai.domain.waiting.selling import Closed
from tests.contract.backends import AwsBackend, Backend
from tests.contract.factories import MINUTE, NOW

SECOND = timedelta(seconds=1)


def a_sample(
    seconds: float = 0.0, instance: str = "one", lane: Lane = Lane.STAMPING
) -> ThroughputSample:
    return ThroughputSample(lane, NOW + seconds * SECOND, instance, 12, 3, (2.1, 2.5, 4.0))


def a_snapshot(seconds: float = 0.0) -> LoadSnapshot:
    at = NOW + seconds * SECOND
    busy = QueueStatus(
        Lane.STAMPING,
        at - 2 * SECOND,
        waiting=812,
        drained_low_per_s=20.5,
        drained_high_per_s=21.25,
        dwell_p50_s=38.4,
        dwell_p90_s=41.0,
        curve=tuple(CumulativePoint(at - (40 - 2 * n) * SECOND, 30.0 * n) for n in range(20)),
        reached=at - 40 * SECOND,
        drained=212.0,
        rates_per_s=(20.5, 21.0, 21.25),
        busy_s=61.5,
        still_s=1.0,
    )
    calm = QueueStatus(Lane.REFUNDS, at - 2 * SECOND)
    admission = open_from(at, AdmissionPolicy())
    return LoadSnapshot(
        at,
        {Lane.STAMPING: busy, Lane.REFUNDS: calm},
        admission,
        {"sscasn": NOW + 90 * MINUTE},
        frozenset({"sscasn"}),
    )


def test_why_nothing_is_sold_is_kept_and_forgotten(backend: Backend) -> None:
    for number, why in enumerate([*Closed, None]):
        snapshot = replace(a_snapshot(number), closed=why)
        assert backend.load_metrics.put_snapshot(snapshot)
        assert backend.load_metrics.snapshot() == snapshot


def test_samples_are_read_by_second_from_the_first_up_to_but_not_with_the_last(
    backend: Backend,
) -> None:
    samples = [a_sample(0.0), a_sample(0.5), a_sample(1.0), a_sample(2.0)]
    for sample in samples:
        backend.load_metrics.put_sample(sample)
    read = backend.load_metrics.samples(NOW, NOW + 2 * SECOND)
    assert sorted(read, key=lambda sample: sample.at) == samples[:3]
    assert backend.load_metrics.samples(NOW + 3 * SECOND, NOW + 4 * SECOND) == []


def test_samples_of_every_worker_and_lane_are_read(backend: Backend) -> None:
    samples = [a_sample(0.0, f"worker{n}", lane) for n in range(20) for lane in Lane]
    for sample in samples:
        backend.load_metrics.put_sample(sample)
    read = backend.load_metrics.samples(NOW, NOW + SECOND)
    assert sorted(read, key=repr) == sorted(samples, key=repr)


def test_a_sample_that_is_put_twice_counts_once(backend: Backend) -> None:
    for _ in range(2):
        backend.load_metrics.put_sample(a_sample())
    assert list(backend.load_metrics.samples(NOW, NOW + SECOND)) == [a_sample()]


def test_a_worker_that_only_handled_bulk_reports_no_dwell(backend: Backend) -> None:
    sample = replace(a_sample(), accounts=0, dwells_s=())
    backend.load_metrics.put_sample(sample)
    assert list(backend.load_metrics.samples(NOW, NOW + SECOND)) == [sample]


def test_there_is_no_snapshot_before_the_first(backend: Backend) -> None:
    assert backend.load_metrics.snapshot() is None


def test_a_snapshot_is_read_as_it_was_put(backend: Backend) -> None:
    assert backend.load_metrics.put_snapshot(a_snapshot())
    assert backend.load_metrics.snapshot() == a_snapshot()


def test_a_newer_snapshot_replaces_an_older_one_and_not_the_reverse(backend: Backend) -> None:
    assert backend.load_metrics.put_snapshot(a_snapshot(5))
    assert not backend.load_metrics.put_snapshot(a_snapshot(4))
    assert backend.load_metrics.snapshot() == a_snapshot(5)
    least = replace(a_snapshot(6), admission=None, deadlines={}, honouring=frozenset())
    assert backend.load_metrics.put_snapshot(least)
    assert backend.load_metrics.snapshot() == least


def test_a_snapshot_that_a_wrong_clock_dated_in_the_future_is_replaced(backend: Backend) -> None:
    assert backend.load_metrics.put_snapshot(a_snapshot(86_400))
    assert backend.load_metrics.put_snapshot(a_snapshot())
    assert backend.load_metrics.snapshot() == a_snapshot()


def test_a_sample_of_a_lane_of_another_version_is_left_out(moto_backend: AwsBackend) -> None:
    """During a deployment: else nothing is measured, and buying opens to everybody in a rush."""
    load_metrics, table = moto_backend.load_metrics, moto_backend.tables.load_status
    load_metrics.put_sample(a_sample())
    (item,) = [
        one
        for one in moto_backend.clients.dynamodb.scan(TableName=table)["Items"]
        if "dwells_s" in one
    ]
    item["at"]["S"] = item["at"]["S"].replace("#stamping", "#of_tomorrow")
    moto_backend.clients.dynamodb.put_item(TableName=table, Item=item)
    assert load_metrics.samples(NOW, NOW + SECOND) == [a_sample()]


def test_a_snapshot_of_another_version_is_none_and_is_replaced(moto_backend: AwsBackend) -> None:
    """During a deployment both versions meet each other's snapshots."""
    moto_backend.load_metrics.put_snapshot(a_snapshot())
    moto_backend.clients.dynamodb.update_item(
        TableName=moto_backend.tables.load_status,
        Key={"flow": {"S": "snapshot"}, "at": {"S": "now"}},
        UpdateExpression="SET lanes = :lanes",
        ExpressionAttributeValues={":lanes": {"M": {"a later lane": {"S": "{}"}}}},
    )
    assert moto_backend.load_metrics.snapshot() is None
    assert moto_backend.load_metrics.put_snapshot(a_snapshot(1))
    assert moto_backend.load_metrics.snapshot() == a_snapshot(1)
