"""GET /v1/portals/{portal}: what applicants can know before they buy."""

import json

import pytest

from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.test_set_portal_deadline import MINUTE, deadline_report, store_snapshot

CALM = {"from_s": 91, "to_s": 93}


def test_a_portal_says_whether_a_purchase_now_would_be_in_time(memory_app: FunctionApp) -> None:
    memory_app.request(sample("set_portal_deadline"))
    store_snapshot(memory_app)
    memory_app.break_down(AssertionError("a port was called"))
    answer = memory_app.request(sample("read_portal"))
    assert answer.status == 200
    assert answer.json == {
        "portal": "sscasn",
        "deadline_at": "2026-11-30T16:59:59Z",
        "honours_receipts": False,
        "in_time": True,
        "estimate": CALM,
        "message": "E-meterai yang dibeli dan dibayar sekarang akan dibubuhkan tepat waktu.",
        "poll_after_ms": 15_000,
    }
    assert answer.headers["Cache-Control"] == "private, max-age=15"


@pytest.mark.parametrize(
    ("honours", "minutes", "in_time", "message"),
    [
        (False, 1, False, "tidak akan sempat"),
        (True, 2, True, "menerima tanda terimanya"),
        (False, 0, False, "sudah lewat"),
    ],
)
def test_the_answer_is_also_in_words(
    memory_app: FunctionApp, *, honours: bool, minutes: int, in_time: bool, message: str
) -> None:
    at = f"2026-11-24T09:{max(1, minutes):02}:00+07:00"
    memory_app.request(deadline_report(deadline_at=at, honours_receipts=honours))
    memory_app.state.pass_time(MINUTE if not minutes else 0 * MINUTE)
    store_snapshot(memory_app)
    answer = memory_app.request(sample("read_portal")).json
    assert (answer["in_time"], answer["honours_receipts"]) == (in_time, honours)
    assert message in answer["message"]


def test_a_portal_without_a_deadline_has_none_in_the_response(memory_app: FunctionApp) -> None:
    store_snapshot(memory_app)
    answer = memory_app.request(sample("read_portal")).json
    assert (answer["deadline_at"], answer["in_time"], answer["estimate"]) == (None, None, CALM)


def test_without_a_measurement_the_client_is_told_to_poll_later(memory_app: FunctionApp) -> None:
    memory_app.request(sample("set_portal_deadline"))
    answer = memory_app.request(sample("read_portal"))
    assert (answer.status, answer.json["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"]


def test_an_unknown_portal_is_not_found(memory_app: FunctionApp) -> None:
    store_snapshot(memory_app)
    answer = memory_app.request(sample("read_portal.unknown"))
    assert (answer.status, answer.json["code"]) == (404, "not_found")
    assert "elsewhere" not in json.dumps(answer.json)
