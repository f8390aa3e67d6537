from datetime import timedelta
from typing import Any

import pytest

from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, FOLLOW, ORDER, REFUND, before
from tests.unit.functions.test_problems import assert_problem

PERSON = {"accept": "text/html,*/*"}


def of(token: str, **headers: str) -> dict[str, Any]:
    event = sample("refund_status")
    path = f"/R/{token}"
    event["requestContext"]["http"]["path"] = path
    event["headers"] |= headers
    return event | {"rawPath": path, "pathParameters": {"token": token}}


def test_the_holder_of_the_link_sees_the_state(memory_app: FunctionApp) -> None:
    before(memory_app, "refund_status")
    answer = memory_app.request(sample("refund_status"))
    assert (answer.status, answer.json) == (
        200,
        {
            "state": "submitted",
            "message": "Dana Anda sedang dikembalikan.",
            "amount_idr": 10_000,
            "created_at": "2026-11-24T02:01:00Z",
            "promised_by": "2026-11-27T02:15:00Z",
            "overdue": False,
            "confirmed_at": None,
        },
    )
    assert answer.headers["Cache-Control"] == "private, max-age=5"


def test_a_person_gets_a_page_that_loads_nothing(memory_app: FunctionApp) -> None:
    before(memory_app, "refund_status")
    answer = memory_app.request(of(FOLLOW, **PERSON))
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    shown = ("Rp10.000", "Dana Anda sedang dikembalikan", "27 November 2026, 09.15 WIB")
    assert [text in answer.text for text in shown] == [True] * 3
    memory_app.state.pass_time(timedelta(days=4))
    assert "lebih lama dari yang kami janjikan" in memory_app.request(of(FOLLOW, **PERSON)).text


def test_the_public_never_learns_the_account(memory_app: FunctionApp) -> None:
    before(memory_app, "refund_status")
    texts = [memory_app.request(of(FOLLOW, **h)).text for h in ({}, PERSON)]
    for secret in (ACCOUNT, ORDER, REFUND, "1234567890", "antoso", "bca"):
        assert [secret in text for text in texts] == [False, False]


@pytest.mark.parametrize("token", [FOLLOW[:-1] + "A", FOLLOW[:-1], "A" * 52, "x", REFUND])
def test_a_link_that_this_system_did_not_make_is_not_found(
    memory_app: FunctionApp, token: str
) -> None:
    before(memory_app, "refund_status")
    assert_problem(memory_app.request(of(token)), 404, "not_found")
    page = memory_app.request(of(token, **PERSON))
    assert (page.status, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
