import json

from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import REFUND, before
from tests.unit.functions.test_problems import assert_problem

TOKEN = json.loads(sample("claim_refund")["body"])["token"]


def test_a_refund_that_needs_an_account_offers_a_link_for_a_fortnight(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "create_claim_link")
    answer = memory_app.request(sample("create_claim_link"))
    assert (answer.status, answer.json) == (
        200,
        {"token": TOKEN, "expires_at": "2026-12-08T02:15:01Z"},
    )


def test_a_refund_without_need_of_an_account_offers_no_link(memory_app: FunctionApp) -> None:
    before(memory_app, "read_refund")
    answer = memory_app.request(sample("create_claim_link"))
    assert_problem(answer, 409, "no_account_needed", ["state"])
    assert answer.json["state"] == "submitted"


def test_the_refund_of_another_account_is_not_found(memory_app: FunctionApp) -> None:
    before(memory_app, "create_claim_link")
    event = sample("create_claim_link")
    event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = "somebody else"
    assert_problem(memory_app.request(event), 404, "not_found")
    assert REFUND in memory_app.state.refunds
