"""Messages and webhooks that are delivered twice are handled once."""

import json

from tests.applicant.client import Json, wait_until
from tests.e2e.customer import Customer
from tests.e2e.lane import deliver
from tests.local.environment import PORTAL
from tests.portal.inbox import PortalInbox


def test_a_webhook_delivered_again_is_one_payment_and_one_stamped_file(
    customer: Customer, inbox: PortalInbox
) -> None:
    order = customer.applicant.buy(2)
    requested = customer.request(order, portal=PORTAL)
    customer.pay(order)
    customer.settle()
    webhooks = _webhooks(customer, order)
    assert [webhook["transaction_status"] for webhook in webhooks] == ["pending", "settlement"]

    for webhook in [*reversed(webhooks), *webhooks]:
        answer = customer.applicant.ask(
            "POST", "/v1/webhooks/midtrans", webhook, headers={"authorization": None}
        )
        assert (answer.status, answer.json()) == (200, {"status": "queued"})
    customer.settle()

    assert customer.balance(order) == {
        "order_id": order["order_id"],
        "state": "paid",
        "quantity": 2,
        "available": 1,
        "reserved": 0,
        "stamped": 1,
        "refunding": 0,
        "refunded": 0,
        "blocked": 0,
        "captured_idr": 20_000,
        "fees_idr": 0,
        "refunds_payable_idr": 0,
        "refunded_idr": 0,
        "reversed_idr": 0,
    }
    assert _times_stored(customer, requested) == 1
    assert _times_received(inbox, requested) == 1


def test_a_stamping_message_delivered_again_is_one_stamped_file(
    customer: Customer, inbox: PortalInbox
) -> None:
    requested = customer.request(customer.paid_order(), portal=PORTAL)
    message = {"serials": requested["serials"]}
    deliver(customer.environment, "StampingQueue", message, message, message)
    stamped = customer.applicant.stamping(requested["stamping_id"])
    deliver(customer.environment, "StampingQueue", message)

    after = customer.applicant.stamping(requested["stamping_id"])
    assert {**after, "download_url": None} == {**stamped, "download_url": None}
    assert after["state"] == "stamped"
    assert _times_stored(customer, requested) == 1
    assert _times_received(inbox, requested) == 1


def test_a_refund_message_delivered_again_is_one_refund(customer: Customer) -> None:
    order = customer.paid_order(3)
    refund = customer.applicant.refund(order["order_id"], 2)
    message = {"refund_id": refund["refund_id"]}
    deliver(customer.environment, "RefundsQueue", message, message)
    wait_until(lambda: customer.applicant.refund_status(refund["refund_id"]), "confirmed")
    deliver(customer.environment, "RefundsQueue", message)

    charge = customer.environment.gateway.transaction(f"{order['order_id']}-1")
    assert charge is not None
    assert [one.amount_idr for one in charge.refunds] == [20_000]
    assert customer.balance(order)["refunded_idr"] == 20_000


def test_a_check_of_an_order_delivered_again_changes_nothing(customer: Customer) -> None:
    pending, paid = customer.applicant.buy(1), customer.paid_order(1)
    for order in (pending, paid):
        message = {"what": "order", "order_id": order["order_id"]}
        deliver(customer.environment, "PaymentsQueue", message, message)
        assert customer.order(order) == order


def _webhooks(customer: Customer, order: Json) -> list[Json]:
    """The webhooks about the order's charge, in the order they were sent."""
    charge_id = f"{order['order_id']}-1"
    sent = [one for one in customer.environment.gateway.deliveries if one.order_id == charge_id]
    assert {one.answer for one in sent} == {200}
    webhooks: list[Json] = [json.loads(json.dumps(one.body)) for one in sent]
    return webhooks


def _times_stored(customer: Customer, stamping: Json) -> int:
    account = customer.environment.account
    answer = account.client("s3").list_object_versions(
        Bucket=account.outputs["DocumentsBucketName"],
        Prefix=f"stamped/{stamping['portal']}/{stamping['stamping_id']}",
    )
    return len(answer.get("Versions", []))


def _times_received(inbox: PortalInbox, stamping: Json) -> int:
    received = inbox.receive(100, timeout_s=0.2)
    return sum(file.serial == stamping["stamping_id"] for file in received)
