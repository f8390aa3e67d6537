"""The simulator keeps Midtrans's published rules: repeats, QRIS text, valid charges."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.midtrans.charge_request import Invalid, read_charge_request
from tests.midtrans.delivery import repeats_after
from tests.midtrans.faults import Fault, FaultKind, FaultScript, read_fault
from tests.midtrans.pages import rupiah
from tests.midtrans.qris import crc, qris_text

NOW = datetime(2026, 9, 3, 2, 0, tzinfo=UTC)


def charge_body(order_id: object = "ord_A-1", amount: object = 10_000) -> dict[str, object]:
    return {
        "payment_type": "qris",
        "transaction_details": {"order_id": order_id, "gross_amount": amount},
    }


@pytest.mark.parametrize(
    ("answer", "repeats"),
    [(200, 0), (202, 0), (299, 0), (500, 1), (503, 4), (400, 2), (404, 2), (502, 5), (None, 5)],
)
def test_how_often_a_webhook_is_repeated(answer: int | None, repeats: int) -> None:
    assert repeats_after(answer) == repeats


def test_the_checksum_is_that_of_the_standard() -> None:
    assert crc("123456789") == 0x29B1  # the catalogued check value of CRC-16/IBM-3740


def test_a_qris_text_is_tag_length_value_and_ends_in_its_checksum() -> None:
    text = qris_text("Kantor Meterai", 20_000, "REF1")
    fields, rest = {}, text
    while rest:
        tag, length = rest[:2], int(rest[2:4])
        fields[tag], rest = rest[4 : 4 + length], rest[4 + length :]
    assert fields["53"] == "360"
    assert fields["54"] == "20000"
    assert fields["58"] == "ID"
    assert fields["59"] == "Kantor Meterai"
    assert fields["63"] == f"{crc(text[:-4]):04X}"
    assert list(fields) == sorted(fields)


def test_a_charge_without_an_expiry_lasts_as_long_as_its_method_allows() -> None:
    assert read_charge_request(charge_body(), NOW).expires_at == NOW + timedelta(minutes=15)


def test_a_charge_expires_when_the_request_says() -> None:
    custom = {"order_time": "2026-09-03 09:00:00 +0700", "expiry_duration": 90, "unit": "second"}
    asked = read_charge_request({**charge_body(), "custom_expiry": custom}, NOW)
    assert asked.expires_at == NOW + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("body", "status_code"),
    [
        ({}, 400),
        (charge_body(order_id="x" * 51), 400),
        (charge_body(order_id="a b"), 400),
        (charge_body(amount=0), 400),
        (charge_body(amount="10000"), 400),
        (charge_body(amount=True), 400),
        ({**charge_body(), "payment_type": "credit_card"}, 402),
        ({**charge_body(), "payment_type": "bank_transfer", "bank_transfer": {"bank": "x"}}, 402),
        ({**charge_body(), "custom_expiry": {"expiry_duration": 0}}, 400),
        (
            {
                **charge_body(),
                "custom_expiry": {
                    "order_time": "2026-09-03 08:00:00 +0700",
                    "expiry_duration": 1,
                },
            },
            400,
        ),
    ],
)
def test_a_wrong_charge_is_refused(body: dict[str, object], status_code: int) -> None:
    with pytest.raises(Invalid) as invalid:
        read_charge_request(body, NOW)
    assert invalid.value.status_code == status_code


def test_a_fault_happens_to_its_own_charge_as_often_as_requested() -> None:
    script = FaultScript()
    script.add(Fault(FaultKind.HTML, order_id="A", times=2, endpoint="status"))
    assert script.take(FaultKind.HTML, "B", "status") is None
    assert script.take(FaultKind.HTML, "A", "charge") is None
    assert script.take(FaultKind.LOST_AFTER, "A", "status") is None
    happened = [script.take(FaultKind.HTML, "A", "status") is not None for _ in range(3)]
    assert happened == [True, True, False]


def test_a_fault_can_be_added_through_the_control_api() -> None:
    body = {"fault": "wrong_amount", "order_id": "A", "amount": "9999.00"}
    expected = Fault(FaultKind.WRONG_AMOUNT, order_id="A", amount="9999.00")
    assert read_fault(body) == expected


@pytest.mark.parametrize(
    "body",
    [{}, {"fault": "earthquake"}, {"fault": "html", "x": 1}, {"fault": "html", "times": "2"}],
)
def test_an_unknown_fault_is_refused_by_name(body: dict[str, object]) -> None:
    with pytest.raises(
        (ValueError, TypeError), match=r"fault is one of|unknown settings|wrong type"
    ):
        read_fault(body)


def test_amounts_are_written_in_the_indonesian_way() -> None:
    assert rupiah("1250000.00") == "Rp1.250.000"
    assert rupiah("9999.50") == "Rp9.999,50"
