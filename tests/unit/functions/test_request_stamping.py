import json

import pytest

from meterai.domain.orders.orders import OrderState, Taken
from meterai.domain.stamping.stampings import SerialState
from meterai.messages import StampDocument
from tests.fakes.in_memory_state import Letter
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, ORDER, SERIAL, before
from tests.unit.functions.test_create_upload import SHA256
from tests.unit.functions.test_problems import assert_problem

FIRST_HASH = "484208c2ddb7820d582503c3208cb70d"  # of `request_stamping`, in the first release
RESERVED = {
    "stamping_id": SERIAL,
    "order_id": ORDER,
    "state": "reserved",
    "serials": [SERIAL],
    "placements": [{"page": 3, "x_pt": 400.0, "y_pt": 96.5, "side_pt": 72.0}],
    "document": SHA256,
    "earlier_stamps": 0,
    "portal": "sscasn",
    "requested_at": "2026-11-24T02:01:00Z",
    "promised_by": "2026-11-25T02:01:00Z",
    "stamped_at": None,
    "stamped_sha256": None,
    "download_url": None,
    "augmented_url": None,
    "repaired": False,
    "findings": [],
    "void_reason": None,
    "void_code": None,
    "receipt": None,
    "position": None,
    "estimate": None,
    "poll_after_ms": 1_000,
}


def test_a_stamping_is_reserved_and_sent_to_its_lane(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    answer = memory_app.request(sample("request_stamping"))
    assert (answer.status, answer.json) == (202, RESERVED)
    assert memory_app.state.orders[ORDER].slots == {0: Taken(SERIAL, SERIAL, SHA256[:8])}
    assert list(memory_app.state.stamping_lane) == [
        Letter(StampDocument(serials=(SERIAL,)), ACCOUNT)
    ]


def test_a_body_in_base64_is_the_same_request(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    first = memory_app.request(sample("request_stamping"))
    assert memory_app.request(sample("request_stamping.base64")) == first
    assert len(memory_app.state.serials) == 1


def test_two_placements_take_two_emeterai(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    answer = memory_app.request(sample("request_stamping.two_placements"))
    first, second = "OITER040MB3K1HG34I81XZ", "2LDL13YYPU2A6CJ4PBUVE8"
    assert answer.status == 202
    assert answer.json == RESERVED | {
        "stamping_id": first,
        "serials": [first, second],
        "placements": [
            {"page": 1, "x_pt": 60.0, "y_pt": 60.0, "side_pt": 72.0},
            {"page": 2, "x_pt": 60.0, "y_pt": 60.0, "side_pt": 90.0},
        ],
        "portal": None,
    }
    assert {serial: one.slot for serial, one in memory_app.state.serials.items()} == {
        first: 0,
        second: 1,
    }


def test_a_stamping_may_be_requested_before_the_payment(memory_app: FunctionApp) -> None:
    before(memory_app, "receive_webhook")
    memory_app.state.now = memory_app.state.orders[ORDER].created_at
    answer = memory_app.request(sample("request_stamping"))
    assert answer.status == 202
    assert answer.json == RESERVED | {
        "requested_at": "2026-11-24T02:00:00Z",
        "promised_by": "2026-11-25T02:15:00Z",
    }
    assert memory_app.state.orders[ORDER].state is OrderState.PENDING
    assert memory_app.state.serials[SERIAL].state is SerialState.RESERVED
    assert not memory_app.state.stamping_lane


def test_a_box_of_no_area_takes_no_slot(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    answer = memory_app.request(sample("request_stamping.no_area"))
    assert answer.status == 400
    assert answer.json["errors"] == [
        {
            "field": "placements.0.side_pt",
            "message": "Input should be greater than or equal to 54",
        }
    ]
    assert not memory_app.state.orders[ORDER].slots


def test_a_retry_returns_the_same_placements(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    first = memory_app.request(sample("request_stamping.two_placements"))
    assert memory_app.request(sample("request_stamping.two_placements")) == first
    read = sample("read_stamping")
    read["pathParameters"]["stamping_id"] = first.json["stamping_id"]
    read["rawPath"] = read["requestContext"]["http"]["path"] = (
        f"/v1/stampings/{first.json['stamping_id']}"
    )
    assert memory_app.request(read).json == first.json


def test_a_point_may_be_written_with_its_kind(memory_app: FunctionApp) -> None:
    """It is the same request: the hash is that of the form without the kind."""
    before(memory_app, "request_stamping")
    event = sample("request_stamping")
    first = memory_app.request(event)
    body = json.loads(event["body"])
    body["placements"] = [{"at": "point", **one} for one in body["placements"]]
    body["allow_overlap"] = False
    assert memory_app.request(event | {"body": json.dumps(body)}) == first


def test_the_hash_of_the_first_form_of_a_body_never_changes(memory_app: FunctionApp) -> None:
    """Otherwise a retry from before a release would be refused as a reused key."""
    before(memory_app, "request_stamping")
    memory_app.request(sample("request_stamping"))
    assert memory_app.state.serials[SERIAL].body_hash == FIRST_HASH


def test_placements_may_be_written_in_every_form(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    answer = memory_app.request(sample("request_stamping.every_way"))
    assert answer.status == 202
    assert answer.json["placements"] == [
        {"page": 1, "x_pt": 28.0, "y_pt": 100.0, "side_pt": 72.0},
        {"page": 3, "x_pt": 49.982, "y_pt": 716.924, "side_pt": 74.972},
        {"page": 3, "x_pt": 487.28, "y_pt": 36.0, "side_pt": 72.0},
    ]


def test_text_is_covered_only_if_the_request_allows_it_explicitly(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    event = sample("request_stamping.covers_text")
    answer = memory_app.request(event)
    assert_problem(answer, 422, "covers_text", ["number", "covers", "page"])
    assert answer.json["covers"] == "Hormat saya"
    assert not memory_app.state.orders[ORDER].slots
    twice = json.loads(event["body"]) | {"allow_overlap": True}
    assert memory_app.request(event | {"body": json.dumps(twice)}).status == 202


@pytest.mark.parametrize(
    ("placement", "field"),
    [
        ({"at": "box", "page": 1}, "placements.0.x1_pt"),
        ({"at": "text", "text": ""}, "placements.0.text"),
        ({"at": "corner", "corner": "middle"}, "placements.0.corner"),
        ({"at": "auto", "x_pt": 1.0}, "placements.0.x_pt"),
        ({"at": "elsewhere"}, "placements.0"),
        ({}, "placements.0.page"),
        ("everywhere", "placements.0"),
    ],
)
def test_an_error_is_named_where_the_client_wrote_it(
    memory_app: FunctionApp, placement: object, field: str
) -> None:
    before(memory_app, "request_stamping")
    event = sample("request_stamping")
    body = json.loads(event["body"]) | {"placements": [placement]}
    answer = memory_app.request(event | {"body": json.dumps(body)})
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == field


@pytest.mark.parametrize("reason", [" ", "   ", "\u3000", "\t\n"])
def test_a_reason_of_blanks_is_refused(memory_app: FunctionApp, reason: str) -> None:
    before(memory_app, "request_stamping")
    body = json.loads(sample("request_stamping")["body"]) | {"reason": reason}
    answer = memory_app.request(sample("request_stamping") | {"body": json.dumps(body)})
    assert_problem(answer, 400, "invalid_request")
    assert [one["field"] for one in answer.json["errors"]] == ["reason"]
