from urllib.parse import urlencode

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.operators import AuditRecord, Operator, OperatorAction
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, ORDER, before

BOOKS = {
    "ledger": {
        "orders": [
            {
                "order_id": ORDER,
                "state": "paid",
                "quantity": 3,
                "available": 1,
                "reserved": 0,
                "stamped": 1,
                "refunding": 1,
                "refunded": 0,
                "blocked": 0,
                "captured_idr": 30_000,
                "fees_idr": 0,
                "refunds_payable_idr": 10_000,
                "refunded_idr": 0,
                "reversed_idr": 0,
            }
        ],
        "balances_idr": {
            "gateway_clearing": 30_000,
            "gateway_fees": 0,
            "unused_emeterai": -10_000,
            "duty_payable": -10_000,
            "margin": 0,
            "refunds_payable": -10_000,
            "losses": 0,
        },
        "differences": [],
    },
    "balanced": True,
}


def test_the_accounts_ledger_balances(memory_app: FunctionApp) -> None:
    before(memory_app, "read_ledger")
    answer = memory_app.request(sample("read_ledger"))
    assert (answer.status, answer.json) == (200, BOOKS)


OPERATOR = Operator("c93e1f52-4d07-4b8e-9a61-0d2f7b5c8e34", "sri.wahyuni")


def test_an_operator_reads_any_ledger_and_is_recorded_with_the_reason(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "read_ledger")
    answer = memory_app.request(sample("read_ledger.operator"))
    assert (answer.status, answer.json) == (200, BOOKS)
    assert memory_app.state.audit_records == [
        AuditRecord(
            OPERATOR,
            OperatorAction.READ_LEDGER,
            target=ACCOUNT,
            reason="a complaint of the buyer",
            at=memory_app.state.now,
        )
    ]


def test_what_cannot_be_recorded_is_not_read(memory_app: FunctionApp) -> None:
    before(memory_app, "read_ledger")
    calls = []

    def hook(moment: str, call: str) -> None:
        calls.append(call)
        if (moment, call) == ("before", "AuditTrail.record"):
            raise Unavailable(party="s3")

    memory_app.state.hook = hook
    answer = memory_app.request(sample("read_ledger.operator"))
    assert (answer.status, answer.json["code"]) == (503, "unavailable")
    assert calls == ["AuditTrail.record"]


@pytest.mark.parametrize("reason", [None, "", "    ", "why", "x" * 201])
def test_an_operator_says_why(reason: str | None, memory_app: FunctionApp) -> None:
    event = sample("read_ledger.operator")
    given = {"account": ACCOUNT} | ({} if reason is None else {"reason": reason})
    event |= {"rawQueryString": urlencode(given), "queryStringParameters": given}
    answer = memory_app.request(event)
    assert (answer.status, answer.json["code"]) == (400, "invalid_request")
    assert memory_app.state.audit_records == []


def test_the_log_names_an_operator_by_their_id_alone(
    memory_app: FunctionApp, caplog: pytest.LogCaptureFixture
) -> None:
    before(memory_app, "read_ledger")
    with caplog.at_level("INFO"):
        memory_app.request(sample("read_ledger.operator"))
    (line,) = (one for one in caplog.records if one.message == "operator's action")
    assert vars(line).items() >= {
        ("operator_id", OPERATOR.operator_id),
        ("action", "read_ledger"),
    }
    assert OPERATOR.name not in str(vars(line))
