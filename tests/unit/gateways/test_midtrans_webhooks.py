"""A webhook names a charge, and only if Midtrans itself signed it."""

import json
import subprocess
import sys

import pytest

from meterai.domain.errors import WebhookRefused
from meterai.domain.id_derivation import ChargeId
from meterai.domain.orders.payments import WebhookEvent
from meterai.gateways.midtrans.webhooks import parse_webhook, signature_of

# the example that Midtrans publishes: docs.midtrans.com/reference/handle-notifications
KEY = "askvnoibnosifnboseofinbofinfgbiufglnbfg"
SIGNATURE = (
    "edc076b21793ebe3e17926350f5b8ae67d902fe657b3d0aa31b932d5c127e237"
    "5d308a2bc94f3265ac2d80a1f181a79b997ac178a236fcff35af263fc4d4c231"
)
SIGNED: dict[str, object] = {
    "order_id": "1111",
    "status_code": "200",
    "gross_amount": "100000.00",
    "signature_key": SIGNATURE,
    "transaction_id": "513f1f01-c9da-474c-9fc9-d5c64364b709",
    "transaction_status": "settlement",
}


def body_of(**changes: object) -> bytes:
    return json.dumps({**SIGNED, **changes}).encode()


def test_the_published_signature_is_computed() -> None:
    assert signature_of("1111", "200", "100000.00", KEY) == SIGNATURE


def test_a_signed_webhook_names_its_charge() -> None:
    expected = WebhookEvent(ChargeId("1111"), "513f1f01-c9da-474c-9fc9-d5c64364b709")
    assert parse_webhook(body_of(), KEY) == expected


def test_text_is_read_as_bytes_are() -> None:
    assert parse_webhook(body_of().decode(), KEY) == parse_webhook(body_of(), KEY)
    with pytest.raises(WebhookRefused):
        parse_webhook("\ud800", KEY)


def test_capital_letters_in_the_signature_are_the_same_signature() -> None:
    assert parse_webhook(body_of(signature_key=SIGNATURE.upper()), KEY).charge_id == "1111"


def test_a_changed_state_passes_and_has_no_effect_because_it_is_not_read() -> None:
    assert parse_webhook(body_of(transaction_status="deny"), KEY) == parse_webhook(body_of(), KEY)


@pytest.mark.parametrize("transaction_id", [None, 7, ["x"]])
def test_a_webhook_without_a_usable_transaction_id_still_names_its_charge(
    transaction_id: object,
) -> None:
    assert parse_webhook(body_of(transaction_id=transaction_id), KEY) == WebhookEvent(
        ChargeId("1111"), ""
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "1112"},
        {"status_code": "201"},
        {"gross_amount": "100000.01"},
        {"signature_key": SIGNATURE[:-1] + "2"},
        {"signature_key": SIGNATURE[:-1]},
    ],
)
def test_a_forged_webhook_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(WebhookRefused) as refused:
        parse_webhook(body_of(**changes), KEY)
    assert refused.value.values == {"reason": "signature"}


def test_without_a_key_no_webhook_is_authentic() -> None:
    """Anybody can compute a signature with an empty key."""
    signature = signature_of("1111", "200", "100000.00", "")
    with pytest.raises(WebhookRefused):
        parse_webhook(body_of(signature_key=signature), "")


def test_parts_split_differently_have_the_same_signature_so_a_webhook_may_only_name_a_charge() -> (
    None
):
    recut = body_of(order_id="11112", status_code="00")
    assert parse_webhook(recut, KEY).charge_id == "11112"


def test_a_webhook_signed_with_another_key_is_refused() -> None:
    with pytest.raises(WebhookRefused):
        parse_webhook(body_of(), KEY + "x")


@pytest.mark.parametrize("name", ["order_id", "status_code", "gross_amount", "signature_key"])
@pytest.mark.parametrize("value", [None, "", 200, ["200"], {"a": "b"}])
def test_a_webhook_with_a_part_missing_is_refused(name: str, value: object) -> None:
    with pytest.raises(WebhookRefused) as refused:
        parse_webhook(body_of(**{name: value}), KEY)
    assert refused.value.values == {"reason": "field_missing", "field": name}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"<html>", "not_json"),
        (b"[" * 60_000, "not_json"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"1111"', "not_an_object"),
        (b" " * 65_537, "too_large"),
        (body_of()[:-2], "not_json"),
        (body_of(order_id="\ud800"), "field_malformed"),
        (body_of(signature_key="é" * 128), "field_malformed"),
    ],
)
def test_a_body_that_is_no_webhook_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(WebhookRefused) as refused:
        parse_webhook(body, KEY)
    assert refused.value.values["reason"] == reason


def test_reading_a_webhook_imports_no_library() -> None:
    script = (
        "import sys, meterai.gateways.midtrans.webhooks\n"
        "print(sorted({'pydantic', 'urllib3', 'boto3', 'aws_lambda_powertools'} & {*sys.modules}))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
