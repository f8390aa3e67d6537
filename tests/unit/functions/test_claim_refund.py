import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from meterai.domain.refunds.refunds import MAX_CLAIM_TRIES, RefundState
from meterai.messages import ExecuteRefund
from tests.fakes.in_memory_state import Letter
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, REFUND, before
from tests.unit.functions.test_problems import assert_problem
from tests.unit.functions.test_read_refund import ON_ITS_WAY

BODY = json.loads(sample("claim_refund")["body"])


def changed(key: str | None = None, **fields: Any) -> dict[str, Any]:
    event = sample("claim_refund")
    event["body"] = json.dumps(BODY | fields)
    if key is not None:
        event["headers"]["idempotency-key"] = key
    return event


def test_an_account_of_the_named_holder_gets_the_refund(memory_app: FunctionApp) -> None:
    before(memory_app, "claim_refund")
    memory_app.state.refunds_lane.clear()
    answer = memory_app.request(sample("claim_refund"))
    promised = {"promised_by": "2026-11-27T02:15:00Z"}
    assert (answer.status, answer.json) == (202, ON_ITS_WAY | promised)
    assert memory_app.state.refunds[REFUND].state is RefundState.SUBMITTED
    assert list(memory_app.state.refunds_lane) == [Letter(ExecuteRefund(refund_id=REFUND), ACCOUNT)]
    assert memory_app.request(sample("claim_refund")) == answer


def test_neither_number_nor_name_is_logged_or_answered(
    memory_app: FunctionApp, caplog: pytest.LogCaptureFixture
) -> None:
    before(memory_app, "claim_refund")
    with caplog.at_level(logging.DEBUG):
        answers = [
            memory_app.request(sample("claim_refund")),
            memory_app.request(changed(key="another-key")),
            memory_app.request(changed(key="third-key-1", number="12345")),
        ]
    logged = caplog.text + repr(memory_app.state.refunds[REFUND]) + "".join(a.text for a in answers)
    assert [secret in logged for secret in ("1234567890", "Santoso", "SANTOSO")] == [False] * 3


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"token": "1.1796696101." + "A" * 26}, 422, "claim_link_invalid"),
        ({"token": "2" + BODY["token"][1:]}, 422, "claim_link_invalid"),
        ({"token": BODY["token"].replace("1796696101", "1896696101")}, 422, "claim_link_invalid"),
        ({"token": ""}, 422, "claim_link_invalid"),
        ({"number": "12345"}, 400, "invalid_request"),
        ({"number": "1234-567890"}, 400, "invalid_request"),
        ({"number": "\u0661" * 10}, 400, "invalid_request"),
        ({"number": "1" * 21}, 400, "invalid_request"),
        ({"number": 1234567890}, 400, "invalid_request"),
        ({"bank": "Bank Central Asia"}, 400, "invalid_request"),
        ({"holder": ""}, 400, "invalid_request"),
        ({"holder": "Budi Hartono"}, 422, "account_name_mismatch"),
        ({"holder": "Dr., S.H."}, 422, "account_name_mismatch"),
    ],
)
def test_an_invalid_claim_changes_nothing(
    memory_app: FunctionApp, fields: dict[str, Any], status: int, code: str
) -> None:
    before(memory_app, "claim_refund")
    refund = memory_app.state.refunds[REFUND]
    memory_app.state.refunds_lane.clear()
    answer = memory_app.request(changed(**fields))
    assert_problem(answer, status, code)
    assert "SANTOSO" not in answer.text
    tried = int(code == "account_name_mismatch")
    assert memory_app.state.refunds[REFUND] == replace(refund, claim_tries=tried)
    assert not memory_app.state.refunds_lane


def test_an_account_that_the_bank_does_not_have_is_refused(memory_app: FunctionApp) -> None:
    before(memory_app, "claim_refund")
    memory_app.ports.bank.holders["bca", "1234567890"] = None
    assert_problem(memory_app.request(sample("claim_refund")), 422, "account_unknown")


def test_a_link_is_valid_once_and_its_request_can_always_be_repeated(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "claim_refund")
    first = memory_app.request(sample("claim_refund"))
    assert_problem(memory_app.request(changed(key="another-key")), 409, "claim_link_used")
    assert_problem(memory_app.request(changed(number="9876543210")), 422, "idempotency_key_reused")
    memory_app.state.pass_time(timedelta(days=400))
    assert memory_app.request(sample("claim_refund")).json == first.json | {"overdue": True}


def test_a_link_is_valid_for_a_fortnight_and_no_longer(memory_app: FunctionApp) -> None:
    before(memory_app, "claim_refund")
    memory_app.state.pass_time(timedelta(days=14, seconds=1))
    answer = memory_app.request(sample("claim_refund"))
    assert_problem(answer, 410, "claim_link_expired", ["expired_at"])
    renewed = memory_app.request(sample("create_claim_link")).json["token"]
    assert memory_app.request(changed(token=renewed)).status == 202


def test_a_link_works_only_with_its_owners_login(memory_app: FunctionApp) -> None:
    before(memory_app, "claim_refund")
    event = sample("claim_refund")
    event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = "somebody else"
    assert_problem(memory_app.request(event), 404, "not_found")


def test_too_many_claim_tries_are_told_to_wait_and_that_the_money_is_safe(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "claim_refund")
    tried = replace(memory_app.state.refunds[REFUND], claim_tries=MAX_CLAIM_TRIES)
    memory_app.state.refunds[REFUND] = tried
    answer = memory_app.request(sample("claim_refund"))
    assert_problem(
        answer, 429, "too_many_claim_attempts", ["max_attempts", "refund_id", "retry_after_s"]
    )
    assert tried.timer is not None
    left_s = (tried.timer.next_check_at - memory_app.state.now).total_seconds()
    assert left_s <= int(answer.headers["Retry-After"]) <= left_s + 61
    assert answer.headers["RateLimit-Policy"] == '"too_many_claim_attempts";q=10'
    assert memory_app.state.refunds[REFUND] == tried
