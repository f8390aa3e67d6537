"""POST /v1/portals/{portal}/deadline, and its effect on purchases and stampings."""

import json
from datetime import timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane, QueueStatus
from tests.fakes.in_memory_state import fails
from tests.unit.functions.function_app import Event, FunctionApp, sample
from tests.unit.functions.story import before

MINUTE = timedelta(minutes=1)
TOLD = {
    "portal": "sscasn",
    "deadline_at": "2026-11-30T16:59:59Z",
    "honours_receipts": False,
    "set_at": "2026-11-24T02:00:00Z",
}


def store_snapshot(memory_app: FunctionApp) -> None:
    """Stores a snapshot in which nobody waits, as the schedule does."""
    now = memory_app.state.now
    reports = memory_app.ports.portal_deadlines.all()
    memory_app.state.snapshot = LoadSnapshot(
        now,
        {lane: QueueStatus(lane, now) for lane in (Lane.STAMPING, Lane.URGENT)},
        deadlines={one.portal: one.deadline_at for one in reports if one.deadline_at},
        honouring=frozenset(one.portal for one in reports if one.honours_receipts),
    )


def deadline_report(**changes: object) -> Event:
    event = sample("set_portal_deadline")
    return event | {"body": json.dumps(json.loads(event["body"]) | changes)}


def test_a_portal_sets_its_deadline_and_repeating_it_changes_nothing(
    memory_app: FunctionApp,
) -> None:
    for _ in range(2):
        answer = memory_app.request(sample("set_portal_deadline"))
        assert (answer.status, answer.json) == (200, TOLD)


def test_an_operator_sets_it_in_the_portals_place_and_is_recorded(
    memory_app: FunctionApp,
) -> None:
    answer = memory_app.request(sample("set_portal_deadline.operator"))
    assert (answer.status, answer.json) == (200, TOLD)
    (record,) = memory_app.state.audit_records
    assert (record.operator.name, record.action.value, record.target, record.reason) == (
        "sri.wahyuni",
        "set_deadline",
        "sscasn 2026-11-30T16:59:59Z without receipts",
        "the portal asked for it by telephone",
    )
    memory_app.request(sample("set_portal_deadline"))
    assert memory_app.state.audit_records == [record]


def test_a_deadline_that_cannot_be_recorded_is_not_set(memory_app: FunctionApp) -> None:
    memory_app.state.hook = fails("AuditTrail.record", Unavailable(party="s3"))
    answer = memory_app.request(sample("set_portal_deadline.operator"))
    assert (answer.status, answer.json["code"]) == (503, "unavailable")
    assert memory_app.state.deadlines == {}


def test_a_deadline_that_is_refused_is_not_recorded(memory_app: FunctionApp) -> None:
    event = sample("set_portal_deadline.operator")
    body = json.loads(event["body"]) | {"deadline_at": "2028-01-01T00:00:00Z"}
    answer = memory_app.request(event | {"body": json.dumps(body)})
    assert (answer.status, answer.json["code"]) == (422, "deadline_out_of_range")
    assert memory_app.state.audit_records == []


def test_an_operator_says_why(memory_app: FunctionApp) -> None:
    event = sample("set_portal_deadline.operator")
    body = json.loads(event["body"])
    for changed in ({**body, "reason": "    "}, {k: v for k, v in body.items() if k != "reason"}):
        answer = memory_app.request(event | {"body": json.dumps(changed)})
        assert (answer.status, answer.json["code"]) == (400, "invalid_request")
    assert memory_app.state.deadlines == {}


def test_a_deadline_is_removed(memory_app: FunctionApp) -> None:
    memory_app.request(sample("set_portal_deadline"))
    memory_app.state.pass_time(MINUTE)
    answer = memory_app.request(sample("set_portal_deadline.removed"))
    assert (answer.status, answer.json["deadline_at"]) == (200, None)
    assert list(memory_app.ports.portal_deadlines.all()) == []


def test_a_time_without_a_zone_is_refused(memory_app: FunctionApp) -> None:
    answer = memory_app.request(sample("set_portal_deadline.without_zone"))
    assert (answer.status, answer.json["code"]) == (400, "invalid_request")
    (error,) = answer.json["errors"]
    assert error["field"] == "deadline_at"
    assert "with its zone" in error["message"]


