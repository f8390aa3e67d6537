"""Xendit's webhooks: a token identifies the sender, our reference the charge."""

import json

import pytest

from meterai.domain.errors import WebhookRefused
from meterai.domain.id_derivation import ChargeId
from meterai.domain.orders.payments import WebhookEvent
from meterai.gateways.xendit import adapters
from meterai.gateways.xendit.webhooks import check_sender, parse_webhook

PAID = {
    "event": "payment.succeeded",
    "business_id": "6094fa76c2fd53701b8e079c",
    "created": "2021-12-02T14:52:21.566Z",
    "data": {
        "id": "py-1",
        "payment_request_id": "pr-1",
        "reference_id": "ord_A-1",
        "status": "SUCCEEDED",
        "amount": 12_000,
    },
}


def test_a_webhook_names_the_charge_and_the_payment_request() -> None:
    assert parse_webhook(json.dumps(PAID)) == WebhookEvent(ChargeId("ord_A-1"), "pr-1")


@pytest.mark.parametrize("request_id", [None, 7, ["pr-1"]])
def test_a_webhook_may_name_only_the_charge(request_id: object) -> None:
    data = {"reference_id": "ord_A-1", "payment_request_id": request_id}
    assert parse_webhook(json.dumps({"data": data})) == WebhookEvent(ChargeId("ord_A-1"), "")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        "{}",
        '{"data": []}',
        '{"data": {}}',
        '{"data": {"reference_id": ""}}',
        '{"data": {"reference_id": 7}}',
        '{"data": {"reference_id": "ord_\\ud800"}}',
        json.dumps(PAID) + " " * 70_000,
    ],
)
def test_a_malformed_webhook_is_refused(body: str) -> None:
    with pytest.raises(WebhookRefused):
        parse_webhook(body)


def test_a_webhook_with_our_token_is_accepted() -> None:
    check_sender({"x-callback-token": "ours"}, "ours")


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, "ours"),
        ({"x-callback-token": ""}, "ours"),
        ({"x-callback-token": "ourst"}, "ours"),
        ({"x-callback-token": "ourś"}, "ours"),
        ({"webhook-id": "ours"}, "ours"),
        ({}, ""),
        ({"x-callback-token": ""}, ""),
    ],
)
def test_a_webhook_without_our_token_is_refused_also_if_no_token_is_configured(
    headers: dict[str, str], token: str
) -> None:
    with pytest.raises(WebhookRefused):
        check_sender(headers, token)


def test_the_token_is_checked_when_a_webhook_arrives_and_is_not_queued_with_it() -> None:
    keys = {"server_key": "key", "callback_token": "ours"}
    body = json.dumps(PAID)
    verified = adapters.verify_webhook(body, {"x-callback-token": "ours"}, keys)
    assert verified == adapters.parse_webhook(body, keys)
    with pytest.raises(WebhookRefused):
        adapters.verify_webhook(body, {"x-callback-token": "guessed"}, keys)
