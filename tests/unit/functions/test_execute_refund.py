from datetime import timedelta

from meterai.domain.refunds.refunds import RefundState
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import CHARGE, REFUND, before

NOTHING_FAILED = {"batchItemFailures": list[dict[str, str]]()}


def test_the_gateway_is_requested_to_refund(memory_app: FunctionApp) -> None:
    before(memory_app, "execute_refund")
    assert memory_app.invoke("execute_refund", sample("execute_refund")) == NOTHING_FAILED
    assert memory_app.state.refunds[REFUND].state is RefundState.SUBMITTED
    (sent,) = memory_app.state.charges[CHARGE].refunds.values()
    assert (sent.refund_key, sent.amount_idr, sent.final) == (f"{REFUND}-1", 10_000, False)


def test_the_sample_event_equals_the_message_that_was_queued(memory_app: FunctionApp) -> None:
    before(memory_app, "execute_refund")
    (letter,) = memory_app.state.refunds_lane
    assert sample("execute_refund")["Records"][0]["body"] == letter.message.model_dump_json()


def test_it_is_confirmed_once_the_bank_says_so(memory_app: FunctionApp) -> None:
    before(memory_app, "read_refund")
    memory_app.state.pass_time(timedelta(hours=1))
    memory_app.ports.gateway.confirm_refund(CHARGE, f"{REFUND}-1")
    assert memory_app.invoke("execute_refund", sample("execute_refund")) == NOTHING_FAILED
    answer = memory_app.request(sample("read_refund"))
    assert (answer.json["state"], answer.json["confirmed_at"]) == (
        "confirmed",
        "2026-11-24T03:01:00Z",
    )
    assert len(memory_app.state.charges[CHARGE].refunds) == 1
