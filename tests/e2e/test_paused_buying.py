"""While buying is paused: tickets are kept, their turn comes, and existing orders are served."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from meterai.aws.load.load_metrics import MAX_AGE_S, DynamoLoadMetrics
from meterai.domain.waiting.admission_control import (
    Admission,
    AdmissionPolicy,
    WaitingCurve,
    open_from,
)
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.pace import Pace
from tests.applicant.client import Json, ProblemError
from tests.e2e.customer import Customer
from tests.local.environment import Environment

MINUTE = timedelta(minutes=1)
Pause = Callable[[timedelta, timedelta], None]


@contextmanager
def paused(environment: Environment) -> Iterator[Pause]:
    """Stores a snapshot with this watermark and end of the earlier turns, relative to now."""
    load_metrics = DynamoLoadMetrics(
        environment.account.client("dynamodb"), environment.account.physical("LoadStatusTable")
    )

    def put(admission: Admission) -> None:
        assert load_metrics.put_snapshot(LoadSnapshot(datetime.now(UTC), {}, admission))
        time.sleep(MAX_AGE_S)

    def pause(watermark: timedelta, over: timedelta) -> None:
        now = datetime.now(UTC)
        put(
            Admission(
                is_open=False,
                changed_at=now,
                watermark=now + watermark,
                over=now + over,
                capacity_per_s=30.0,
                usual_per_s=30.0,
                pace=Pace(15.0, 15.0),
                room=WaitingCurve(0, ()),
            )
        )

    pause(-MINUTE, -10 * MINUTE)
    try:
        yield pause
    finally:
        put(open_from(datetime.now(UTC), AdmissionPolicy()))


def buy(customer: Customer, ticket: str | None = None, key: str | None = None) -> Json:
    headers = {"meterai-ticket": ticket}
    return customer.applicant.post("/v1/orders", {"quantity": 1}, key=key, headers=headers)


def refused(customer: Customer, ticket: str | None = None) -> tuple[int, str]:
    with pytest.raises(ProblemError) as problem:
        buy(customer, ticket)
    return problem.value.status, problem.value.code


def test_a_ticket_is_kept_until_its_turn_and_buys_once(
    customer: Customer, new_customer: Callable[[], Customer]
) -> None:
    before = customer.paid_order(2)
    with paused(customer.environment) as pause:
        assert refused(customer) == (503, "buying_paused")
        held = customer.applicant.post("/v1/waiting-room/tickets", {})
        ticket = held["ticket"]
        assert held["may_buy"] is False
        assert held["poll_after_ms"] >= 5_000
        assert refused(customer, ticket) == (503, "buying_paused")
        # A paid order is stamped and refunded as usual.
        assert customer.stamped(before)["state"] == "stamped"
        customer.applicant.refund(before["order_id"], 1)
        # After a lost phone the account gets the same ticket.
        assert customer.applicant.post("/v1/waiting-room/tickets", {})["ticket"] == ticket
        assert refused(new_customer(), ticket) == (422, "ticket_invalid")

        pause(MINUTE, -10 * MINUTE)
        assert customer.applicant.get(f"/v1/waiting-room/tickets/{ticket}")["may_buy"] is True
        order = buy(customer, ticket, key="the-one-order")
        assert buy(customer, key="the-one-order")["order_id"] == order["order_id"]
        assert refused(customer, ticket) == (409, "ticket_used")
    customer.settle()


def test_a_turn_that_passed_unused_is_over_and_a_new_ticket_is_issued(customer: Customer) -> None:
    with paused(customer.environment) as pause:
        ticket = customer.applicant.post("/v1/waiting-room/tickets", {})["ticket"]
        pause(MINUTE, timedelta(0))
        assert customer.applicant.get(f"/v1/waiting-room/tickets/{ticket}")["expired"] is True
        assert refused(customer, ticket) == (410, "ticket_expired")
        assert customer.applicant.post("/v1/waiting-room/tickets", {})["ticket"] != ticket
