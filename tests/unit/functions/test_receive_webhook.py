import json

from meterai.container import container
from meterai.gateways.keys import GatewayKeys
from meterai.gateways.package import GatewayConfig
from meterai.gateways.registry import GatewayRegistry
from meterai.messages import WebhookReceived
from tests.fakes.in_memory_state import Letter
from tests.unit.functions.function_app import SETTINGS, Event, FunctionApp, sample
from tests.unit.functions.story import before
from tests.unit.functions.test_problems import assert_problem


def test_a_webhook_is_queued_unchanged(memory_app: FunctionApp) -> None:
    before(memory_app, "receive_webhook")
    answer = memory_app.request(sample("receive_webhook"))
    assert (answer.status, answer.json) == (200, {"status": "queued"})
    webhook = WebhookReceived(gateway="midtrans", body=sample("receive_webhook")["body"])
    assert list(memory_app.state.payments_lane) == [Letter(webhook, group="")]


def test_the_sample_event_equals_the_message_that_was_queued(memory_app: FunctionApp) -> None:
    before(memory_app, "confirm_payment")
    (letter,) = memory_app.state.payments_lane
    assert sample("confirm_payment")["Records"][0]["body"] == letter.message.model_dump_json()


def test_a_forged_webhook_is_refused_and_queues_nothing(memory_app: FunctionApp) -> None:
    before(memory_app, "receive_webhook")
    answer = memory_app.request(sample("receive_webhook.forged"))
    assert answer.status == 400
    assert answer.json == {
        "type": "urn:meterai:problem:webhook_refused",
        "title": "Webhook ditolak",
        "status": 400,
        "code": "webhook_refused",
        "detail": "Isi webhook salah format atau tanda tangannya tidak cocok.",
        "reason": "signature",
    }
    assert not memory_app.state.payments_lane


def to_xendit(token: str) -> Event:
    event = sample("receive_webhook")
    body = {"event": "payment.succeeded", "data": {"reference_id": "ord_A-1"}}
    return event | {
        "rawPath": "/v1/webhooks/xendit",
        "pathParameters": {"gateway": "xendit"},
        "headers": event["headers"] | {"X-Callback-Token": token},
        "requestContext": event["requestContext"]
        | {"http": event["requestContext"]["http"] | {"path": "/v1/webhooks/xendit"}},
        "body": json.dumps(body),
    }


def test_a_webhook_of_an_unconfigured_gateway_is_not_found(memory_app: FunctionApp) -> None:
    assert_problem(memory_app.request(to_xendit("ours")), 404, "not_found")
    assert not memory_app.state.payments_lane


def test_with_xendit_configured_its_webhooks_are_accepted_only_with_its_token(
    memory_app: FunctionApp,
) -> None:
    xendit = GatewayConfig("xendit", "", "", GatewayKeys(lambda: {"callback_token": "ours"}))
    with container.overriding(
        settings=SETTINGS.model_copy(update={"gateway": "xendit"}),
        webhook_verifiers=GatewayRegistry([xendit]).webhook_verifiers(),
    ):
        assert_problem(memory_app.request(to_xendit("guessed")), 400, "webhook_refused", ["reason"])
        assert memory_app.request(to_xendit("ours")).status == 200
        assert memory_app.request(sample("receive_webhook")).status == 404
    (letter,) = memory_app.state.payments_lane
    assert letter.message == WebhookReceived(gateway="xendit", body=to_xendit("")["body"])
