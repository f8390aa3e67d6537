"""Xendit's simulator refuses what Xendit refuses; the pages are named in `tests/xendit`."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import urllib3

from tests.integration.gateways.merchant import START, ManualClock
from tests.midtrans import Fault, FaultKind
from tests.xendit import XenditSimulator
from tests.xendit.refunds import API_VERSION

KEY = "xnd_development_test"


@pytest.fixture
def xendit(clock: ManualClock) -> Iterator[XenditSimulator]:
    with XenditSimulator(
        secret_key=KEY,
        callback_token="a token",
        now=clock,
        bank_confirms_after=timedelta(minutes=5),
    ) as simulator:
        yield simulator


def asked(
    xendit: XenditSimulator,
    path: str,
    body: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    """GET, or POST where there is a body."""
    token = base64.b64encode(f"{KEY}:".encode()).decode()
    answer = urllib3.request(
        "GET" if body is None else "POST",
        xendit.url + path,
        body=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Basic {token}", **(headers or {})},
    )
    return answer.status, json.loads(answer.data)


def refusal(answer: tuple[int, dict[str, Any]]) -> tuple[int, str]:
    http_status, body = answer
    return http_status, str(body.get("error_code", ""))


def qris(**properties: object) -> dict[str, Any]:
    qr_code: dict[str, Any] = {"channel_code": "QRIS"}
    if properties:
        qr_code["channel_properties"] = properties
    return {"type": "QR_CODE", "reusability": "ONE_TIME_USE", "qr_code": qr_code}


def va(**properties: object) -> dict[str, Any]:
    account = {"channel_code": "BCA", "channel_properties": {"customer_name": "E", **properties}}
    return {
        "type": "VIRTUAL_ACCOUNT",
        "reusability": "ONE_TIME_USE",
        "virtual_account": account,
    }


def request(
    method: dict[str, Any], amount: object = 12_000, **changes: object
) -> dict[str, object]:
    return {
        "reference_id": "ord_A-1",
        "amount": amount,
        "currency": "IDR",
        "country": "ID",
        "payment_method": method,
        **changes,
    }


def test_a_qris_code_takes_no_expiry(xendit: XenditSimulator) -> None:
    expires_at = (START + timedelta(minutes=15)).isoformat()
    answer = asked(xendit, "/payment_requests", request(qris(expires_at=expires_at)))
    assert refusal(answer) == (400, "API_VALIDATION_ERROR")
    assert answer[1]["message"] == "expires_at is not supported by channel 'QRIS'"
    http_status, made = asked(xendit, "/payment_requests", request(qris()))
    assert http_status == 201
    properties = made["payment_method"]["qr_code"]["channel_properties"]
    assert properties["expires_at"] == "2026-09-05T02:00:00.000Z", "48 hours"
    answer = asked(xendit, "/payment_requests", request(va(expires_at=expires_at)))
    assert answer[0] == 201


@pytest.mark.parametrize(
    ("body", "http_status", "error_code"),
    [
        (request(qris(), amount=0), 400, "INVALID_VALUE_ERROR"),
        (request(qris(), amount=10_000_001), 400, "INVALID_VALUE_ERROR"),
        (request(va(), amount=9_999), 400, "INVALID_VALUE_ERROR"),
        (request(va(), amount=50_000_001), 400, "INVALID_VALUE_ERROR"),
        (request(qris(), amount="12000"), 400, "API_VALIDATION_ERROR"),
        (request(qris(), amount=12_000.5), 400, "API_VALIDATION_ERROR"),
        (request(qris(), currency="USD"), 400, "UNSUPPORTED_CURRENCY"),
        (request(qris(), country="PH"), 400, "API_VALIDATION_ERROR"),
        (request(qris(), reference_id=""), 400, "API_VALIDATION_ERROR"),
        (request(qris(), reference_id="x" * 256), 400, "API_VALIDATION_ERROR"),
        (request(qris(), metadata={"x" * 41: ""}), 400, "API_VALIDATION_ERROR"),
        (request({**qris(), "reusability": "ONCE"}), 400, "API_VALIDATION_ERROR"),
        (request({**qris(), "type": "QRIS"}), 400, "API_VALIDATION_ERROR"),
        (request({**qris(), "type": "EWALLET"}), 403, "CHANNEL_NOT_ACTIVATED"),
        (request({**qris(), "qr_code": {"channel_code": "DANA"}}), 403, "CHANNEL_NOT_ACTIVATED"),
        (request({**qris(), "qr_code": {"channel_code": "ID"}}), 400, "API_VALIDATION_ERROR"),
        (request(va(customer_name="")), 400, "API_VALIDATION_ERROR"),
        (request(va(expires_at="tomorrow")), 400, "API_VALIDATION_ERROR"),
        (request(va(expires_at=START.isoformat())), 400, "API_VALIDATION_ERROR"),
    ],
)
def test_a_payment_request_that_is_not_right_is_refused(
    xendit: XenditSimulator, body: dict[str, Any], http_status: int, error_code: str
) -> None:
    assert refusal(asked(xendit, "/payment_requests", body)) == (http_status, error_code)
    assert xendit.ledger.latest(9) == []


def paid(xendit: XenditSimulator) -> str:
    """The id of a paid payment request."""
    _, made = asked(xendit, "/payment_requests", request(qris()))
    assert xendit.pay("ord_A-1")
    return str(made["id"])


def refund(charge: str, **changes: object) -> dict[str, Any]:
    body = {"payment_request_id": charge, "amount": 5_000, "reason": "CANCELLATION"}
    return {**body, "currency": "IDR", "reference_id": "rfd_A-1", **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": "requested"},
        {"amount": 0},
        {"amount": -1},
        {"amount": "5000"},
        {"currency": "PHP"},
        {"reference_id": ""},
        {"metadata": {"reason": "x" * 501}},
    ],
)
def test_a_refund_request_that_is_not_right_is_refused(
    xendit: XenditSimulator, changes: dict[str, object]
) -> None:
    answer = asked(xendit, "/refunds", refund(paid(xendit), **changes))
    assert refusal(answer) == (400, "API_VALIDATION_ERROR")


def test_a_refund_is_refused_by_the_state_of_its_payment(
    xendit: XenditSimulator, clock: ManualClock
) -> None:
    _, made = asked(xendit, "/payment_requests", request(qris()))
    unpaid = asked(xendit, "/refunds", refund(made["id"]))
    assert refusal(unpaid) == (403, "INELIGIBLE_TRANSACTION")
    assert xendit.pay("ord_A-1")
    assert asked(xendit, "/refunds", refund(made["id"]), {"idempotency-key": "A"})[0] == 200
    other = asked(xendit, "/refunds", refund(made["id"]), {"idempotency-key": "B"})
    assert refusal(other) == (400, "REFUND_IN_PROGRESS")
    clock.forward(minutes=5)
    more = asked(xendit, "/refunds", refund(made["id"], amount=7_001), {"idempotency-key": "B"})
    assert refusal(more) == (400, "MAXIMUM_REFUND_AMOUNT_REACHED")
    xendit.add_fault(Fault(FaultKind.WHOLE_REFUNDS_ONLY))
    part = asked(xendit, "/refunds", refund(made["id"]), {"idempotency-key": "B"})
    assert refusal(part) == (400, "PARTIAL_REFUND_NOT_SUPPORTED")


def test_the_refunds_of_version_3_are_apart(xendit: XenditSimulator, clock: ManualClock) -> None:
    version = {"api-version": API_VERSION}
    payment = paid(xendit).replace("pr-", "py-")
    body = {"payment_id": payment, "reference_id": "rfd_A-1", "reason": "CANCELLATION"}
    assert refusal(asked(xendit, "/v3/refunds", body)) == (400, "API_VALIDATION_ERROR")
    http_status, made = asked(xendit, "/v3/refunds", body, version)
    assert (http_status, made["status"], made["amount"]) == (200, "PENDING", 12_000)
    clock.forward(minutes=5)
    _, shown = asked(xendit, f"/v3/refunds/{made['refund_id']}", headers=version)
    assert shown["status"] == "SUCCEEDED"
    _, again = asked(xendit, "/v3/refunds", body, version)
    assert again["refund_id"] == made["refund_id"]
    unknown = asked(xendit, "/v3/refunds/rfd-unknown", headers=version)
    assert refusal(unknown) == (404, "DATA_NOT_FOUND")
