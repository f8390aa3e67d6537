"""Orders whose payment was reported by no webhook, came too late, or never came."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.applicant.client import Json, wait_until
from tests.e2e.customer import Customer
from tests.e2e.passing_time import charge_ages, order_ages, sweep
from tests.e2e.refusal import Refusal, refusal
from tests.midtrans.faults import Fault, FaultKind

PAST_EXPIRY = timedelta(minutes=20)


def test_a_payment_whose_webhook_is_lost_at_the_gateway_is_checked_and_served(
    customer: Customer,
) -> None:
    order = customer.applicant.buy(1)
    requested = customer.request(order)
    customer.settle()
    customer.environment.gateway.add_fault(Fault(FaultKind.WEBHOOK_LOST, _charge(order)))
    customer.pay(order)
    customer.settle()
    assert customer.order(order)["state"] == "pending"

    order_ages(customer.environment, order, timedelta(minutes=4))
    sweep(customer.environment)

    assert customer.order(order)["state"] == "paid"
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "stamped"


def test_a_payment_in_time_is_served_although_the_check_is_after_the_expiry(
    customer: Customer,
) -> None:
    order = customer.applicant.buy(1)
    customer.settle()
    customer.environment.gateway.add_fault(Fault(FaultKind.WEBHOOK_LOST, _charge(order)))
    customer.pay(order)

    order_ages(customer.environment, order, PAST_EXPIRY)
    charge_ages(customer.environment, order, PAST_EXPIRY)
    sweep(customer.environment)

    assert customer.order(order)["state"] == "paid"


def test_an_unpaid_order_expires_and_its_reservations_are_void(
    customer: Customer,
) -> None:
    order = customer.applicant.buy(2)
    requested = customer.request(order)
    order_ages(customer.environment, order, PAST_EXPIRY)
    sweep(customer.environment)

    expired = customer.order(order)
    assert (expired["state"], expired["available"], expired["pay"]) == ("expired", 0, None)
    void = customer.applicant.stamping(requested["stamping_id"])
    assert (void["state"], void["void_reason"], void["promised_by"], void["poll_after_ms"]) == (
        "void",
        "order_expired",
        None,
        None,
    )
    refused = customer.applicant.ask("POST", "/v1/stampings", customer.stamping_body(order))
    closed = {"order_id": order["order_id"], "state": "expired"}
    assert refusal(refused) == Refusal(409, "order_closed", closed)
    page = customer.applicant.open(customer.payment_address(order))
    assert b"<button" not in page.content  # the gateway accepts no payment for it any more
    assert customer.balance(order)["captured_idr"] == 0


def test_a_payment_after_the_order_expired_is_refunded_automatically(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = customer.environment.gateway
    order = customer.applicant.buy(2)
    requested = customer.request(order)
    gateway.add_fault(Fault(FaultKind.LATE_SETTLEMENT, _charge(order), seconds=60))
    page = customer.pay(order)
    assert "Pembayaran sedang diproses" in page.content.decode()
    order_ages(customer.environment, order, PAST_EXPIRY)
    sweep(customer.environment)
    assert customer.order(order)["state"] == "expired"

    # The gateway's clock advances too, until the money arrives there.
    monkeypatch.setattr(gateway.ledger, "now", lambda: datetime.now(UTC) + PAST_EXPIRY)
    customer.settle()

    assert customer.order(order)["state"] == "expired"
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "void"

    def refunded() -> Json:
        refunded_idr = customer.balance(order)["refunded_idr"]
        return {"state": "whole" if refunded_idr == 20_000 else "not yet", "poll_after_ms": 200}

    wait_until(refunded, "whole")
    ledger = customer.balance(order)
    assert (ledger["captured_idr"], ledger["refunds_payable_idr"], ledger["stamped"]) == (
        20_000,
        0,
        0,
    )
    charge = gateway.transaction(_charge(order))
    assert charge is not None
    assert [(one.amount_idr, one.reason) for one in charge.refunds] == [(20_000, "late_payment")]


def _charge(order: Json) -> str:
    return f"{order['order_id']}-1"
