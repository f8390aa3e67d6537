from datetime import timedelta

from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import before
from tests.unit.functions.test_request_refund import DUE

ON_ITS_WAY = DUE | {
    "state": "submitted",
    "message": "Dana Anda sedang dikembalikan.",
}


def test_a_refund_has_its_state_and_its_promise(memory_app: FunctionApp) -> None:
    before(memory_app, "read_refund")
    answer = memory_app.request(sample("read_refund"))
    assert (answer.status, answer.json) == (200, ON_ITS_WAY)


def test_an_overdue_refund_says_so(memory_app: FunctionApp) -> None:
    before(memory_app, "read_refund")
    memory_app.state.pass_time(timedelta(days=1))
    assert memory_app.request(sample("read_refund")).json == ON_ITS_WAY
    memory_app.state.pass_time(timedelta(seconds=1))
    assert memory_app.request(sample("read_refund")).json == ON_ITS_WAY | {"overdue": True}


def test_a_refund_that_waits_for_an_account_promises_no_time(memory_app: FunctionApp) -> None:
    before(memory_app, "create_claim_link")
    answer = memory_app.request(sample("read_refund")).json
    assert (answer["state"], answer["promised_by"]) == ("needs_account", None)
