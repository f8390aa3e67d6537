"""Webhooks that are not the gateway's, or not trustworthy, have no effect."""

import json

import pytest

from meterai.gateways.midtrans.webhooks import signature_of
from tests.applicant.client import Applicant, Json, Page
from tests.e2e.customer import Customer
from tests.e2e.refusal import Refusal, refusal
from tests.local.environment import Environment
from tests.local.gateway import SERVER_KEY


def _webhook(charge_id: str, *, key: str = SERVER_KEY, **changes: str) -> Json:
    """A settlement, signed with `key`."""
    return {
        "transaction_id": "9aed5972-5b6a-401e-894b-a32c91ed1a3a",
        "transaction_status": "settlement",
        "settlement_time": "2026-11-24 10:00:00",
        "fraud_status": "accept",
        "order_id": charge_id,
        "status_code": "200",
        "gross_amount": "10000.00",
        "signature_key": signature_of(charge_id, "200", "10000.00", key),
        **changes,
    }


def _tell(environment: Environment, webhook: Json | bytes) -> Page:
    body = webhook if isinstance(webhook, bytes) else json.dumps(webhook).encode()
    gateway = Applicant(environment.account.api_url, token=None)
    answer = gateway.ask("POST", "/v1/webhooks/midtrans", body, headers={"idempotency-key": None})
    environment.account.quiesce()
    return answer


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"signature_key": "0" * 128}, {"reason": "signature"}),
        ({"gross_amount": "1.00"}, {"reason": "signature"}),
        ({"order_id": "ord_another-1"}, {"reason": "signature"}),
        ({"signature_key": ""}, {"reason": "field_missing", "field": "signature_key"}),
        ({"order_id": "é"}, {"reason": "field_malformed", "field": "order_id"}),
    ],
)
def test_a_webhook_that_is_not_signed_by_the_gateway_is_refused(
    customer: Customer, changes: dict[str, str], reason: Json
) -> None:
    order = customer.applicant.buy(1)
    answer = _tell(customer.environment, _webhook(f"{order['order_id']}-1") | changes)
    assert refusal(answer) == Refusal(400, "webhook_refused", reason)
    assert customer.order(order) == order


def test_a_webhook_signed_with_another_key_is_refused(customer: Customer) -> None:
    order = customer.applicant.buy(1)
    answer = _tell(customer.environment, _webhook(f"{order['order_id']}-1", key="a guessed key"))
    assert refusal(answer) == Refusal(400, "webhook_refused", {"reason": "signature"})
    assert customer.order(order) == order


@pytest.mark.parametrize("body", [b"[]", b'"paid"'])
def test_a_webhook_that_is_no_object_is_refused(environment: Environment, body: bytes) -> None:
    refused = Refusal(400, "webhook_refused", {"reason": "not_an_object"})
    assert refusal(_tell(environment, body)) == refused


@pytest.mark.parametrize("charge_id", ["ord_AAAAAAAAAAAAAAAAAAAAAAAAAA-1", "of another shop"])
def test_a_valid_webhook_of_an_unknown_order_is_accepted_and_changes_nothing(
    environment: Environment, charge_id: str
) -> None:
    answer = _tell(environment, _webhook(charge_id))
    assert (answer.status, answer.json()) == (200, {"status": "queued"})


def test_a_settlement_that_the_gateway_does_not_confirm_pays_nothing(customer: Customer) -> None:
    """The signature does not cover the state: anybody with one valid webhook can write another."""
    order = customer.applicant.buy(1)
    requested = customer.request(order)
    answer = _tell(customer.environment, _webhook(f"{order['order_id']}-1"))
    customer.settle()

    assert (answer.status, answer.json()) == (200, {"status": "queued"})
    after = customer.order(order)
    assert after == {**order, "available": 0, "stampings": [requested["stamping_id"]]}
    assert customer.balance(order)["captured_idr"] == 0
