"""The one route without a token: of all requests only a valid webhook is queued."""

import base64
import json

import pytest

from meterai.domain.errors import Unavailable
from meterai.gateways.midtrans.webhooks import signature_of
from tests.unit.functions.function_app import GATEWAY_SERVER_KEY, Event, FunctionApp, sample
from tests.unit.functions.test_problems import assert_problem

WEBHOOK = json.loads(sample("receive_webhook")["body"])


def _with(body: str) -> Event:
    return sample("receive_webhook") | {"body": body}


@pytest.mark.parametrize(
    ("event", "status", "code"),
    [
        pytest.param(_with(""), 400, "malformed_json", id="nothing"),
        pytest.param(_with("{"), 400, "webhook_refused", id="cut off"),
        pytest.param(_with("[]"), 400, "webhook_refused", id="a list"),
        pytest.param(_with("[" * 10_000), 400, "webhook_refused", id="deep"),
        pytest.param(_with("{}"), 400, "webhook_refused", id="empty"),
        pytest.param(
            _with(json.dumps(WEBHOOK | {"gross_amount": "3.00"})),
            400,
            "webhook_refused",
            id="altered",
        ),
        pytest.param(
            _with(json.dumps(WEBHOOK | {"order_id": 7})), 400, "webhook_refused", id="a number"
        ),
        pytest.param(
            _with(json.dumps(WEBHOOK | {"order_id": "\ud800"})), 400, "webhook_refused", id="half"
        ),
        pytest.param(_with(" " * 20_000), 413, "body_too_large", id="long"),
        pytest.param(
            _with(base64.b64encode(b"\xff").decode()) | {"isBase64Encoded": True},
            400,
            "malformed_json",
            id="not UTF-8",
        ),
    ],
)
def test_a_bad_webhook_is_refused_and_queues_nothing(
    memory_app: FunctionApp, event: Event, status: int, code: str
) -> None:
    assert_problem(memory_app.request(event), status, code)
    assert not memory_app.state.payments_lane


def test_a_genuine_webhook_of_an_unknown_order_is_queued_like_any_other(
    memory_app: FunctionApp,
) -> None:
    """Whether the order exists is checked later, so that the response does not reveal it."""
    signature = signature_of("of-another-shop-1", "200", "30000.00", GATEWAY_SERVER_KEY)
    webhook = WEBHOOK | {"order_id": "of-another-shop-1", "signature_key": signature}
    answer = memory_app.request(_with(json.dumps(webhook)))
    assert (answer.status, answer.json) == (200, {"status": "queued"})
    assert len(memory_app.state.payments_lane) == 1


def test_a_webhook_that_cannot_be_queued_is_answered_so_that_it_is_sent_again(
    memory_app: FunctionApp,
) -> None:
    memory_app.break_down(Unavailable(party="sqs", reason="ServiceUnavailable"))
    answer = memory_app.request(sample("receive_webhook"))
    assert_problem(answer, 503, "unavailable", ["request_id"])
