"""Bad bodies: the response is a problem with a stable code, and nothing has changed."""

import base64
import json
from typing import Any

import pytest

from tests.unit.functions.function_app import Event, FunctionApp, sample
from tests.unit.functions.story import before
from tests.unit.functions.test_problems import assert_problem

ORDER = {"quantity": 3}
STAMPING = json.loads(sample("request_stamping")["body"])
BOX = STAMPING["placements"][0]


def _with(body: str, **more: Any) -> Event:
    return sample("purchase") | {"body": body} | more


def _in_base64(content: bytes) -> Event:
    return _with(base64.b64encode(content).decode(), isBase64Encoded=True)


def _of_type(media_type: str, body: str = json.dumps(ORDER)) -> Event:
    event = _with(body)
    event["headers"]["content-type"] = media_type
    return event


def _box(literal: str, field: str = "side_pt") -> Event:
    """A stamping whose box has this number, as it is written in JSON."""
    body = json.dumps(STAMPING | {"placements": [BOX | {field: "HERE"}]})
    return sample("request_stamping") | {"body": body.replace('"HERE"', literal)}


@pytest.mark.parametrize(
    ("event", "status", "code"),
    [
        pytest.param(_with(""), 400, "malformed_json", id="nothing"),
        pytest.param(_with("   "), 400, "malformed_json", id="blank"),
        pytest.param(_with('{"quantity": 3'), 400, "malformed_json", id="cut off"),
        pytest.param(_with("quantity=3"), 400, "malformed_json", id="a form"),
        pytest.param(_with('{"quantity": 3} {}'), 400, "malformed_json", id="two objects"),
        pytest.param(_with("null"), 400, "malformed_json", id="null"),
        pytest.param(_with("3"), 400, "malformed_json", id="a number"),
        pytest.param(_with('[{"quantity": 3}]'), 400, "malformed_json", id="a list of one"),
        pytest.param(_with("[" * 8_000), 400, "malformed_json", id="deep lists"),
        pytest.param(_with('{"a":' * 3_000), 400, "malformed_json", id="deep objects"),
        pytest.param(
            _with('{"quantity":' + "[" * 8_000 + "]" * 8_000 + "}"),
            400,
            "malformed_json",
            id="deep and closed",
        ),
        pytest.param(
            _with('{"quantity":' + "9" * 5_000 + "}"), 400, "malformed_json", id="5,000 digits"
        ),
        pytest.param(
            _with('{"quantity":' + "9" * 4_000 + "}"), 400, "invalid_request", id="4,000 digits"
        ),
        pytest.param(_with('{"quantity": 1, "quantity": 8}'), 400, "malformed_json", id="twice"),
        pytest.param(_box('72, "side_pt": 200'), 400, "malformed_json", id="twice, deeper"),
        pytest.param(_with('{"quantity": NaN}'), 400, "malformed_json", id="NaN"),
        pytest.param(
            _in_base64(b'{"quantity": 3, "x": "\xff"}'), 400, "malformed_json", id="Latin"
        ),
        pytest.param(_in_base64(b"\xed\xa0\x80"), 400, "malformed_json", id="half a character"),
        pytest.param(_with("%%%", isBase64Encoded=True), 400, "malformed_json", id="not base64"),
        pytest.param(
            _with('{"quantity": 3, "\\ud800": 1}'), 400, "invalid_request", id="surrogate"
        ),
        pytest.param(_with('{"quantity": 3}' + " " * 16_384), 413, "body_too_large", id="long"),
        pytest.param(
            _with(json.dumps({"q": "é" * 9_000}, ensure_ascii=False)),
            413,
            "body_too_large",
            id="long in bytes",
        ),
        pytest.param(_in_base64(b" " * 16_385), 413, "body_too_large", id="long in base64"),
        pytest.param(_of_type("text/plain"), 415, "unsupported_media_type", id="text"),
        pytest.param(
            _of_type("application/x-www-form-urlencoded", "quantity=3"),
            415,
            "unsupported_media_type",
            id="form",
        ),
        pytest.param(
            _of_type("multipart/form-data; boundary=x", "--x--"),
            415,
            "unsupported_media_type",
            id="upload",
        ),
        pytest.param(_of_type("application/jsonp"), 415, "unsupported_media_type", id="jsonp"),
        pytest.param(_box("NaN"), 400, "malformed_json", id="box of NaN"),
        pytest.param(_box("Infinity"), 400, "malformed_json", id="box of Infinity"),
        pytest.param(_box("1e400"), 400, "invalid_request", id="box of 1e400"),
        pytest.param(_box("-72"), 400, "invalid_request", id="negative box"),
        pytest.param(_box("0"), 400, "invalid_request", id="box of no area"),
        pytest.param(_box("1e400", "x_pt"), 400, "invalid_request", id="box at 1e400"),
        pytest.param(_box('"60"', "x_pt"), 400, "invalid_request", id="box at text"),
        pytest.param(_box("9" * 400, "page"), 400, "invalid_request", id="page of 400 digits"),
        pytest.param(_box("1.5", "page"), 400, "invalid_request", id="half a page"),
    ],
)
def test_a_bad_body_is_refused_with_its_code_and_changes_nothing(
    memory_app: FunctionApp, event: Event, status: int, code: str
) -> None:
    before(memory_app, "request_stamping")
    orders, serials = dict(memory_app.state.orders), dict(memory_app.state.serials)
    assert_problem(memory_app.request(event), status, code)
    assert (memory_app.state.orders, memory_app.state.serials) == (orders, serials)


@pytest.mark.parametrize(
    "media_type", ["Application/JSON", "application/json; charset=utf-8", None]
)
def test_json_is_accepted_however_its_media_type_is_written(
    memory_app: FunctionApp, media_type: str | None
) -> None:
    event = sample("purchase")
    if media_type is None:
        del event["headers"]["content-type"]
    else:
        event["headers"]["content-type"] = media_type
    assert memory_app.request(event).status == 201


def test_of_a_thousand_unknown_fields_the_first_few_are_named(
    memory_app: FunctionApp,
) -> None:
    body = json.dumps(ORDER | {f"field_{number}": 1 for number in range(900)})
    answer = memory_app.request(_with(body))
    assert_problem(answer, 400, "invalid_request")
    assert [error["field"] for error in answer.json["errors"]] == [
        f"field_{number}" for number in range(8)
    ]
