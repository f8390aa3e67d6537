"""Nobody waits blind: workers tell what they take, `measure` writes it down, everybody is told."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from meterai.aws.load.load_metrics import MAX_AGE_S, DynamoLoadMetrics
from meterai.domain.waiting.admission_control import SETTLED as PLACES_SETTLED
from meterai.domain.waiting.admission_control import AdmissionPolicy, open_from
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import MIN_QUEUED_S, Lane, ThroughputSample
from tests.e2e.customer import Customer
from tests.e2e.lane import deliver
from tests.local.environment import Environment

DELAY_S = 3  # longer than what a worker takes for a moment
HOUR = timedelta(hours=1)
CALM = {"from_s": 1, "to_s": 3}


def load_metrics(place: Environment) -> DynamoLoadMetrics:
    return DynamoLoadMetrics(
        place.account.client("dynamodb"), place.account.physical("LoadStatusTable")
    )


def measure(place: Environment) -> None:
    """One second of the minute's run."""
    outcome = place.account.fire_schedule("PublishLoadSnapshotFunction")
    assert outcome.error_type is None, outcome.payload


@contextmanager
def slow(place: Environment, *queues: str) -> Iterator[None]:
    """What is sent inside lies there for some seconds before a worker may take it."""
    sqs = place.account.client("sqs")
    urls = [place.account.physical(queue) for queue in queues]
    for url in urls:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": str(DELAY_S)})
    try:
        yield
    finally:
        for url in urls:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})


def test_workers_tell_of_what_waited(customer: Customer) -> None:
    """tests/unit/entrypoints/test_throughput_reporter.py shows that idle workers report nothing."""
    with slow(
        customer.place, "PaymentsQueue", "StampingQueue", "RefundsQueue", "AugmentationQueue"
    ):
        began = datetime.now(UTC)
        late = customer.paid_order(2)
        stamped = customer.stamped(late)
        customer.applicant.refund(late["order_id"], 1)
        deliver(customer.place, "AugmentationQueue", {"serial": stamped["stamping_id"]})
    samples = load_metrics(customer.place).samples(began, datetime.now(UTC) + timedelta(seconds=1))
    longest_s = {sample.lane: sample.dwells_s[-1] for sample in sorted(samples, key=_longest_s)}
    assert set(longest_s) == {Lane.PAYMENTS, Lane.STAMPING, Lane.REFUNDS, Lane.AUGMENTATION}
    assert min(longest_s.values()) >= MIN_QUEUED_S


def _longest_s(sample: ThroughputSample) -> float:
    return sample.dwells_s[-1]


def test_a_waiting_applicant_gets_an_estimate(customer: Customer) -> None:
    order = customer.paid_order(2)
    with slow(customer.place, "StampingQueue"):
        requested = customer.request(order)
        for _ in range(3):
            measure(customer.place)
        waiting = customer.applicant.stamping(requested["stamping_id"])
        assert waiting["state"] == "reserved"
        assert (waiting["position"], waiting["estimate"]) == ({"low": 0, "high": 0}, CALM)
        customer.settle()
    stamped = customer.applicant.stamping(requested["stamping_id"])
    assert (stamped["state"], stamped["position"], stamped["estimate"]) == ("stamped", None, None)


def test_while_buying_is_paused_those_who_wait_for_it_are_counted(customer: Customer) -> None:
    now = datetime.now(UTC)
    paused = replace(open_from(now, AdmissionPolicy()), level=0, is_open=False, over=now - HOUR)
    try:
        assert load_metrics(customer.place).put_snapshot(LoadSnapshot(now, {}, paused))
        time.sleep(MAX_AGE_S)
        place = customer.applicant.post("/v1/waiting-room/tickets", {})
        assert place["may_buy"] is False
        time.sleep(PLACES_SETTLED.total_seconds())
        measure(customer.place)
        snapshot = load_metrics(customer.place).snapshot()
        assert snapshot is not None
        assert snapshot.admission is not None
        assert snapshot.admission.room is not None
        assert snapshot.admission.room.waiting >= 1
    finally:
        now = datetime.now(UTC)
        load_metrics(customer.place).put_snapshot(
            LoadSnapshot(now, {}, open_from(now, AdmissionPolicy()))
        )
        time.sleep(MAX_AGE_S)


def test_what_is_measured_is_there_for_everybody(customer: Customer) -> None:
    measure(customer.place)
    snapshot = load_metrics(customer.place).snapshot()
    assert snapshot is not None
    assert snapshot.is_fresh(datetime.now(UTC))
    assert set(snapshot.lanes) == set(Lane) - {Lane.PURCHASES}
