"""Lists: who lost every id finds orders, stampings and refunds again, also what was voided."""

from tests.e2e.conftest import NewCustomer
from tests.e2e.customer import Customer
from tests.fixtures.documents.plain import document


def test_everything_is_found_again(customer: Customer, new_customer: NewCustomer) -> None:
    applicant = customer.applicant
    order = customer.paid_order(3)
    stamped = customer.stamped(order)
    refund = applicant.refund(order["order_id"], 1)
    customer.settle()
    unpaid = applicant.buy(1)
    waiting = customer.request(unpaid, document=applicant.upload(document(catalog="/Lang(id-9)")))

    orders = applicant.get("/v1/orders")
    assert [one["order_id"] for one in orders["orders"]] == [unpaid["order_id"], order["order_id"]]
    assert orders["orders"][0]["pay"] == unpaid["pay"]
    stampings = applicant.get("/v1/stampings")["stampings"]
    assert [(one["stamping_id"], one["state"]) for one in stampings] == [
        (waiting["stamping_id"], "reserved"),
        (stamped["stamping_id"], "stamped"),
    ]
    (listed,) = applicant.get("/v1/refunds")["refunds"]
    assert listed["refund_id"] == refund["refund_id"]

    page = applicant.get("/v1/orders?limit=1")
    rest = applicant.get(f"/v1/orders?limit=1&after={page['next']}")
    assert [one["order_id"] for one in rest["orders"]] == [order["order_id"]]

    stranger = new_customer().applicant
    assert stranger.get(f"/v1/orders?after={page['next']}") == {"orders": [], "next": None}


def test_what_was_voided_stays_listed_with_its_reason(customer: Customer) -> None:
    order = customer.applicant.buy(1)
    stamping = customer.request(order)
    customer.applicant.cancel(order["order_id"])
    customer.settle()
    (listed,) = customer.applicant.get("/v1/stampings")["stampings"]
    assert (listed["stamping_id"], listed["state"], listed["void_reason"]) == (
        stamping["stamping_id"],
        "void",
        "order_cancelled",
    )
    assert customer.order(order)["voided"] == [stamping["stamping_id"]]
