"""A portal's deadline: what cannot make it is not sold, what can goes first, and what came too late
goes back by itself."""

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
    """The portal's own machine, with its client's token."""

    def __init__(self, place: Environment) -> None:
        self.place = place
        self.machine = Applicant(place.account.api_url, place.account.token("PortalClient"))

    def tells(self, ahead: timedelta | None, *, honours: bool = False) -> Json:
        """Its deadline, so far from now, or that it has none; and it is measured."""
        at = None if ahead is None else (datetime.now(UTC) + ahead).isoformat()
        answer = self.machine.ask(
            "POST",
            f"/v1/portals/{PORTAL}/deadline",
            {"deadline_at": at, "honours_receipts": honours},
        )
        assert answer.status == 200, answer.content
        self.is_measured()
        told: Json = answer.json()
        return told

    def is_measured(self) -> None:
        """One look; no instance remembers one from before it."""
        outcome = self.place.account.fire_schedule("PublishLoadSnapshotFunction")
        assert outcome.error_type is None, outcome.payload
        time.sleep(MAX_AGE_S)


@pytest.fixture
def portal(place: Environment) -> Iterator[Portal]:
    opened = Portal(place)
    yield opened
    opened.tells(None)


def test_a_purchase_that_cannot_be_in_time_is_refused_before_any_payment(
    customer: Customer, portal: Portal
) -> None:
    portal.tells(MINUTE)
    known = customer.applicant.get(f"/v1/portals/{PORTAL}")
    assert known["in_time"] is False
    answer = customer.applicant.ask("POST", "/v1/orders", {"quantity": 1, "portal": PORTAL})
    assert (answer.status, answer.json()["code"]) == (409, "deadline_out_of_reach")
    assert answer.json()["ready_at"] > answer.json()["deadline_at"]
    assert customer.applicant.ledger()["ledger"]["orders"] == []
    assert customer.applicant.ask("POST", "/v1/orders", {"quantity": 1}).status == 201


def test_what_can_make_it_is_sold_and_goes_first(customer: Customer, portal: Portal) -> None:
    portal.tells(20 * MINUTE)
    known = customer.applicant.get(f"/v1/portals/{PORTAL}")
    assert (known["in_time"], known["estimate"]) == (True, {"from_s": 91, "to_s": 93})
    bought = customer.applicant.ask("POST", "/v1/orders", {"quantity": 2, "portal": PORTAL})
    assert bought.status == 201
    order = bought.json()
    customer.pay(order)
    customer.settle()
    document = customer.applicant.upload(letter(2))
    portal.is_measured()
    # The ordinary lane stands still: what is near the deadline passes it by.
    with losing(customer.place, "StampingQueue"):
        own = customer.request(order)
        urgent = customer.request(order, portal=PORTAL, document=document)
        wait_until(lambda: customer.applicant.stamping(urgent["stamping_id"]), "stamped")
        assert customer.applicant.stamping(own["stamping_id"])["state"] == "reserved"


def test_after_it_nothing_is_taken_and_what_waited_is_refunded_by_itself(
    customer: Customer, portal: Portal
) -> None:
    order = customer.paid_order(2)
    body = customer.stamping_body(order, portal=PORTAL)
    portal.tells(20 * MINUTE)
    with losing(customer.place, "UrgentStampingQueue"):
        requested = customer.request(order, key="in-time-but-lost", **body)
    promised = datetime.fromisoformat(requested["promised_by"])
    assert promised < datetime.now(UTC) + 20 * MINUTE

    portal.tells(timedelta(seconds=1))
    time.sleep(1)
    portal.is_measured()
    late = customer.stamping_body(
        order, portal=PORTAL, document=customer.applicant.upload(letter(2))
    )
    assert refusal(customer.applicant.ask("POST", "/v1/stampings", late)).code == "deadline_past"
    bought = customer.applicant.ask("POST", "/v1/orders", {"quantity": 1, "portal": PORTAL})
    assert refusal(bought).code == "deadline_past"
    with losing(customer.place, "StampingQueue"):
        again = customer.request(order, key="in-time-but-lost", **body)
    assert again["stamping_id"] == requested["stamping_id"], "a retry is served"

    stamping_ages(customer.place, requested, 20 * MINUTE)
    sweep(customer.place)
    void = customer.applicant.stamping(requested["stamping_id"])
    assert (void["state"], void["void_reason"]) == ("void", "not_executed")
    [refund_id] = customer.order(order)["refunds"]
    wait_until(lambda: customer.applicant.refund_status(refund_id), "confirmed")
    ledger = customer.balance(order)
    assert (ledger["available"], ledger["refunded"], ledger["stamped"]) == (1, 1, 0)


def test_where_receipts_are_taken_it_is_stamped_after_the_deadline(
    customer: Customer, portal: Portal
) -> None:
    order = customer.paid_order()
    document = customer.applicant.upload(letter())
    portal.tells(20 * MINUTE, honours=True)
    with losing(customer.place, "UrgentStampingQueue"):
        requested = customer.request(order, portal=PORTAL, document=document)
    stamping_ages(customer.place, requested, 21 * MINUTE)
    portal.tells(None)
    sweep(customer.place)
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "stamped"


def test_only_the_portal_and_an_operator_tell_a_deadline(
    customer: Customer, place: Environment, portal: Portal
) -> None:
    path, body = f"/v1/portals/{PORTAL}/deadline", {"deadline_at": None, "honours_receipts": False}
    assert customer.applicant.ask("POST", path, body).status == 403
    operator = Applicant(place.account.api_url, place.account.token("OperatorClient"))
    assert operator.ask("POST", path, body).status == 200
    unknown = operator.ask("POST", "/v1/portals/elsewhere/deadline", body)
    assert (unknown.status, refusal(unknown).code) == (404, "not_found")
    assert portal.machine.ask("GET", f"/v1/portals/{PORTAL}").status == 200
