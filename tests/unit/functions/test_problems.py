"""The form of every problem, and the details that it hides from the client."""

import re
from collections.abc import Sequence
from io import StringIO
from typing import cast

import pytest
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.api import SerialAnswer
from meterai.domain.errors import SignatureMismatch, Unavailable
from meterai.entrypoints.http import HttpApi
from meterai.entrypoints.log import logger
from meterai.languages import Language
from meterai.problems import PROBLEMS
from tests.unit.functions.function_app import Answer, Context, Event, FunctionApp, sample

MEMBERS = ["type", "code", "title", "status", "detail"]
REQUEST_ID = Context().aws_request_id


def assert_problem(answer: Answer, status: int, code: str, values: Sequence[str] = ()) -> None:
    """It has the form of RFC 9457, is in the language it names, and has these values."""
    body = answer.json
    assert (answer.status, answer.headers["Content-Type"], body["code"]) == (
        status,
        "application/problem+json",
        code,
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Meterai-Request-Id"] == REQUEST_ID
    assert ("RateLimit" in answer.headers) is (status == 429)
    if status == 429:
        assert_rate_limit(answer, code)
    assert list(body)[:5] == MEMBERS
    assert (body["type"], body["status"]) == (f"urn:meterai:problem:{code}", status)
    assert body["title"] == PROBLEMS[code].title.in_language(
        Language(answer.headers["Content-Language"])
    )
    assert len(body["detail"]) > len(body["title"])
    assert set(values) <= set(body)


def assert_rate_limit(answer: Answer, code: str) -> None:
    """By draft-ietf-httpapi-ratelimit-headers-11, 3.1, 4.1 and 6: a list of one string with
    integers (RFC 9651), of the same name in both fields, and Retry-After is no sooner."""
    policy = re.fullmatch(rf'"{code}";q=[1-9][0-9]*', answer.headers["RateLimit-Policy"])
    left = re.fullmatch(rf'"{code}";r=0(?:;t=([0-9]+))?', answer.headers["RateLimit"])
    assert policy
    assert left
    assert int(answer.headers["Retry-After"]) >= int(left[1] or 0)


@pytest.mark.parametrize(
    ("error", "status", "code", "logged"),
    [
        (RuntimeError("connection to 10.0.0.7 refused"), 500, "internal_error", "10.0.0.7"),
        (KeyError("account"), 500, "internal_error", "KeyError"),
        (SignatureMismatch(key_id="1234"), 500, "internal_error", "signature_mismatch"),
        (Unavailable(party="dynamodb", reason="Throttling"), 503, "unavailable", "Throttling"),
    ],
)
def test_internal_details_are_not_in_the_response(
    memory_app: FunctionApp,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    code: str,
    logged: str,
) -> None:
    log = StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    memory_app.break_down(error)
    answer = memory_app.request(sample("purchase"))
    known = PROBLEMS[code]
    assert (answer.status, answer.json) == (
        status,
        {
            "type": f"urn:meterai:problem:{code}",
            "code": code,
            "title": known.title.id,
            "status": status,
            "detail": known.detail.id,
            "request_id": REQUEST_ID,
        },
    )
    assert [text in log.getvalue() for text in (REQUEST_ID, logged)] == [True, True]


def test_a_response_that_allows_a_retry_says_when(memory_app: FunctionApp) -> None:
    memory_app.break_down(Unavailable(party="dynamodb", reason="Throttling"))
    assert memory_app.request(sample("purchase")).headers["Retry-After"] == "2"


def test_a_token_without_a_subject_is_an_internal_error_without_details(
    memory_app: FunctionApp,
) -> None:
    event = sample("read_order")
    del event["requestContext"]["authorizer"]
    assert_problem(memory_app.request(event), 500, "internal_error", ["request_id"])


def test_an_event_that_is_no_request_is_answered_all_the_same(memory_app: FunctionApp) -> None:
    event = sample("purchase")
    del event["headers"]
    assert_problem(memory_app.request(event), 500, "internal_error", ["request_id"])


@pytest.mark.parametrize("content", [{"serial": 1}, Response(200, "application/json", object())])
def test_an_own_response_that_is_invalid_is_an_internal_error(content: object) -> None:
    """One that breaks its own model, and one that is no JSON at all."""
    api = HttpApi()

    @api.get("/S/<serial>")
    def handle(serial: str) -> SerialAnswer:  # noqa: ARG001
        return cast("SerialAnswer", content)

    returned = api.handler(sample("read_serial"), cast("LambdaContext", Context()))
    assert_problem(Answer.of(returned), 500, "internal_error", ["request_id"])


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "allowed"),
    [
        ("GET", "/v1/nothing", 404, "not_found", None),
        ("POST", "/v1/orders/", 404, "not_found", None),
        ("DELETE", "/v1/orders", 405, "method_not_allowed", "POST"),
        ("GET", "/v1/orders", 405, "method_not_allowed", "POST"),
    ],
)
def test_an_unknown_route_is_not_found(
    memory_app: FunctionApp, method: str, path: str, status: int, code: str, allowed: str | None
) -> None:
    answer = Answer.of(memory_app.invoke("purchase", _routed(method, path)))
    assert_problem(answer, status, code)
    assert answer.headers.get("Allow") == allowed


def _routed(method: str, path: str) -> Event:
    """A request that API Gateway would not have sent to this function."""
    event = sample("purchase")
    event["requestContext"]["http"] |= {"method": method, "path": path}
    return event | {"rawPath": path}
