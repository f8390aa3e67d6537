"""Problems that many routes share, tested on each of them."""

import json

import pytest

from meterai.container import container
from meterai.domain.errors import Unavailable
from meterai.entrypoints.responses import KEY
from tests.unit.functions.declared import declared
from tests.unit.functions.function_app import HTTP_FUNCTIONS, Answer, FunctionApp, sample
from tests.unit.functions.story import MOMENTS, before
from tests.unit.functions.test_problems import assert_problem

ROUTES = HTTP_FUNCTIONS
WITHOUT_BODY = ("read_history", "read_ledger")  # what they refuse is in the query
MODELLED = [one for one in ROUTES if "invalid_request" in declared(one) and one not in WITHOUT_BODY]
UNMODELLED = ["receive_webhook"]  # its body has the gateway's form
KEYED = [one for one in ROUTES if set(KEY) <= declared(one)]


@pytest.mark.parametrize("function", ROUTES)
def test_an_internal_error_is_answered_as_such(memory_app: FunctionApp, function: str) -> None:
    answer = _answer_with(memory_app, function, RuntimeError("not for clients"))
    assert_problem(answer, 500, "internal_error", ["request_id"])


@pytest.mark.parametrize("function", [one for one in ROUTES if "unavailable" in declared(one)])
def test_an_outage_is_answered_as_such(memory_app: FunctionApp, function: str) -> None:
    outage = Unavailable(party="dynamodb", reason="Throttling")
    answer = _answer_with(memory_app, function, outage)
    assert_problem(answer, 503, "unavailable", ["request_id"])


@pytest.mark.parametrize("function", [*MODELLED, *UNMODELLED])
@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        ("", "application/json", 400, "malformed_json"),
        ("{}" + " " * 16_384, "application/json", 413, "body_too_large"),
        ("{}", "text/plain", 415, "unsupported_media_type"),
    ],
)
def test_a_body_that_is_no_json_is_refused(
    memory_app: FunctionApp, function: str, body: str, media_type: str, status: int, code: str
) -> None:
    event = sample(function) | {"body": body}
    event["headers"]["content-type"] = media_type
    assert_problem(memory_app.request(event), status, code)


@pytest.mark.parametrize("function", MODELLED)
def test_an_unknown_field_is_refused(memory_app: FunctionApp, function: str) -> None:
    event = sample(function)
    event["body"] = json.dumps(json.loads(event["body"]) | {"unknown": 1})
    answer = memory_app.request(event)
    assert_problem(answer, 400, "invalid_request")
    assert answer.json["errors"] == [
        {"field": "unknown", "message": "Extra inputs are not permitted"}
    ]


@pytest.mark.parametrize("function", KEYED)
def test_a_key_is_required_and_identifies_one_request(
    memory_app: FunctionApp, function: str
) -> None:
    assert function in MOMENTS
    before(memory_app, function)
    event = sample(function)
    assert memory_app.request(event).status < 300
    event["body"] = json.dumps(json.loads(event["body"]) | OTHERWISE[function])
    assert_problem(memory_app.request(event), 422, "idempotency_key_reused")
    event["headers"]["idempotency-key"] = "short"
    assert_problem(memory_app.request(event), 400, "idempotency_key_malformed")
    del event["headers"]["idempotency-key"]
    assert_problem(memory_app.request(event), 400, "idempotency_key_missing")


OTHERWISE = {
    "claim_refund": {"number": "9876543210"},
    "purchase": {"quantity": 2},
    "request_refund": {"quantity": 2},
    "request_stamping": {"reason": "Surat lamaran"},
}


def _answer_with(memory_app: FunctionApp, function: str, error: Exception) -> Answer:
    """The route's response while every port raises this."""

    def fail() -> None:
        raise error

    memory_app.break_down(error)
    with container.overriding(read_snapshot=fail):
        return memory_app.request(sample(function))
