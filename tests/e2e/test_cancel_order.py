"""An applicant cancels an order that waits for its payment."""

from tests.e2e.customer import Customer
from tests.e2e.refusal import Refusal, refusal


def test_a_cancelled_order_is_closed_at_the_gateway_and_its_reservations_are_void(
    customer: Customer,
) -> None:
    order = customer.applicant.buy(2)
    requested = customer.request(order)
    given_up = customer.applicant.cancel(order["order_id"])
    assert (given_up["state"], given_up["pay"]) == ("pending", None)
    customer.settle()

    cancelled = customer.order(order)
    assert (cancelled["state"], cancelled["available"]) == ("cancelled", 0)
    void = customer.applicant.stamping(requested["stamping_id"])
    assert (void["state"], void["void_reason"]) == ("void", "order_cancelled")
    page = customer.applicant.open(customer.payment_address(order))
    assert b"<button" not in page.content  # the gateway accepts no payment for it any more
    assert customer.balance(order)["captured_idr"] == 0
    assert customer.applicant.cancel(order["order_id"]) == cancelled


def test_a_paid_order_is_refunded_and_not_cancelled(customer: Customer) -> None:
    order = customer.paid_order()
    answer = customer.applicant.ask("POST", f"/v1/orders/{order['order_id']}/cancel", {})
    assert refusal(answer) == Refusal(409, "order_paid", {"order_id": order["order_id"]})
    assert customer.order(order) == order
