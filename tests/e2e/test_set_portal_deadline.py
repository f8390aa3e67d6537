"""A portal's deadline: a purchase that cannot be in time is refused, one that can goes first,
and a stamping that came too late is refunded automatically."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from meterai.aws.load.load_metrics import MAX_AGE_S
from tests.applicant.client import Applicant, Json, wait_until
from tests.e2e.customer import Customer, letter
from tests.e2e.lane import losing
from tests.e2e.passing_time import stamping_ages, sweep
from tests.e2e.refusal import refusal
from tests.local.environment import PORTAL, Environment

MINUTE = timedelta(minutes=1)


class Portal:
    """The portal's own program, with its client's token."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.machine = Applicant(
            environment.account.api_url, environment.account.token("PortalClient")
        )

    def report_deadline(self, ahead: timedelta | None, *, honours: bool = False) -> Json:
        """Reports its deadline, so far from now, or that it has none; then a snapshot is made."""
        at = None if ahead is None else (datetime.now(UTC) + ahead).isoformat()
        answer = self.machine.ask(
            "POST",
            f"/v1/portals/{PORTAL}/deadline",
            {"deadline_at": at, "honours_receipts": honours},
        )
        assert answer.status == 200, answer.content
        self.publish_snapshot()
        reported: Json = answer.json()
        return reported

    def publish_snapshot(self) -> None:
        """One measurement; afterwards no instance has an older snapshot."""
        outcome = self.environment.account.fire_schedule("PublishLoadSnapshotFunction")
        assert outcome.error_type is None, outcome.payload
        time.sleep(MAX_AGE_S)


@pytest.fixture
def portal(environment: Environment) -> Iterator[Portal]:
    opened = Portal(environment)
    yield opened
    opened.report_deadline(None)


def test_a_purchase_that_cannot_be_in_time_is_refused_before_any_payment(
    customer: Customer, portal: Portal
) -> None:
    portal.report_deadline(MINUTE)
    known = customer.applicant.get(f"/v1/portals/{PORTAL}")
    assert known["in_time"] is False
    answer = customer.applicant.ask("POST", "/v1/orders", {"quantity": 1, "portal": PORTAL})
    assert (answer.status, answer.json()["code"]) == (409, "deadline_out_of_reach")
    assert answer.json()["ready_at"] > answer.json()["deadline_at"]
    assert customer.applicant.ledger()["ledger"]["orders"] == []
    assert customer.applicant.ask("POST", "/v1/orders", {"quantity": 1}).status == 201


def test_a_purchase_that_can_be_in_time_is_sold_and_goes_first(
    customer: Customer, portal: Portal
) -> None:
    portal.report_deadline(20 * MINUTE)
    known = customer.applicant.get(f"/v1/portals/{PORTAL}")
    assert (known["in_time"], known["estimate"]) == (True, {"from_s": 91, "to_s": 93})
    bought = customer.applicant.ask("POST", "/v1/orders", {"quantity": 2, "portal": PORTAL})
    assert bought.status == 201
    order = bought.json()
    customer.pay(order)
    customer.settle()
    document = customer.applicant.upload(letter(2))
    portal.publish_snapshot()
    # The ordinary lane stands still: a stamping near the deadline overtakes it.
    with losing(customer.environment, "StampingQueue"):
        own = customer.request(order)
        urgent = customer.request(order, portal=PORTAL, document=document)
        wait_until(lambda: customer.applicant.stamping(urgent["stamping_id"]), "stamped")
        assert customer.applicant.stamping(own["stamping_id"])["state"] == "reserved"


def test_after_the_deadline_stampings_are_refused_and_waiting_ones_refunded(
    customer: Customer, portal: Portal
) -> None:
    order = customer.paid_order(2)
    body = customer.stamping_body(order, portal=PORTAL)
    portal.report_deadline(20 * MINUTE)
    with losing(customer.environment, "UrgentStampingQueue"):
        requested = customer.request(order, key="in-time-but-lost", **body)
    promised = datetime.fromisoformat(requested["promised_by"])
    assert promised < datetime.now(UTC) + 20 * MINUTE

    portal.report_deadline(timedelta(seconds=1))
    time.sleep(1)
    portal.publish_snapshot()
    late = customer.stamping_body(
        order, portal=PORTAL, document=customer.applicant.upload(letter(2))
    )
    assert refusal(customer.applicant.ask("POST", "/v1/stampings", late)).code == "deadline_past"
    bought = customer.applicant.ask("POST", "/v1/orders", {"quantity": 1, "portal": PORTAL})
    assert refusal(bought).code == "deadline_past"
    with losing(customer.environment, "StampingQueue"):
        again = customer.request(order, key="in-time-but-lost", **body)
    assert again["stamping_id"] == requested["stamping_id"], "a retry is served"

    stamping_ages(customer.environment, requested, 20 * MINUTE)
    sweep(customer.environment)
    void = customer.applicant.stamping(requested["stamping_id"])
    assert (void["state"], void["void_reason"]) == ("void", "not_executed")
    [refund_id] = customer.order(order)["refunds"]
    wait_until(lambda: customer.applicant.refund_status(refund_id), "confirmed")
    ledger = customer.balance(order)
    assert (ledger["available"], ledger["refunded"], ledger["stamped"]) == (1, 1, 0)


def test_a_portal_that_honours_receipts_gets_stamps_after_the_deadline(
    customer: Customer, portal: Portal
) -> None:
    order = customer.paid_order()
    document = customer.applicant.upload(letter())
    portal.report_deadline(20 * MINUTE, honours=True)
    with losing(customer.environment, "UrgentStampingQueue"):
        requested = customer.request(order, portal=PORTAL, document=document)
    stamping_ages(customer.environment, requested, 21 * MINUTE)
    portal.report_deadline(None)
    sweep(customer.environment)
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "stamped"


def test_only_the_portal_and_an_operator_set_a_deadline(
    customer: Customer, environment: Environment, portal: Portal
) -> None:
    path, body = f"/v1/portals/{PORTAL}/deadline", {"deadline_at": None, "honours_receipts": False}
    assert customer.applicant.ask("POST", path, body).status == 403
    operator, by_operator = environment.operator("sri.wahyuni"), body | {"reason": "by telephone"}
    in_its_place = f"/v1/operator/portals/{PORTAL}/deadline"
    assert operator.ask("POST", in_its_place, by_operator).status == 200
    assert operator.ask("POST", path, body).status == 401
    unknown = operator.ask("POST", "/v1/operator/portals/elsewhere/deadline", by_operator)
    assert (unknown.status, refusal(unknown).code) == (404, "not_found")
    assert portal.machine.ask("GET", f"/v1/portals/{PORTAL}").status == 200
