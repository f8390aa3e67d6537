"""Lanes: each message goes to its own queue, in the form of its model."""

from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from meterai.domain.orders.payments import WebhookEvent
from meterai.domain.waiting.queue_status import Lane
from meterai.messages import (
    AugmentStamp,
    CheckCharge,
    CheckOrder,
    ExecuteRefund,
    PaymentsMessage,
    StampDocument,
    WebhookReceived,
)
from tests.contract.backends import AwsBackend, Backend, Clients
from tests.contract.backends import Lane as Name
from tests.contract.factories import ACCOUNT, a_refund, a_stamping, an_order

STAMPING: dict[Lane, Name] = {
    Lane.URGENT: "urgent",
    Lane.STAMPING: "stamping",
    Lane.BULK: "bulk",
}


def test_each_message_is_in_its_lane(backend: Backend) -> None:
    order = an_order()
    stamping = [one.serial for one in a_stamping(order, 0, 1)]
    refund = a_refund(order).refund_id
    body = '{"order_id":"ord-1","transaction_status":"settlement"}'
    backend.lanes.webhook("midtrans", body)
    backend.lanes.check_order(order.order_id, ACCOUNT)
    about = WebhookEvent(order.charge_id, "tx-1")
    backend.lanes.check_charge("midtrans", about, ACCOUNT)
    backend.lanes.stamp(stamping, ACCOUNT)
    backend.lanes.refund(refund, ACCOUNT)
    backend.lanes.augment(stamping[0], ACCOUNT)

    of_payments: TypeAdapter[PaymentsMessage] = TypeAdapter(PaymentsMessage)
    payments = [of_payments.validate_json(one) for one in backend.bodies("payments")]
    assert sorted(payments, key=lambda message: message.kind) == [
        CheckCharge(gateway="midtrans", charge_id=order.charge_id, transaction_id="tx-1"),
        CheckOrder(order_id=order.order_id),
        WebhookReceived(gateway="midtrans", body=body),
    ]
    (stamp,) = backend.bodies("stamping")
    assert StampDocument.model_validate_json(stamp) == StampDocument(serials=tuple(stamping))
    (refunds,) = backend.bodies("refunds")
    assert ExecuteRefund.model_validate_json(refunds) == ExecuteRefund(refund_id=refund)
    (augment,) = backend.bodies("augmentation")
    assert AugmentStamp.model_validate_json(augment) == AugmentStamp(serial=stamping[0])


@pytest.mark.parametrize("lane", STAMPING)
def test_a_lane_is_idle_when_no_message_waits_in_it(backend: Backend, lane: Lane) -> None:
    order, name = an_order(), STAMPING[lane]
    assert backend.lanes.is_idle(lane)
    backend.lanes.check_order(order.order_id, ACCOUNT)
    assert backend.lanes.is_idle(lane)
    backend.lanes.stamp([one.serial for one in a_stamping(order, 0)], ACCOUNT, lane)
    assert not backend.lanes.is_idle(lane)
    assert [other for other in STAMPING if not backend.lanes.is_idle(other)] == [lane]
    backend.bodies(name)
    assert backend.lanes.is_idle(lane)


def test_a_stamping_goes_to_the_lane_that_was_chosen(backend: Backend) -> None:
    serials = tuple(one.serial for one in a_stamping(an_order(), 0, 1))
    for lane, name in STAMPING.items():
        backend.lanes.stamp(serials, ACCOUNT, lane)
        (body,) = backend.bodies(name)
        expected = StampDocument(serials=serials, bulk=lane is Lane.BULK)
        assert StampDocument.model_validate_json(body) == expected


def test_a_message_held_by_a_worker_is_received_again_when_the_worker_says(moto: Clients) -> None:
    backend = AwsBackend(moto)
    backend.lanes.stamp([one.serial for one in a_stamping(an_order(), 0)], ACCOUNT)
    (held,) = moto.sqs.receive_message(QueueUrl=backend.queues["stamping"], VisibilityTimeout=360)[
        "Messages"
    ]
    assert backend.bodies("stamping") == []
    backend.lanes.retry_after(held["ReceiptHandle"], timedelta(0), Lane.STAMPING)
    assert backend.bodies("stamping") == [held["Body"]]
