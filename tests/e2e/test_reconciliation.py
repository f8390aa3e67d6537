"""The morning after: a payment without a webhook and a payout that came back are resolved."""

import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from meterai.domain.days import beginning_of
from meterai.domain.reconciliation.day_reports import days_to_check, is_begun_late
from tests.applicant.client import Json, wait_until
from tests.e2e.customer import Customer
from tests.e2e.passing_time import refund_ages, sweep
from tests.local.environment import Environment
from tests.midtrans import MidtransSimulator
from tests.midtrans.faults import Fault, FaultKind
from tests.midtrans.ledger import new_transaction_id

SRIS = {"bank": "bca", "number": "1234567890", "holder": "Sri Wahyuni"}


def days_due() -> list[date]:
    now = datetime.now(UTC)
    return [day for day, _ in days_to_check(now) if not is_begun_late(day, now)]


def reconcile(place: Environment, day: date) -> Any:
    """With the files that somebody has put by, for each day that is due. Answers the report."""
    assert isinstance(place.gateway, MidtransSimulator)
    s3, bucket = place.account.client("s3"), place.account.physical("DocumentsBucket")
    for due in days_due():
        s3.put_object(
            Bucket=bucket,
            Key=f"gateway-records/midtrans/{due}.csv",
            Body=place.gateway.export(due).encode(),
        )
    outcome = place.account.fire_schedule("ReconcileFunction")
    assert outcome.error_type is None, outcome.payload
    place.account.quiesce()
    found = s3.get_object(Bucket=bucket, Key=f"reports/reconciliation/{day}.json")
    page = s3.get_object(Bucket=bucket, Key=f"reports/reconciliation/{day}.html")
    assert f"Reconciliation of {day}" in page["Body"].read().decode()
    return json.loads(found["Body"].read())


def pay_a_second_time(place: Environment, order: Json, at: datetime) -> None:
    """And no webhook of it is ever sent."""
    charge_id = f"{order['order_id']}-1"
    first = place.gateway.transaction(charge_id)
    assert first is not None
    place.gateway.add_fault(Fault(FaultKind.WEBHOOK_LOST, order_id=charge_id))
    again = replace(
        first,
        transaction_id=new_transaction_id(),
        created_at=at,
        settled_at=at + timedelta(seconds=5),
        refunds=[],
    )
    with place.gateway.ledger.lock:
        place.gateway.ledger.enter(again)


def paid_out(customer: Customer, order: Json) -> Json:
    """A refund that went to an account, as the bank has confirmed."""
    place, applicant = customer.place, customer.applicant
    refund = applicant.refund(order["order_id"], 1)
    refund_id = refund["refund_id"]
    wait_until(lambda: applicant.refund_status(refund_id), "needs_account")
    claim = {**SRIS, "token": applicant.claim_link(refund_id)["token"]}
    applicant.claim(refund_id, claim, key="kunci-klaim-rekonsiliasi")
    place.account.quiesce()
    time.sleep(1.5)  # the bank takes a second
    refund_ages(place, refund, timedelta(minutes=11))
    sweep(place)
    wait_until(lambda: applicant.refund_status(refund_id), "confirmed")
    return refund


def bounce(place: Environment, refund: Json, at: datetime) -> None:
    """The payout was released at that time, and its bank has sent it back since."""
    assert isinstance(place.gateway, MidtransSimulator)
    [made] = [one for one in place.gateway.payouts.made if refund["refund_id"] in one.key]
    made.approved_at = at
    made.bounces_after = timedelta(minutes=1)


def test_a_payment_without_a_webhook_is_found_and_resolved_the_morning_after(
    customer: Customer,
) -> None:
    place, applicant = customer.place, customer.applicant
    day = days_due()[-1]
    noon = beginning_of(day) + timedelta(hours=12)
    order = customer.paid_order(2)
    customer.stamped(order)
    pay_a_second_time(place, order, noon)
    by_account = customer.paid_order(1, method="virtual_account")
    refund = paid_out(customer, by_account)
    bounce(place, refund, noon)

    report = reconcile(place, day)

    mine = (order["order_id"], by_account["order_id"])
    found = {
        one["kind"]: one["order_id"] for one in report["differences"] if one["order_id"] in mine
    }
    assert found == {
        "unknown_payment": order["order_id"],
        "payout_came_back": by_account["order_id"],
    }
    assert report["missing"] == []
    customer.settle()
    time.sleep(1.5)  # the bank confirms a refund after a second
    assert place.gateway.wait_until_idle()
    place.account.quiesce()
    assert customer.balance(order)["captured_idr"] == 40_000, "both payments are known"
    wait_until_refunded(customer, order)
    again = applicant.refund_status(refund["refund_id"])
    assert (again["state"], again["overdue"]) == ("needs_account", False)
    promised = datetime.fromisoformat(again["promised_by"])
    assert promised > datetime.now(UTC) + timedelta(hours=23), "promised anew, at once"


def wait_until_refunded(customer: Customer, order: Json) -> None:
    """The second payment went back whole."""
    for _ in range(50):
        if customer.balance(order)["refunded_idr"] == 20_000:
            return
        time.sleep(0.2)
        customer.settle()
    raise AssertionError(customer.balance(order))
