import json

from meterai.domain.orders.orders import Refunded
from meterai.domain.stamping.stampings import SerialState
from meterai.messages import ExecuteRefund
from tests.fakes.in_memory_state import Letter
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, FOLLOW, ORDER, REFUND, SERIAL, before
from tests.unit.functions.test_problems import assert_problem

DUE = {
    "refund_id": REFUND,
    "order_id": ORDER,
    "state": "due",
    "message": "Dana Anda akan segera dikembalikan.",
    "reason": "requested",
    "amount_idr": 10_000,
    "quantity": 1,
    "created_at": "2026-11-24T02:01:00Z",
    "promised_by": "2026-11-25T02:01:00Z",
    "overdue": False,
    "confirmed_at": None,
    "follow_url": f"https://meterai.example/R/{FOLLOW}",
    "position": None,
    "estimate": None,
    "poll_after_ms": 2_000,
}


def test_an_unused_emeterai_becomes_a_refund(memory_app: FunctionApp) -> None:
    before(memory_app, "request_refund")
    answer = memory_app.request(sample("request_refund"))
    assert (answer.status, answer.json) == (202, DUE)
    assert memory_app.state.orders[ORDER].slots[1] == Refunded(REFUND)
    assert list(memory_app.state.refunds_lane) == [Letter(ExecuteRefund(refund_id=REFUND), ACCOUNT)]


def test_a_retry_is_the_same_refund(memory_app: FunctionApp) -> None:
    before(memory_app, "request_refund")
    first = memory_app.request(sample("request_refund"))
    assert memory_app.request(sample("request_refund")) == first
    assert len(memory_app.state.refunds) == 1


def test_more_than_is_free_is_refused(memory_app: FunctionApp) -> None:
    before(memory_app, "request_refund")
    answer = memory_app.request(sample("request_refund.no_balance"))
    assert answer.status == 409
    assert answer.json == {
        "type": "urn:meterai:problem:no_balance",
        "title": "E-meterai tidak cukup",
        "status": 409,
        "code": "no_balance",
        "detail": "Anda meminta 3 e-meterai; yang belum terpakai di pesanan ini 2.",
        "order_id": ORDER,
        "available": 2,
        "wanted": 3,
    }
    assert not memory_app.state.refunds


def test_a_stamped_one_stays_when_all_the_others_are_refunded(memory_app: FunctionApp) -> None:
    before(memory_app, "request_refund")
    both = sample("request_refund") | {"body": json.dumps({"quantity": 2})}
    assert memory_app.request(both).json["quantity"] == 2
    memory_app.state.refunds_lane.clear()
    more = sample("request_refund")
    more["headers"]["idempotency-key"] = "another-key"
    answer = memory_app.request(more)
    assert_problem(answer, 409, "no_balance", ["available", "order_id", "wanted"])
    assert (answer.json["available"], answer.json["wanted"]) == (0, 1)
    assert list(memory_app.state.refunds) == [REFUND]
    assert not memory_app.state.refunds_lane
    assert memory_app.state.serials[SERIAL].state is SerialState.STAMPED
