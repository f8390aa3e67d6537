"""A repeated request changes nothing and gets the same response."""

import uuid
from datetime import datetime, timedelta

from tests.applicant.client import Json
from tests.e2e.conftest import NewCustomer
from tests.e2e.customer import BOX, Customer, letter
from tests.e2e.passing_time import order_ages
from tests.e2e.refusal import Refusal, refusal
from tests.midtrans.faults import Fault, FaultKind

KEY_REUSED = Refusal(422, "idempotency_key_reused")


def test_a_repeated_purchase_is_the_same_order_also_when_it_is_paid_and_stamped(
    customer: Customer,
) -> None:
    buy, key = customer.applicant.buy, uuid.uuid4().hex
    order = buy(2, key=key)
    assert buy(2, key=key) == order

    customer.pay(order)
    customer.settle()
    stamped = customer.stamped(order)
    again = buy(2, key=key)

    assert again == customer.order(order)
    assert again == {
        **order,
        "state": "paid",
        "message": "Sudah dibayar. E-meterai dapat dibubuhkan pada dokumen, atau dananya "
        "dikembalikan.",
        "available": 1,
        "paid_at": again["paid_at"],
        "pay": None,
        "stampings": [stamped["stamping_id"]],
        "position": None,
        "estimate": None,
        "poll_after_ms": None,
    }
    assert len(customer.applicant.ledger()["ledger"]["orders"]) == 1


def test_a_purchase_whose_qr_was_lost_gets_it_by_a_retry_at_the_stated_time(
    customer: Customer,
) -> None:
    """The gateway made the charge, its response was lost, and it returns a QR code only once."""
    gateway, key = customer.environment.gateway, uuid.uuid4().hex
    gateway.add_fault(Fault(FaultKind.LOST_AFTER, endpoint="charge"))
    lost = customer.applicant.ask("POST", "/v1/orders", {"quantity": 1}, key=key)
    assert (lost.status, lost.headers["retry-after"]) == (503, "2")

    without_qr = customer.applicant.buy(1, key=key)
    assert (without_qr["state"], without_qr["pay"]) == ("pending", None)
    waits = timedelta(seconds=15)
    assert _time(without_qr, "retry_at") - _time(without_qr, "created_at") == waits
    assert customer.order(without_qr) == without_qr

    order_ages(customer.environment, without_qr, waits)
    retried = customer.applicant.buy(1, key=key)
    assert (retried["order_id"], retried["retry_at"]) == (without_qr["order_id"], None)
    assert retried["pay"]["qr_text"]
    assert customer.order(retried) == retried


def test_a_gateway_that_reports_nothing_of_a_payment_is_checked_again(customer: Customer) -> None:
    order = customer.applicant.buy(1)
    customer.settle()
    charge = f"{order['order_id']}-1"
    customer.environment.gateway.add_fault(
        Fault(FaultKind.HTML, charge, endpoint="status", times=2)
    )
    customer.pay(order)
    customer.settle()
    assert customer.order(order)["state"] == "paid"


def _time(order: Json, field: str) -> datetime:
    return datetime.fromisoformat(order[field])


def test_a_repeated_stamping_is_the_same_stamping_also_when_it_is_done(
    customer: Customer,
) -> None:
    order, key = customer.paid_order(2), uuid.uuid4().hex
    requested = customer.request(order, key=key)
    again = customer.request(order, key=key)
    assert (again["stamping_id"], again["serials"]) == (
        requested["stamping_id"],
        [requested["stamping_id"]],
    )

    customer.settle()
    after = customer.request(order, key=key)

    stamped = customer.applicant.stamping(requested["stamping_id"])
    assert after == {**stamped, "download_url": None, "receipt": after["receipt"]}
    assert after["state"] == "stamped"
    assert customer.order(order)["available"] == 1


def test_a_repeated_stamping_of_two_places_is_the_same_two(customer: Customer) -> None:
    order, key = customer.paid_order(2), uuid.uuid4().hex
    places = [BOX, BOX | {"y_pt": 400.0}]
    requested = customer.request(order, key=key, placements=places)
    again = customer.request(order, key=key, placements=places)
    assert (again["serials"], len(again["placements"])) == (requested["serials"], 2)


def test_a_repeated_refund_is_the_same_refund(customer: Customer) -> None:
    order, key = customer.paid_order(3), uuid.uuid4().hex
    refund = customer.applicant.refund(order["order_id"], 1, key=key)
    again = customer.applicant.refund(order["order_id"], 1, key=key)

    assert again["refund_id"] == refund["refund_id"]
    after = customer.order(order)
    assert (after["refunds"], after["available"]) == ([refund["refund_id"]], 2)


def test_a_retry_may_write_the_same_request_in_another_form(customer: Customer) -> None:
    key = uuid.uuid4().hex
    order = customer.applicant.buy(1, method="qris", key=key)
    other_ways = (b'{"quantity":1}', b' {"method": "qris",\n "quantity": 1 }')
    for way in other_ways:
        answer = customer.applicant.ask("POST", "/v1/orders", way, key=key)
        assert (answer.status, answer.json()) == (201, order)


def test_the_same_key_with_another_request_is_refused_and_changes_nothing(
    customer: Customer,
) -> None:
    ask, key = customer.applicant.ask, uuid.uuid4().hex
    order = customer.paid_order(3)
    bought = customer.applicant.buy(1, key=key)
    customer.request(order, key=key)
    customer.applicant.refund(order["order_id"], 1, key=key)
    customer.settle()
    before = customer.order(order)

    orders = ask("POST", "/v1/orders", {"quantity": 2}, key=key)
    second = customer.stamping_body(order, document=customer.applicant.upload(letter(2)))
    stampings = ask("POST", "/v1/stampings", second, key=key)
    refunds = ask("POST", f"/v1/orders/{order['order_id']}/refunds", {"quantity": 2}, key=key)

    assert refusal(orders) == KEY_REUSED
    assert refusal(stampings) == KEY_REUSED
    assert refusal(refunds) == KEY_REUSED
    assert customer.order(order) == before
    assert customer.order(bought) == bought


def test_the_same_keys_and_the_same_document_of_two_customers_are_two_of_each(
    new_customer: NewCustomer,
) -> None:
    key, both = uuid.uuid4().hex, [new_customer(), new_customer()]
    orders = [one.applicant.buy(1, key=key) for one in both]
    stampings = [one.request(order, key=key) for one, order in zip(both, orders, strict=True)]
    assert len({order["order_id"] for order in orders}) == 2
    assert len({stamping["stamping_id"] for stamping in stampings}) == 2
