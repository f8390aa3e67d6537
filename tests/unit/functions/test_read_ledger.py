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


def test_an_operator_may_read_any_ledger(memory_app: FunctionApp) -> None:
    before(memory_app, "read_ledger")
    answer = memory_app.request(sample("read_ledger.operator"))
    assert (answer.status, answer.json) == (200, BOOKS)


def test_an_applicant_may_not_read_another_ledger(memory_app: FunctionApp) -> None:
    before(memory_app, "read_ledger")
    event = sample("read_ledger.operator")
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    claims["scope"] = "openid email meterai/applicant"
    answer = memory_app.request(event)
    assert (answer.status, answer.json["code"]) == (404, "not_found")


def test_an_applicant_may_name_their_own_account(memory_app: FunctionApp) -> None:
    before(memory_app, "read_ledger")
    event = sample("read_ledger") | {
        "rawQueryString": f"of={ACCOUNT}",
        "queryStringParameters": {"of": ACCOUNT},
    }
    answer = memory_app.request(event)
    assert (answer.status, answer.json) == (200, BOOKS)
