"""Waits are measured: workers report samples, the schedule publishes a snapshot, clients get
estimates."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from meterai.aws.load.load_metrics import MAX_AGE_S, DynamoLoadMetrics
from meterai.domain.waiting.admission_control import TICKETS_SETTLED, AdmissionPolicy, open_from
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import MIN_QUEUED_S, Lane, ThroughputSample
from tests.e2e.customer import Customer
from tests.e2e.lane import deliver, losing
from tests.e2e.passing_time import stamping_ages, sweep
from tests.local.environment import Environment

DELAY_S = 3  # longer than a wait that workers leave unreported
HOUR = timedelta(hours=1)
LOST = timedelta(minutes=10)  # by then its message is sent again
CALM = {"from_s": 1, "to_s": 3}


def load_metrics(environment: Environment) -> DynamoLoadMetrics:
    return DynamoLoadMetrics(
        environment.account.client("dynamodb"), environment.account.physical("LoadStatusTable")
    )


def measure(environment: Environment) -> None:
    """One second of the minute's run."""
    outcome = environment.account.fire_schedule("PublishLoadSnapshotFunction")
    assert outcome.error_type is None, outcome.payload


@contextmanager
def slow(environment: Environment, *queues: str) -> Iterator[None]:
    """Messages sent inside are delayed for some seconds before a worker can receive them."""
    sqs = environment.account.client("sqs")
    urls = [environment.account.physical(queue) for queue in queues]
    for url in urls:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": str(DELAY_S)})
    try:
        yield
    finally:
        for url in urls:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})


def test_workers_report_waits_of_every_lane(customer: Customer) -> None:
    """tests/unit/entrypoints/test_throughput_reporter.py shows that idle workers report nothing."""
    with slow(
        customer.environment, "PaymentsQueue", "StampingQueue", "RefundsQueue", "AugmentationQueue"
    ):
        began = datetime.now(UTC)
        late = customer.paid_order(2)
        stamped = customer.stamped(late)
        customer.applicant.refund(late["order_id"], 1)
        deliver(customer.environment, "AugmentationQueue", {"serial": stamped["stamping_id"]})
    samples = load_metrics(customer.environment).samples(
        began, datetime.now(UTC) + timedelta(seconds=1)
    )
    longest_s = {sample.lane: sample.dwells_s[-1] for sample in sorted(samples, key=_longest_s)}
    assert set(longest_s) == {Lane.PAYMENTS, Lane.STAMPING, Lane.REFUNDS, Lane.AUGMENTATION}
    assert min(longest_s.values()) >= MIN_QUEUED_S


def _longest_s(sample: ThroughputSample) -> float:
    return sample.dwells_s[-1]


def test_a_waiting_applicant_gets_an_estimate(customer: Customer) -> None:
    order = customer.paid_order(2)
    with losing(customer.environment, "StampingQueue"):
        requested = customer.request(order)
        for _ in range(3):
            measure(customer.environment)
        waiting = customer.applicant.stamping(requested["stamping_id"])
        assert waiting["state"] == "reserved"
        assert (waiting["position"], waiting["estimate"]) == ({"low": 0, "high": 0}, CALM)
    stamping_ages(customer.environment, requested, LOST)
    sweep(customer.environment)
    stamped = customer.applicant.stamping(requested["stamping_id"])
    assert (stamped["state"], stamped["position"], stamped["estimate"]) == ("stamped", None, None)


def test_while_buying_is_paused_those_who_wait_for_it_are_counted(customer: Customer) -> None:
    now = datetime.now(UTC)
    paused = replace(open_from(now, AdmissionPolicy()), is_open=False, over=now - HOUR)
    try:
        assert load_metrics(customer.environment).put_snapshot(LoadSnapshot(now, {}, paused))
        time.sleep(MAX_AGE_S)
        ticket = customer.applicant.post("/v1/waiting-room/tickets", {})
        assert ticket["may_buy"] is False
        time.sleep(TICKETS_SETTLED.total_seconds())
        measure(customer.environment)
        snapshot = load_metrics(customer.environment).snapshot()
        assert snapshot is not None
        assert snapshot.admission is not None
        assert snapshot.admission.room is not None
        assert snapshot.admission.room.issued[-1].arrived >= 1
    finally:
        now = datetime.now(UTC)
        load_metrics(customer.environment).put_snapshot(
            LoadSnapshot(now, {}, open_from(now, AdmissionPolicy()))
        )
        time.sleep(MAX_AGE_S)


def test_a_published_snapshot_has_every_lane(customer: Customer) -> None:
    measure(customer.environment)
    snapshot = load_metrics(customer.environment).snapshot()
    assert snapshot is not None
    assert snapshot.is_fresh(datetime.now(UTC))
    assert set(snapshot.lanes) == set(Lane) - {Lane.PURCHASES, Lane.ASKED_FOR}
