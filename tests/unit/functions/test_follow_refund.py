from datetime import timedelta
from typing import Any

import pytest

from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import ACCOUNT, FOLLOW, ORDER, REFUND, before
from tests.unit.functions.test_problems import assert_problem

PERSON = {"accept": "text/html,*/*"}


def of(token: str, **headers: str) -> dict[str, Any]:
    event = sample("follow_refund")
    path = f"/R/{token}"
    event["requestContext"]["http"]["path"] = path
    event["headers"] |= headers
    return event | {"rawPath": path, "pathParameters": {"token": token}}


def test_whoever_has_the_link_sees_how_far_it_is(office: StampOffice) -> None:
    before(office, "follow_refund")
    answer = office.request(sample("follow_refund"))
    assert (answer.status, answer.json) == (
        200,
        {
            "state": "submitted",
            "says": "The money is on its way back.",
            "says_id": "Uang sedang dalam perjalanan kembali.",
            "amount_idr": 10_000,
            "created_at": "2026-11-24T02:01:00Z",
            "promised_by": "2026-11-25T02:15:00Z",
            "overdue": False,
            "confirmed_at": None,
        },
    )
    assert answer.headers["Cache-Control"] == "private, max-age=5"


def test_a_person_sees_a_page_that_loads_nothing(office: StampOffice) -> None:
    before(office, "follow_refund")
    answer = office.request(of(FOLLOW, **PERSON))
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    shown = ("Rp10.000", "Uang sedang dalam perjalanan", "25 November 2026, 09.15 WIB")
    assert [text in answer.text for text in shown] == [True] * 3
    office.world.pass_time(timedelta(days=2))
    assert "Janji kami terlampaui" in office.request(of(FOLLOW, **PERSON)).text


def test_the_public_never_learns_whose_it_is(office: StampOffice) -> None:
    before(office, "follow_refund")
    texts = [office.request(of(FOLLOW, **h)).text for h in ({}, PERSON)]
    for secret in (ACCOUNT, ORDER, REFUND, "1234567890", "antoso", "bca"):
        assert [secret in text for text in texts] == [False, False]


@pytest.mark.parametrize("token", [FOLLOW[:-1] + "A", FOLLOW[:-1], "A" * 52, "x", REFUND])
def test_a_link_of_anybody_elses_making_leads_nowhere(office: StampOffice, token: str) -> None:
    before(office, "follow_refund")
    assert_problem(office.request(of(token)), 404, "not_found")
    page = office.request(of(token, **PERSON))
    assert (page.status, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
