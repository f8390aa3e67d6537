"""Reading Xendit's responses: amounts, states, and unreadable ones."""

import json
from decimal import Decimal

import pytest

from meterai.domain.errors import Unavailable
from meterai.gateways.xendit.answers import Payment, PaymentRequests, read_body, rupiah
from tests.xendit.simulator import XenditSimulator

PAYMENT = {
    "id": "py-1",
    "status": "succeeded",
    "amount": 12_000,
    "currency": "IDR",
    "created": "2021-12-02T14:52:21.566Z",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12000", (12_000, False)),
        ("12000.0", (12_000, False)),
        ("12000.5", (12_000, True)),
        ("0.1", (0, True)),
        ("1.2e4", (12_000, False)),
    ],
)
def test_an_amount_is_whole_rupiah_and_perhaps_a_fraction(
    text: str, expected: tuple[int, bool]
) -> None:
    payment = read_body(Payment, {**PAYMENT, "amount": json.loads(text)})
    assert rupiah(payment.amount) == expected


def test_a_fraction_is_read_by_its_digits() -> None:
    assert read_body(Payment, {**PAYMENT, "amount": 0.1}).amount == Decimal("0.1")


def test_states_may_come_in_any_case() -> None:
    assert read_body(Payment, PAYMENT).status == "SUCCEEDED"


@pytest.mark.parametrize(
    "change",
    [
        {"amount": None},
        {"amount": float("nan")},
        {"amount": float("inf")},
        {"amount": "a lot"},
        {"created": "yesterday"},
        {"created": "2021-12-02T14:52:21"},
        {"currency": 7},
    ],
)
def test_an_unreadable_response_is_unavailable(change: dict[str, object]) -> None:
    with pytest.raises(Unavailable):
        read_body(Payment, PAYMENT | change)


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": [{}]}, {"data": [[]]}])
def test_a_list_that_is_no_list_is_unavailable(body: dict[str, object]) -> None:
    with pytest.raises(Unavailable):
        read_body(PaymentRequests, body)


def test_the_simulator_listens_on_this_machine_only() -> None:
    with XenditSimulator(secret_key="k", callback_token="t") as simulator:
        assert simulator.url.startswith("http://127.0.0.1:")
