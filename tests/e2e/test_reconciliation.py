"""The morning after: a payment without a webhook and a payout that bounced are resolved."""

import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from meterai.domain.days import beginning_of
from meterai.domain.reconciliation.day_reports import days_to_check, is_begun_late
from tests.applicant.client import Applicant, Json, wait_until
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


def reconcile(environment: Environment, day: date) -> Any:
    """Runs each day that is due, with the files that were stored for it. Returns the report."""
    assert isinstance(environment.gateway, MidtransSimulator)
    s3, bucket = environment.account.client("s3"), environment.account.physical("DocumentsBucket")
    for due in days_due():
        s3.put_object(
            Bucket=bucket,
            Key=f"gateway-records/midtrans/{due}.csv",
            Body=environment.gateway.export(due).encode(),
        )
    outcome = environment.account.fire_schedule("ReconcileFunction")
    assert outcome.error_type is None, outcome.payload
    environment.account.quiesce()
    found = s3.get_object(Bucket=bucket, Key=f"reports/reconciliation/{day}.json")
    page = s3.get_object(Bucket=bucket, Key=f"reports/reconciliation/{day}.html")
    assert f"Reconciliation of {day}" in page["Body"].read().decode()
    return json.loads(found["Body"].read())


def pay_a_second_time(environment: Environment, order: Json, at: datetime) -> None:
    """Its webhook is never sent."""
    charge_id = f"{order['order_id']}-1"
    first = environment.gateway.transaction(charge_id)
    assert first is not None
    environment.gateway.add_fault(Fault(FaultKind.WEBHOOK_LOST, order_id=charge_id))
    again = replace(
        first,
        transaction_id=new_transaction_id(),
        created_at=at,
        settled_at=at + timedelta(seconds=5),
        refunds=[],
    )
    with environment.gateway.ledger.lock:
        environment.gateway.ledger.enter(again)


def paid_out(customer: Customer, order: Json) -> Json:
    """A refund to a bank account, confirmed by the bank."""
    environment, applicant = customer.environment, customer.applicant
    refund = applicant.refund(order["order_id"], 1)
    refund_id = refund["refund_id"]
    wait_until(lambda: applicant.refund_status(refund_id), "needs_account")
    claim = {**SRIS, "token": applicant.claim_link(refund_id)["token"]}
    applicant.claim(refund_id, claim, key="kunci-klaim-rekonsiliasi")
    environment.account.quiesce()
    time.sleep(1.5)  # the bank takes a second
    refund_ages(environment, refund, timedelta(minutes=11))
    sweep(environment)
    wait_until(lambda: applicant.refund_status(refund_id), "confirmed")
    return refund


def bounce(environment: Environment, refund: Json, at: datetime) -> None:
    """The payout was released at that time, and its bank has returned it since."""
    assert isinstance(environment.gateway, MidtransSimulator)
    [made] = [one for one in environment.gateway.payouts.made if refund["refund_id"] in one.key]
    made.approved_at = at
    made.bounces_after = timedelta(minutes=1)


def paid_at(customer: Customer, quantity: int, at: datetime) -> Json:
    """An order whose payment settled at that time."""
    order = customer.applicant.buy(quantity)
    gateway = customer.environment.gateway
    charge = gateway.transaction(f"{order['order_id']}-1")
    assert charge is not None
    with gateway.ledger.lock:
        charge.settled_at = at
        gateway.ledger.move(charge, "settlement")
    customer.settle()
    return customer.order(order)


def check_performance(environment: Environment, day: date) -> None:
    """The page shows what was done with the three e-meterai that were paid on the day."""
    anybody = Applicant(environment.account.api_url, token=None)
    data = json.loads(anybody.ask("GET", "/kinerja.json").content)
    [of_day] = [one for one in data["days"] if one["day"] == str(day)]
    counts = {name: of_day[name] for name in ("paid", "stamped", "in_time", "is_final")}
    assert counts == {"paid": 3, "stamped": 1, "in_time": 1, "is_final": False}
    assert sum(of_day["waits"]) == 1
    assert (of_day["refunds"], of_day["given_back"]) == ({"kept": 1}, {"requested": 1})
    page = anybody.ask("GET", "/kinerja").content.decode()
    assert "e\u2011meterai dibubuhkan" in page
    assert "<td>3</td><td>1</td>" in page


def test_a_payment_without_a_webhook_is_found_and_resolved_the_morning_after(
    customer: Customer,
) -> None:
    environment, applicant = customer.environment, customer.applicant
    day = days_due()[-1]
    noon = beginning_of(day) + timedelta(hours=12)
    of_the_day = paid_at(customer, 3, noon)
    customer.stamped(of_the_day)
    back = applicant.refund(of_the_day["order_id"], 1)
    wait_until(lambda: applicant.refund_status(back["refund_id"]), "confirmed")
    order = customer.paid_order(2)
    customer.stamped(order)
    pay_a_second_time(environment, order, noon)
    by_account = customer.paid_order(1, method="virtual_account")
    refund = paid_out(customer, by_account)
    bounce(environment, refund, noon)

    report = reconcile(environment, day)

    mine = (order["order_id"], by_account["order_id"])
    found = {
        one["kind"]: one["order_id"] for one in report["differences"] if one["order_id"] in mine
    }
    assert found == {
        "unknown_payment": order["order_id"],
        "payout_came_back": by_account["order_id"],
    }
    assert report["missing"] == []
    check_performance(environment, day)
    customer.settle()
    time.sleep(1.5)  # the bank confirms a refund after a second
    assert environment.gateway.wait_until_idle()
    environment.account.quiesce()
    assert customer.balance(order)["captured_idr"] == 40_000, "both payments are known"
    wait_until_refunded(customer, order)
    again = applicant.refund_status(refund["refund_id"])
    assert (again["state"], again["overdue"]) == ("needs_account", False)
    assert again["promised_by"] is None, "promised anew once an account is named"


def wait_until_refunded(customer: Customer, order: Json) -> None:
    """The second payment was refunded completely."""
    for _ in range(50):
        if customer.balance(order)["refunded_idr"] == 20_000:
            return
        time.sleep(0.2)
        customer.settle()
    raise AssertionError(customer.balance(order))
