"""Midtrans's simulator refuses what Midtrans refuses; the pages are named in `tests/midtrans`."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import urllib3

from tests.integration.gateways.merchant import SERVER_KEY, START
from tests.midtrans import MidtransSimulator
from tests.midtrans.bodies import WIB

JSON = {"Accept": "application/json"}


def asked(
    simulator: MidtransSimulator,
    path: str,
    body: dict[str, Any] | None = None,
    headers: dict[str, str] = JSON,
) -> dict[str, Any]:
    token = base64.b64encode(f"{SERVER_KEY}:".encode()).decode()
    answer = urllib3.request(
        "POST",
        f"{simulator.url}/v2/{path}",
        body=json.dumps(body or {}).encode(),
        headers={"Authorization": f"Basic {token}", **headers},
    )
    read: dict[str, Any] = json.loads(answer.data)
    return read


def charge(**changes: object) -> dict[str, Any]:
    return {
        "payment_type": "bank_transfer",
        "bank_transfer": {"bank": "bca"},
        "transaction_details": {"order_id": "ord_A-1", "gross_amount": 12_000},
        **changes,
    }


def lasting(span: timedelta) -> dict[str, object]:
    start = f"{START.astimezone(WIB):%Y-%m-%d %H:%M:%S %z}"
    seconds = int(span.total_seconds())
    return {"order_time": start, "expiry_duration": seconds, "unit": "second"}


@pytest.mark.parametrize(
    ("changes", "status_code"),
    [
        ({"custom_expiry": lasting(timedelta(seconds=20))}, "201"),
        ({"custom_expiry": lasting(timedelta(seconds=19))}, "400"),
        ({"custom_expiry": lasting(timedelta(days=180))}, "201"),
        ({"custom_expiry": lasting(timedelta(days=180, seconds=1))}, "400"),
        ({"item_details": [{"price": 6_000, "quantity": 2}]}, "201"),
        ({"item_details": [{"price": 6_000, "quantity": 1}]}, "400"),
        ({"item_details": "two"}, "400"),
        ({"transaction_details": {"order_id": "ord A", "gross_amount": 12_000}}, "400"),
        ({"transaction_details": {"order_id": "ord_A-1", "gross_amount": 12_000.5}}, "400"),
        ({"transaction_details": {"order_id": "ord_A-1", "gross_amount": 0}}, "400"),
        ({"payment_type": "gopay"}, "402"),
    ],
)
def test_a_charge_that_is_not_right_is_refused(
    simulator: MidtransSimulator, changes: dict[str, object], status_code: str
) -> None:
    assert asked(simulator, "charge", charge(**changes))["status_code"] == status_code


@pytest.mark.parametrize("act", ["cancel", "expire"])
def test_what_is_no_longer_pending_cannot_be_changed(
    simulator: MidtransSimulator, act: str
) -> None:
    asked(simulator, "charge", charge())
    first, again = (asked(simulator, f"ord_A-1/{act}")["status_code"] for _ in range(2))
    assert (first, again) == ("200" if act == "cancel" else "407", "412")


def test_a_paid_transaction_is_neither_cancelled_nor_expired(
    simulator: MidtransSimulator,
) -> None:
    asked(simulator, "charge", charge())
    assert simulator.pay("ord_A-1")
    for act in ("cancel", "expire"):
        assert asked(simulator, f"ord_A-1/{act}")["status_code"] == "412"


@pytest.mark.parametrize(
    "body",
    [
        {"refund_key": "a key"},
        {"refund_key": ""},
        {"amount": 0},
        {"amount": "12000"},
        {"amount": 12_000.5},
        {"reason": "x" * 256},
    ],
)
@pytest.mark.parametrize("path", ["refund", "refund/online/direct"])
def test_a_refund_that_is_not_right_is_refused(
    simulator: MidtransSimulator, path: str, body: dict[str, object]
) -> None:
    asked(simulator, "charge", charge(payment_type="qris"))
    assert simulator.pay("ord_A-1")
    assert asked(simulator, f"ord_A-1/{path}", body)["status_code"] == "400"


def test_without_an_accept_header_nothing_is_answered(simulator: MidtransSimulator) -> None:
    assert asked(simulator, "charge", charge(), {})["status_code"] == "403"
    assert simulator.transaction("ord_A-1") is None
