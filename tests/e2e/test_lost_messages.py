"""A lost message delays work but does not stop it: the timer in the item finds it."""

from datetime import timedelta

from tests.applicant.client import wait_until
from tests.e2e.customer import Customer
from tests.e2e.lane import losing
from tests.e2e.passing_time import order_ages, refund_ages, stamping_ages, sweep

NOT_YET = timedelta(minutes=1)
IN_TIME = timedelta(minutes=10)


def test_a_lost_stamping_message_is_sent_again(customer: Customer) -> None:
    order = customer.paid_order()
    with losing(customer.environment, "StampingQueue"):
        requested = customer.request(order)

    stamping_ages(customer.environment, requested, NOT_YET)
    sweep(customer.environment)
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "reserved"

    stamping_ages(customer.environment, requested, IN_TIME)
    sweep(customer.environment)
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "stamped"
    assert customer.balance(order)["stamped"] == 1


def test_a_payment_whose_webhook_is_lost_is_checked_at_the_gateway(customer: Customer) -> None:
    order = customer.applicant.buy(1)
    requested = customer.request(order)
    customer.settle()
    with losing(customer.environment, "PaymentsQueue"):
        customer.pay(order)
    assert customer.order(order)["state"] == "pending"

    order_ages(customer.environment, order, NOT_YET)
    sweep(customer.environment)
    assert customer.order(order)["state"] == "pending"

    order_ages(customer.environment, order, IN_TIME)
    sweep(customer.environment)
    assert customer.order(order)["state"] == "paid"
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "stamped"


def test_a_lost_refund_message_is_sent_again(customer: Customer) -> None:
    order = customer.paid_order()
    with losing(customer.environment, "RefundsQueue"):
        refund = customer.applicant.refund(order["order_id"], 1)

    refund_ages(customer.environment, refund, NOT_YET)
    sweep(customer.environment)
    assert customer.applicant.refund_status(refund["refund_id"])["state"] == "due"

    refund_ages(customer.environment, refund, IN_TIME)
    sweep(customer.environment)
    done = wait_until(lambda: customer.applicant.refund_status(refund["refund_id"]), "confirmed")
    assert done == {
        **refund,
        "state": "confirmed",
        "created_at": done["created_at"],
        "promised_by": None,
        "confirmed_at": done["confirmed_at"],
        "message": "Dana sudah dikembalikan, dan bank sudah memastikannya.",
        "position": None,
        "estimate": None,
        "poll_after_ms": None,
    }
    assert customer.balance(order)["refunded_idr"] == 10_000


def test_a_stamping_not_executed_by_its_promise_is_refunded_automatically(
    customer: Customer,
) -> None:
    order = customer.paid_order(2)
    with losing(customer.environment, "StampingQueue"):
        requested = customer.request(order)

    stamping_ages(customer.environment, requested, timedelta(days=1, minutes=1))
    sweep(customer.environment)

    void = customer.applicant.stamping(requested["stamping_id"])
    assert (void["state"], void["void_reason"]) == ("void", "not_executed")
    [refund_id] = customer.order(order)["refunds"]
    refund = wait_until(lambda: customer.applicant.refund_status(refund_id), "confirmed")
    assert (refund["reason"], refund["amount_idr"]) == ("not_executed", 10_000)
    ledger = customer.balance(order)
    assert (ledger["available"], ledger["refunded"], ledger["stamped"]) == (1, 1, 0)
