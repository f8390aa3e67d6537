"""Where there is an edge, only requests that came through it are served; webhooks come past it."""

from hashlib import sha256

import pytest

from tests.unit.functions.function_app import HTTP_FUNCTIONS, Event, FunctionApp, sample
from tests.unit.functions.story import before
from tests.unit.functions.test_problems import assert_problem

KEY, NEXT_KEY = "the edge's key", "the next one"
HASHES = ",".join(sha256(one.encode()).hexdigest() for one in (KEY, NEXT_KEY))
BEHIND_THE_EDGE = [one for one in HTTP_FUNCTIONS if one != "receive_webhook"]


@pytest.fixture(autouse=True)
def edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_KEY_HASHES", HASHES)
    monkeypatch.setenv("PUBLIC_HOST", "meterai.example")


def with_key(function: str, key: str) -> Event:
    event = sample(function)
    return event | {"headers": event["headers"] | {"meterai-edge": key}}


@pytest.mark.parametrize("function", BEHIND_THE_EDGE)
def test_a_request_past_the_edge_is_told_the_public_address(
    memory_app: FunctionApp, function: str
) -> None:
    memory_app.break_down(AssertionError("a port was asked"))
    answer = memory_app.request(sample(function))
    assert_problem(answer, 421, "wrong_address", ["host"])
    assert "https://meterai.example" in answer.json["detail"]


@pytest.mark.parametrize("key", ["", "another", KEY.upper(), HASHES, HASHES.partition(",")[0]])
def test_another_key_does_not_help(memory_app: FunctionApp, key: str) -> None:
    """Neither do the hashes, which operators may read."""
    assert_problem(memory_app.request(with_key("purchase", key)), 421, "wrong_address")


@pytest.mark.parametrize("key", [KEY, NEXT_KEY])
def test_both_keys_are_valid_while_the_edge_changes_them(memory_app: FunctionApp, key: str) -> None:
    assert memory_app.request(with_key("purchase", key)).status == 201


def test_a_webhook_comes_past_the_edge(
    memory_app: FunctionApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGE_KEY_HASHES", "")
    before(memory_app, "receive_webhook")
    monkeypatch.setenv("EDGE_KEY_HASHES", HASHES)
    assert memory_app.request(sample("receive_webhook")).status == 200


def test_a_refusal_is_made_before_the_body_is_read(memory_app: FunctionApp) -> None:
    event = sample("purchase") | {"body": "no JSON"}
    assert_problem(memory_app.request(event), 421, "wrong_address")


def test_without_an_edge_nobody_needs_a_key(
    memory_app: FunctionApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGE_KEY_HASHES", "")
    assert memory_app.request(sample("purchase")).status == 201
