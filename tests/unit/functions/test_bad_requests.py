"""Requests of the right form that cannot be met: keys, quantities, ids of other accounts."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from meterai.domain.errors import MeteraiError
from meterai.problems import PROBLEMS
from tests.unit.functions.function_app import Event, FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, DOCUMENT, before
from tests.unit.functions.test_problems import assert_problem

WITH_KEY = ("purchase", "request_stamping", "request_refund")
STRANGER = "2b1d0c9f-3e4a-4b5c-8d6e-7f8091a2b3c4"


@pytest.mark.parametrize("function", WITH_KEY)
@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_missing"),
        ("", "idempotency_key_malformed"),
        ("short", "idempotency_key_malformed"),
        ("k" * 129, "idempotency_key_malformed"),
        ("eight ch", "idempotency_key_malformed"),
        ("ключ-ключ", "idempotency_key_malformed"),
        ("key-00001, key-00002", "idempotency_key_malformed"),
    ],
)
def test_a_write_without_a_usable_key_is_refused(
    memory_app: FunctionApp, function: str, key: str | None, code: str
) -> None:
    before(memory_app, function)
    orders = dict(memory_app.state.orders)
    event = sample(function)
    del event["headers"]["idempotency-key"]
    if key is not None:
        event["headers"]["idempotency-key"] = key
    assert_problem(memory_app.request(event), 400, code)
    assert memory_app.state.orders == orders


@pytest.mark.parametrize("key", ["k" * 8, "k" * 128, "Az09_-Az"])
def test_a_usable_key_is_accepted(memory_app: FunctionApp, key: str) -> None:
    event = sample("purchase")
    event["headers"]["idempotency-key"] = key
    assert memory_app.request(event).status == 201


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (0, "quantity_out_of_range"),
        (-1, "quantity_out_of_range"),
        (9, "quantity_out_of_range"),
        (2**31, "invalid_request"),
        (1.5, "invalid_request"),
        (1.0, "invalid_request"),
        ("1", "invalid_request"),
        (True, "invalid_request"),
        (None, "invalid_request"),
        ([1], "invalid_request"),
    ],
)
def test_a_quantity_that_is_no_number_of_stamps_buys_nothing(
    memory_app: FunctionApp, quantity: Any, code: str
) -> None:
    body = json.dumps({"quantity": quantity})
    assert_problem(memory_app.request(sample("purchase") | {"body": body}), 400, code)
    assert not memory_app.state.orders


@pytest.mark.parametrize(
    ("function", "moment"),
    [
        ("read_order", "read_order"),
        ("request_stamping", "request_stamping"),
        ("read_stamping", "read_stamping"),
        ("request_refund", "request_refund"),
        ("read_refund", "read_refund"),
    ],
)
def test_ids_of_another_account_get_the_response_of_unknown_ones(
    memory_app: FunctionApp, function: str, moment: str
) -> None:
    of_a_stranger = _requests_with(STRANGER, sample(function))
    nothing_yet = memory_app.request(of_a_stranger)
    before(memory_app, moment)
    orders = dict(memory_app.state.orders)
    foreign = memory_app.request(of_a_stranger)
    assert_problem(foreign, 404, "not_found")
    assert foreign == nothing_yet
    assert memory_app.state.orders == orders


def test_the_document_of_another_account_is_missing(memory_app: FunctionApp) -> None:
    before(memory_app, "verify")
    of_a_stranger = _requests_with(STRANGER, sample("verify"))
    assert_problem(memory_app.request(of_a_stranger), 409, "document_missing")


@pytest.mark.parametrize("name", ["order_id", "stamping_id", "refund_id"])
@pytest.mark.parametrize("value", ["x", "ord_", "a" * 3_000, "%F0%9F%98%80", "ord_'; --"])
def test_an_id_of_the_wrong_form_is_not_found(
    memory_app: FunctionApp, name: str, value: str
) -> None:
    function = {
        "order_id": "read_order",
        "stamping_id": "read_stamping",
        "refund_id": "read_refund",
    }[name]
    event = sample(function)
    path = event["rawPath"].replace(event["pathParameters"][name], value)
    event["requestContext"]["http"]["path"] = path
    event |= {"rawPath": path, "pathParameters": {name: value}}
    assert_problem(memory_app.request(event), 404, "not_found")


def _requests_with(account: str, event: Event) -> Event:
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    assert claims["sub"] == ACCOUNT
    claims |= {"sub": account, "username": account}
    return event


def _never_uploaded(memory_app: FunctionApp) -> None:
    memory_app.state.documents.clear()


def _exchanged(memory_app: FunctionApp) -> None:
    for name in memory_app.state.documents:
        memory_app.state.documents[name] = DOCUMENT + b"!"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [(_never_uploaded, 409, "document_missing"), (_exchanged, 422, "document_hash_mismatch")],
)
@pytest.mark.parametrize("function", ["request_stamping", "verify"])
def test_a_document_that_differs_from_its_declared_hash_is_refused(
    memory_app: FunctionApp,
    function: str,
    change: Callable[[FunctionApp], None],
    status: int,
    code: str,
) -> None:
    before(memory_app, function)
    change(memory_app)
    assert_problem(memory_app.request(sample(function)), status, code)


def test_a_portal_that_is_not_configured_is_refused(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    body = json.loads(sample("request_stamping")["body"]) | {"portal": "elsewhere"}
    answer = memory_app.request(sample("request_stamping") | {"body": json.dumps(body)})
    assert_problem(answer, 400, "portal_unknown", ["portal"])


def test_every_refusal_has_its_sentences() -> None:
    """Including those that only an adapter raises."""
    unserved = {
        "public_address_too_long",
        "signature_mismatch",
        "charge_exists",
        "payout_refused",
        "records_missing",
        "ciphertext_invalid",
        "signing_key_unusable",
    }
    assert _codes(MeteraiError) - set(PROBLEMS) == unserved


def _codes(error: type[MeteraiError]) -> set[str]:
    own = {error.code} if "code" in vars(error) else set()
    return own.union(*(_codes(child) for child in error.__subclasses__()))
