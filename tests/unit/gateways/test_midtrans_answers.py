"""Midtrans's responses become facts, or are refused as unusable."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from meterai.domain.errors import GatewayRefused, Unavailable
from meterai.domain.orders.payments import ChargeState
from meterai.gateways.json_client import JsonClient
from meterai.gateways.midtrans.answers import Status, read_body, utc_from_jakarta, whole_rupiah
from meterai.gateways.midtrans.charges import Midtrans
from meterai.gateways.midtrans.client import Answer, MidtransClient, read_answer
from meterai.gateways.midtrans.status_map import state_of
from meterai.http_client import Reply

if TYPE_CHECKING:
    from meterai.ports import Gateway

SETTLED: dict[str, object] = {
    "status_code": "200",
    "transaction_id": "513f1f01-c9da-474c-9fc9-d5c64364b709",
    "order_id": "qris-01",
    "gross_amount": "5539.00",
    "currency": "IDR",
    "payment_type": "qris",
    "transaction_status": "settlement",
    "fraud_status": "accept",
    "settlement_time": "2021-06-23 14:06:48",
}


def status_of(**changes: object) -> Status:
    body = {name: value for name, value in {**SETTLED, **changes}.items() if value is not ...}
    return read_body(Status, body)


@pytest.mark.parametrize(
    ("text", "amount_idr"),
    [
        ("100000.00", 100_000),
        ("100000", 100_000),
        ("0.00", 0),
        ("100000.50", None),
        ("100000.", None),
        ("100,000.00", None),
        ("-1.00", None),
        ("1e5", None),
        ("٣.00", None),
        ("9" * 16, None),
        ("", None),
    ],
)
def test_only_a_whole_number_of_rupiah_is_an_amount(text: str, amount_idr: int | None) -> None:
    assert whole_rupiah(text) == amount_idr


def test_times_are_jakarta_times() -> None:
    assert utc_from_jakarta("2021-06-23 11:27:50") == datetime(2021, 6, 23, 4, 27, 50, tzinfo=UTC)
    assert utc_from_jakarta("2024-01-01 06:59:59").year == 2023


@pytest.mark.parametrize("text", ["2021-06-23T11:27:50", "2021-06-23 11:27:50 +0700", "soon", ""])
def test_an_unreadable_time_is_unavailable(text: str) -> None:
    with pytest.raises(Unavailable):
        utc_from_jakarta(text)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, ChargeState.SETTLED),
        ({"fraud_status": ...}, ChargeState.SETTLED),
        ({"fraud_status": "ACCEPT"}, ChargeState.SETTLED),
        ({"transaction_status": "SETTLEMENT"}, ChargeState.SETTLED),
        ({"transaction_status": "capture"}, ChargeState.SETTLED),
        ({"status_code": 200}, ChargeState.SETTLED),
        ({"status_code": "201"}, ChargeState.PENDING),
        ({"fraud_status": "challenge"}, ChargeState.PENDING),
        ({"fraud_status": "deny"}, ChargeState.DENIED),
        ({"transaction_status": "pending", "status_code": "201"}, ChargeState.PENDING),
        ({"transaction_status": "authorize"}, ChargeState.PENDING),
        ({"transaction_status": "expire", "status_code": "407"}, ChargeState.EXPIRED),
        ({"transaction_status": "cancel"}, ChargeState.CANCELLED),
        ({"transaction_status": "failure"}, ChargeState.DENIED),
        ({"transaction_status": "deny", "settlement_time": ...}, ChargeState.DENIED),
        ({"transaction_status": "deny"}, ChargeState.REVERSED),
        ({"transaction_status": "DENY"}, ChargeState.REVERSED),
        ({"transaction_status": "chargeback"}, ChargeState.REVERSED),
        ({"transaction_status": "partial_chargeback"}, ChargeState.REVERSED),
        ({"transaction_status": "refund"}, ChargeState.REFUNDED),
        ({"transaction_status": "partial_refund"}, ChargeState.REFUNDED),
    ],
)
def test_every_state_of_midtrans_has_its_meaning(
    changes: dict[str, object], state: ChargeState
) -> None:
    assert state_of(status_of(**changes)) is state


def test_an_undocumented_state_is_unavailable() -> None:
    with pytest.raises(Unavailable) as unavailable:
        state_of(status_of(transaction_status="settled_mostly"))
    assert unavailable.value.values["state"] == "settled_mostly"


def test_a_response_without_a_field_is_unavailable_and_names_the_field() -> None:
    with pytest.raises(Unavailable) as unavailable:
        status_of(transaction_status=..., gross_amount=...)
    assert unavailable.value.values["fields"] == "gross_amount,transaction_status"


def test_unknown_fields_and_numbers_for_strings_are_accepted() -> None:
    assert status_of(gross_amount=5539, metadata={"a": [1]}).gross_amount == "5539"


def test_the_body_says_the_outcome_whatever_the_http_status() -> None:
    assert read_answer(Reply(200, b'{"status_code": "404"}')) == Answer(404, {"status_code": "404"})
    assert read_answer(Reply(404, b'{"status_code": 404}')) == Answer(404, {"status_code": 404})
    assert read_answer(Reply(403, b'{"message": "no"}')).status_code == 403


@pytest.mark.parametrize(
    "reply", [Reply(401, b'{"message": "no"}'), Reply(200, b'{"status_code": "401"}')]
)
def test_a_wrong_key_is_refused(reply: Reply) -> None:
    with pytest.raises(GatewayRefused) as refused:
        read_answer(reply)
    assert refused.value.values == {"status_code": 401}


@pytest.mark.parametrize(
    ("http_status", "data"),
    [
        (200, b""),
        (200, b"<html></html>"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"status_code": "ok"}'),
        (200, b'{"status_code": "500"}'),
        (200, b'{"status_code": "429"}'),
        (429, b'{"status_code": "429"}'),
        (502, b'{"status_code": "200"}'),
        (301, b""),
    ],
)
def test_a_response_that_is_not_the_apis_own_is_unavailable(http_status: int, data: bytes) -> None:
    with pytest.raises(Unavailable):
        read_answer(Reply(http_status, data))


def test_the_adapter_satisfies_the_gateway_port() -> None:
    gateway: Gateway = Midtrans("https://api.midtrans.com", "x")
    assert gateway.name == "midtrans"


def test_the_server_key_is_not_shown() -> None:
    assert "hush" not in repr(
        MidtransClient(JsonClient("midtrans", "https://api.midtrans.com", "hush"))
    )
