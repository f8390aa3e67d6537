from datetime import timedelta

from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import before
from tests.unit.functions.test_request_refund import DUE

ON_ITS_WAY = DUE | {
    "state": "submitted",
    "message": "Dana Anda sedang dikembalikan.",
}


def test_a_refund_says_how_far_it_is_and_by_when_it_is_promised(memory_app: FunctionApp) -> None:
    before(memory_app, "read_refund")
    answer = memory_app.request(sample("read_refund"))
    assert (answer.status, answer.json) == (200, ON_ITS_WAY)


def test_a_promise_that_is_broken_is_seen_to_be(memory_app: FunctionApp) -> None:
    before(memory_app, "read_refund")
    memory_app.state.pass_time(timedelta(days=1))
    assert memory_app.request(sample("read_refund")).json == ON_ITS_WAY
    memory_app.state.pass_time(timedelta(seconds=1))
    assert memory_app.request(sample("read_refund")).json == ON_ITS_WAY | {"overdue": True}
