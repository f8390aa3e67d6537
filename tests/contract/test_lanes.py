"""Lanes: each message in its own queue, as its model says."""

from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from meterai.domain.flow import Lane
from meterai.domain.payments import Notice
from meterai.messages import (
    ChargeIsUnclear,
    ExecuteRefund,
    NoticeArrived,
    OrderIsDue,
    PaymentsMessage,
    PreserveStamp,
    StampDocument,
)
from tests.contract.goods import ACCOUNT, a_refund, a_stamping, an_order
from tests.contract.places import AwsPlace, Clients, Place
from tests.contract.places import Lane as Name

STAMPING: dict[Lane, Name] = {
    Lane.URGENT: "urgent",
    Lane.STAMPING: "stamping",
    Lane.BULK: "bulk",
}


def test_each_message_lies_in_its_lane(place: Place) -> None:
    order = an_order()
    stamping = [one.serial for one in a_stamping(order, 0, 1)]
    refund = a_refund(order).refund_id
    body = '{"order_id":"ord-1","transaction_status":"settlement"}'
    place.lanes.notice("midtrans", body)
    place.lanes.look_at_order(order.order_id, ACCOUNT)
    about = Notice(order.charge_id, "tx-1")
    place.lanes.look_at_charge("midtrans", about, ACCOUNT)
    place.lanes.stamp(stamping, ACCOUNT)
    place.lanes.refund(refund, ACCOUNT)
    place.lanes.preserve(stamping[0], ACCOUNT)

    of_payments: TypeAdapter[PaymentsMessage] = TypeAdapter(PaymentsMessage)
    payments = [of_payments.validate_json(one) for one in place.bodies("payments")]
    assert sorted(payments, key=lambda message: message.what) == [
        ChargeIsUnclear(gateway="midtrans", charge_id=order.charge_id, transaction_id="tx-1"),
        NoticeArrived(gateway="midtrans", body=body),
        OrderIsDue(order_id=order.order_id),
    ]
    (stamp,) = place.bodies("stamping")
    assert StampDocument.model_validate_json(stamp) == StampDocument(serials=tuple(stamping))
    (refunds,) = place.bodies("refunds")
    assert ExecuteRefund.model_validate_json(refunds) == ExecuteRefund(refund_id=refund)
    (preserve,) = place.bodies("preservation")
    assert PreserveStamp.model_validate_json(preserve) == PreserveStamp(serial=stamping[0])


@pytest.mark.parametrize("lane", STAMPING)
def test_a_lane_is_at_rest_when_nothing_waits_in_it(place: Place, lane: Lane) -> None:
    order, name = an_order(), STAMPING[lane]
    assert place.lanes.is_at_rest(lane)
    place.lanes.look_at_order(order.order_id, ACCOUNT)
    assert place.lanes.is_at_rest(lane)
    place.lanes.stamp([one.serial for one in a_stamping(order, 0)], ACCOUNT, lane)
    assert not place.lanes.is_at_rest(lane)
    assert [other for other in STAMPING if not place.lanes.is_at_rest(other)] == [lane]
    place.bodies(name)
    assert place.lanes.is_at_rest(lane)


def test_a_stamping_lies_in_the_lane_that_was_chosen(place: Place) -> None:
    serials = tuple(one.serial for one in a_stamping(an_order(), 0, 1))
    for lane, name in STAMPING.items():
        place.lanes.stamp(serials, ACCOUNT, lane)
        (body,) = place.bodies(name)
        expected = StampDocument(serials=serials, bulk=lane is Lane.BULK)
        assert StampDocument.model_validate_json(body) == expected


def test_a_message_that_a_worker_holds_comes_again_when_the_worker_says(moto: Clients) -> None:
    place = AwsPlace(moto)
    place.lanes.stamp([one.serial for one in a_stamping(an_order(), 0)], ACCOUNT)
    (held,) = moto.sqs.receive_message(QueueUrl=place.queues["stamping"], VisibilityTimeout=360)[
        "Messages"
    ]
    assert place.bodies("stamping") == []
    place.lanes.come_again(held["ReceiptHandle"], timedelta(0), Lane.STAMPING)
    assert place.bodies("stamping") == [held["Body"]]
