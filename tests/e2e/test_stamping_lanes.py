"""Bulk work is released in portions, and stampings near a portal's deadline go first. All are
stamped once, in every lane and after every lost message."""

import time
from datetime import UTC, datetime, timedelta

from meterai.aws.load.load_metrics import MAX_AGE_S, DynamoLoadMetrics
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane, QueueStatus
from tests.applicant.client import Json
from tests.e2e.customer import Customer, letter
from tests.e2e.lane import losing
from tests.e2e.passing_time import stamping_ages, sweep
from tests.local.environment import Environment

PORTAL = "sscasn"
IN_TIME = timedelta(minutes=10)


def release_bulk(environment: Environment) -> None:
    """The minute's run, and all work that follows from it."""
    outcome = environment.account.fire_schedule("ReleaseBulkFunction")
    assert outcome.error_type is None, outcome.payload
    environment.account.quiesce()


def store_snapshot(environment: Environment, deadline_in: timedelta) -> None:
    """Stores a snapshot in which nobody waits and the portal's deadline is so far ahead.
    Afterwards no worker has an older snapshot."""
    now = datetime.now(UTC)
    load_metrics = DynamoLoadMetrics(
        environment.account.client("dynamodb"), environment.account.physical("LoadStatusTable")
    )
    lanes = {lane: QueueStatus(lane, now) for lane in Lane}
    assert load_metrics.put_snapshot(
        LoadSnapshot(now, lanes, deadlines={PORTAL: now + deadline_in})
    )
    time.sleep(MAX_AGE_S)


def state(customer: Customer, requested: Json) -> str:
    return str(customer.applicant.stamping(requested["stamping_id"])["state"])


def test_bulk_waits_until_it_is_released(customer: Customer) -> None:
    order = customer.paid_order(2)
    bulk = customer.request(order, bulk=True)
    other = customer.request(order, document=customer.applicant.upload(letter(2)))
    customer.settle()
    assert [state(customer, one) for one in (bulk, other)] == ["reserved", "stamped"]
    release_bulk(customer.environment)
    assert state(customer, bulk) == "stamped"
    assert customer.balance(order)["stamped"] == 2


def test_a_lost_message_of_bulk_work_is_sent_again_into_bulk(customer: Customer) -> None:
    order = customer.paid_order()
    with losing(customer.environment, "BulkQueue"):
        requested = customer.request(order, bulk=True)
    stamping_ages(customer.environment, requested, IN_TIME)
    sweep(customer.environment)
    assert state(customer, requested) == "reserved"
    release_bulk(customer.environment)
    assert state(customer, requested) == "stamped"


def test_a_stamping_near_a_deadline_goes_to_the_urgent_lane_also_after_a_lost_message(
    customer: Customer,
) -> None:
    order = customer.paid_order(2)
    store_snapshot(customer.environment, deadline_in=timedelta(minutes=20))
    stamped = customer.stamped(order, portal=PORTAL)
    assert stamped["state"] == "stamped"

    document = customer.applicant.upload(letter(2))
    store_snapshot(customer.environment, deadline_in=timedelta(minutes=20))
    with losing(customer.environment, "UrgentStampingQueue"):
        requested = customer.request(order, portal=PORTAL, document=document)
    stamping_ages(customer.environment, requested, IN_TIME)
    store_snapshot(customer.environment, deadline_in=timedelta(minutes=20))
    sweep(customer.environment)
    assert state(customer, requested) == "stamped"
    assert customer.balance(order)["stamped"] == 2


def test_a_payment_near_a_deadline_sends_each_stamping_to_its_own_lane(customer: Customer) -> None:
    order = customer.applicant.buy(2)
    urgent = customer.request(order, portal=PORTAL)
    document = customer.applicant.upload(letter(2))
    bulk = customer.request(order, bulk=True, document=document)
    customer.settle()
    store_snapshot(customer.environment, deadline_in=timedelta(minutes=20))
    customer.pay(order)
    customer.settle()
    assert [state(customer, one) for one in (urgent, bulk)] == ["stamped", "reserved"]
    release_bulk(customer.environment)
    assert state(customer, bulk) == "stamped"
