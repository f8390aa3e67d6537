"""Problems of single routes that no test of their own causes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from meterai.domain import errors
from meterai.domain.errors import MeteraiError
from meterai.domain.orders.orders import OrderState
from meterai.domain.refunds.refunds import RefundState
from tests.fakes.in_memory_state import fails
from tests.unit.functions.function_app import Event, FunctionApp, sample
from tests.unit.functions.paused import pause
from tests.unit.functions.receipts import accepted
from tests.unit.functions.story import ORDER, REFUND, SERIAL, before
from tests.unit.functions.test_problems import assert_problem


def changed(function: str, key: str, fields: Mapping[str, Any] | None = None) -> Event:
    """The sample as another request: with this key, and these fields of the body changed."""
    event = sample(function)
    event["headers"]["idempotency-key"] = key
    event["body"] = json.dumps(json.loads(event["body"]) | dict(fields or {}))
    return event


@pytest.mark.parametrize(
    ("function", "port", "error", "status"),
    [
        ("purchase", "Gateway.charge", errors.OrderClosed(order_id=ORDER, state="expired"), 409),
        ("claim_refund", "Payouts.holder_of", errors.GatewayRefused(status_code="400"), 502),
    ],
)
def test_a_refusal_of_the_gateway_is_answered(
    memory_app: FunctionApp, function: str, port: str, error: MeteraiError, status: int
) -> None:
    before(memory_app, function)
    memory_app.state.hook = fails(port, error)
    assert_problem(memory_app.request(sample(function)), status, error.code)


@pytest.mark.parametrize(
    ("method", "others"), [("qris", "virtual_account"), ("virtual_account", "qris")]
)
def test_a_refused_charge_names_the_other_methods(
    memory_app: FunctionApp, method: str, others: str
) -> None:
    memory_app.state.hook = fails("Gateway.charge", errors.GatewayRefused(status_code=402))
    answer = memory_app.request(changed("purchase", "key-000001", {"method": method}))
    assert_problem(answer, 502, "charge_refused", ["method", "other_methods"])
    assert f"metode lain ({others})" in answer.json["detail"]


def test_a_key_that_is_not_accepted_is_a_matter_of_time(memory_app: FunctionApp) -> None:
    memory_app.state.hook = fails("Gateway.charge", errors.GatewayRefused(status_code=401))
    assert_problem(memory_app.request(sample("purchase")), 503, "unavailable")
    memory_app.state.hook = lambda _moment, _call: None
    assert memory_app.request(sample("purchase")).json["pay"] is not None


def test_an_account_with_five_unpaid_orders_is_told_to_pay_one(memory_app: FunctionApp) -> None:
    for n in range(5):
        assert memory_app.request(changed("purchase", f"key-0000{n}")).status == 201
    answer = memory_app.request(changed("purchase", "key-00005"))
    assert_problem(answer, 429, "too_many_unpaid_orders", ["max_orders", "retry_after_s"])
    left_s = answer.json["retry_after_s"]
    assert answer.headers["Retry-After"] == str(left_s)
    assert answer.headers["RateLimit-Policy"] == '"too_many_unpaid_orders";q=5'
    assert answer.headers["RateLimit"] == f'"too_many_unpaid_orders";r=0;t={left_s}'


def test_a_refund_that_needs_no_account_accepts_none(memory_app: FunctionApp) -> None:
    before(memory_app, "claim_refund")
    refund = memory_app.state.refunds[REFUND]
    memory_app.state.refunds[REFUND] = replace(refund, state=RefundState.CONFIRMED)
    answer = memory_app.request(sample("claim_refund"))
    assert_problem(answer, 409, "no_account_needed", ["state"])
    assert "sudah diterima" in answer.json["detail"]


def test_a_ticket_is_good_for_one_order_in_its_time(memory_app: FunctionApp) -> None:
    pause(memory_app, watermark_s=1)
    ticket = memory_app.request(sample("join_waiting_room")).json["ticket"]

    def buy(key: str, ticket: str) -> Event:
        event = changed("purchase", key)
        event["headers"]["meterai-ticket"] = ticket
        return event

    assert_problem(memory_app.request(buy("key-00001", f"{ticket[:-1]}_")), 422, "ticket_invalid")
    assert memory_app.request(buy("key-00002", ticket)).status == 201
    assert_problem(memory_app.request(buy("key-00003", ticket)), 409, "ticket_used")
    pause(memory_app, watermark_s=2, over_s=1)
    assert_problem(memory_app.request(buy("key-00004", ticket)), 410, "ticket_expired")


def test_an_unpaid_order_has_no_receipt_and_no_refund(memory_app: FunctionApp) -> None:
    before(memory_app, "read_order")
    assert memory_app.request(sample("request_stamping")).status == 202
    assert_problem(memory_app.request(sample("read_receipt")), 409, "order_not_paid", ["state"])
    assert_problem(memory_app.request(sample("request_refund")), 409, "order_not_paid", ["state"])


def test_a_receipt_is_available_for_a_day(memory_app: FunctionApp) -> None:
    accepted(memory_app)
    memory_app.state.pass_time(timedelta(days=2))
    memory_app.invoke("renew_receipt_key", sample("renew_receipt_key"))
    assert_problem(memory_app.request(sample("read_receipt")), 410, "receipt_expired")


def test_a_serial_that_a_worker_is_stamping_is_not_refunded(memory_app: FunctionApp) -> None:
    before(memory_app, "stamp")
    held = replace(
        memory_app.state.serials[SERIAL],
        claimed_until=memory_app.state.now + timedelta(minutes=1),
    )
    memory_app.state.serials[SERIAL] = held
    answer = memory_app.request(changed("request_refund", "key-00001", {"quantity": 3}))
    assert_problem(answer, 409, "stamping_in_progress")


def test_an_order_stamps_a_document_once_and_no_more_than_it_holds(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "stamp")
    again = memory_app.request(changed("request_stamping", "key-00001"))
    assert_problem(again, 409, "document_already_stamped")
    several = {
        "allow_duplicate": True,
        "placements": [{"page": 1, "x_pt": 72 * n, "y_pt": 0} for n in range(3)],
    }
    answer = memory_app.request(changed("request_stamping", "key-00002", several))
    assert_problem(answer, 409, "no_balance", ["wanted", "available"])
    memory_app.state.orders[ORDER] = replace(
        memory_app.state.orders[ORDER], state=OrderState.EXPIRED
    )
    closed = memory_app.request(changed("request_stamping", "key-00003", {"portal": None}))
    assert_problem(closed, 409, "order_closed")


def test_an_account_name_has_a_maximum_length(memory_app: FunctionApp) -> None:
    query = {"account": "a" * 129, "reason": "a complaint"}
    event = sample("read_ledger.operator") | {
        "rawQueryString": urlencode(query),
        "queryStringParameters": query,
    }
    assert_problem(memory_app.request(event), 400, "invalid_request")


@pytest.mark.parametrize("function", ["preflight", "preview", "request_stamping", "verify"])
@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"%PDF-1.7\n% another", 422, "document_hash_mismatch"),
        (bytes(20_000_001), 413, "document_too_large"),
    ],
)
def test_a_stored_file_with_another_hash_than_declared_is_refused(
    memory_app: FunctionApp, function: str, content: bytes, status: int, code: str
) -> None:
    before(memory_app, function)
    for name in memory_app.state.documents:
        memory_app.state.documents[name] = content
    assert_problem(memory_app.request(sample(function)), status, code)