@pytest.mark.parametrize(
    "changes",
    [
        {"deadline_at": 1_795_485_600},
        {"deadline_at": "1795485600"},
        {"deadline_at": "2026-11-31T23:59:59+07:00"},
        {"deadline_at": "2026-11-30T23:59:59+25:00"},
        {"deadline_at": "2026-11-30"},
        {"deadline_at": "9999-12-31T23:59:59-12:00"},
        {"honours_receipts": "yes"},
        {"grace_s": 60},
    ],
)
def test_a_value_that_is_no_deadline_is_refused(
    memory_app: FunctionApp, changes: dict[str, object]
) -> None:
    answer = memory_app.request(deadline_report(**changes))
    assert (answer.status, answer.json["code"]) == (400, "invalid_request")
    assert not memory_app.state.deadlines


@pytest.mark.parametrize("at", ["2026-11-24T09:00:00+07:00", "2028-01-01T00:00:00Z"])
def test_a_deadline_is_at_most_a_year_ahead(memory_app: FunctionApp, at: str) -> None:
    answer = memory_app.request(deadline_report(deadline_at=at))
    assert (answer.status, answer.json["code"]) == (422, "deadline_out_of_range")


def test_an_unknown_portal_is_not_found(memory_app: FunctionApp) -> None:
    event = deadline_report()
    answer = memory_app.request(
        event
        | {"rawPath": "/v1/portals/elsewhere/deadline", "pathParameters": {"portal": "elsewhere"}}
        | {
            "requestContext": event["requestContext"]
            | {"http": event["requestContext"]["http"] | {"path": "/v1/portals/elsewhere/deadline"}}
        }
    )
    assert (answer.status, answer.json["code"]) == (404, "not_found")


def test_a_purchase_that_would_be_late_is_refused_with_both_times(memory_app: FunctionApp) -> None:
    memory_app.request(deadline_report(deadline_at="2026-11-24T09:01:00+07:00"))
    store_snapshot(memory_app)
    answer = memory_app.request(sample("purchase.for_a_portal"))
    assert (answer.status, answer.json["code"]) == (409, "deadline_out_of_reach")
    assert answer.json["deadline_at"] == "2026-11-24T02:01:00Z"
    assert answer.json["ready_at"] == "2026-11-24T02:01:33Z"
    assert not memory_app.state.charges
    assert memory_app.request(sample("purchase")).status == 201


def test_a_purchase_that_can_be_in_time_is_made_and_its_retry_is_served(
    memory_app: FunctionApp,
) -> None:
    memory_app.request(sample("set_portal_deadline"))
    store_snapshot(memory_app)
    bought = memory_app.request(sample("purchase.for_a_portal"))
    assert bought.status == 201
    memory_app.state.pass_time(timedelta(days=7))
    store_snapshot(memory_app)
    again = memory_app.request(sample("purchase.for_a_portal"))
    assert again.json["order_id"] == bought.json["order_id"]


def test_a_purchase_for_an_unknown_portal_is_refused(memory_app: FunctionApp) -> None:
    event = sample("purchase.for_a_portal")
    body = json.loads(event["body"]) | {"portal": "elsewhere"}
    answer = memory_app.request(event | {"body": json.dumps(body)})
    assert (answer.status, answer.json["code"]) == (400, "portal_unknown")


def test_after_the_deadline_a_purchase_and_a_stamping_are_refused(memory_app: FunctionApp) -> None:
    memory_app.request(deadline_report(deadline_at="2026-11-24T09:00:30+07:00"))
    before(memory_app, "request_stamping")
    store_snapshot(memory_app)
    for request in ("purchase.for_a_portal", "request_stamping"):
        answer = memory_app.request(sample(request))
        assert (answer.status, answer.json["code"]) == (409, "deadline_past")
        assert answer.json["deadline_at"] == "2026-11-24T02:00:30Z"
    assert not memory_app.state.serials


def test_a_stampings_promise_ends_with_the_deadline(memory_app: FunctionApp) -> None:
    memory_app.request(deadline_report(deadline_at="2026-11-24T10:00:00+07:00"))
    before(memory_app, "request_stamping")
    store_snapshot(memory_app)
    answer = memory_app.request(sample("request_stamping"))
    assert (answer.status, answer.json["promised_by"]) == (202, "2026-11-24T03:00:00Z")
