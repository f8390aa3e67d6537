from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import ACCOUNT, ORDER, before

BOOKS = {
    "books": {
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
                "refunds_payable_idr": 10_000,
                "refunded_idr": 0,
                "reversed_idr": 0,
            }
        ],
        "balances_idr": {
            "gateway_clearing": 30_000,
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


def test_the_books_of_the_account_balance(office: StampOffice) -> None:
    before(office, "read_books")
    answer = office.request(sample("read_books"))
    assert (answer.status, answer.json) == (200, BOOKS)


def test_an_operator_may_read_anybodys(office: StampOffice) -> None:
    before(office, "read_books")
    answer = office.request(sample("read_books.operator"))
    assert (answer.status, answer.json) == (200, BOOKS)


def test_an_applicant_may_not(office: StampOffice) -> None:
    before(office, "read_books")
    event = sample("read_books.operator")
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    claims["scope"] = "openid email meterai/applicant"
    answer = office.request(event)
    assert (answer.status, answer.json["code"]) == (404, "not_found")


def test_but_may_name_the_own_account(office: StampOffice) -> None:
    before(office, "read_books")
    event = sample("read_books") | {
        "rawQueryString": f"of={ACCOUNT}",
        "queryStringParameters": {"of": ACCOUNT},
    }
    answer = office.request(event)
    assert (answer.status, answer.json) == (200, BOOKS)
