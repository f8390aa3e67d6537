"""Lanes: each message in its own queue, as its model says."""

from pydantic import TypeAdapter

from meterai.messages import (
    ExecuteRefund,
    NoticeArrived,
    OrderIsDue,
    PaymentsMessage,
    PreserveStamp,
    StampDocument,
)
from tests.contract.goods import ACCOUNT, a_refund, a_stamping, an_order
from tests.contract.places import Place


def test_each_message_lies_in_its_lane(place: Place) -> None:
    order = an_order()
    stamping = [one.serial for one in a_stamping(order, 0, 1)]
    refund = a_refund(order).refund_id
    body = '{"order_id":"ord-1","transaction_status":"settlement"}'
    place.lanes.notice("midtrans", body)
    place.lanes.look_at_order(order.order_id, ACCOUNT)
    place.lanes.stamp(stamping, ACCOUNT)
    place.lanes.refund(refund, ACCOUNT)
    place.lanes.preserve(stamping[0], ACCOUNT)

    of_payments: TypeAdapter[NoticeArrived | OrderIsDue] = TypeAdapter(PaymentsMessage)
    payments = [of_payments.validate_json(one) for one in place.bodies("payments")]
    assert sorted(payments, key=lambda message: message.what) == [
        NoticeArrived(gateway="midtrans", body=body),
        OrderIsDue(order_id=order.order_id),
    ]
    (stamp,) = place.bodies("stamping")
    assert StampDocument.model_validate_json(stamp) == StampDocument(serials=tuple(stamping))
    (refunds,) = place.bodies("refunds")
    assert ExecuteRefund.model_validate_json(refunds) == ExecuteRefund(refund_id=refund)
    (preserve,) = place.bodies("preservation")
    assert PreserveStamp.model_validate_json(preserve) == PreserveStamp(serial=stamping[0])


def test_the_stamping_lane_is_at_rest_when_nothing_waits_in_it(place: Place) -> None:
    order = an_order()
    assert place.lanes.stamping_is_at_rest()
    place.lanes.look_at_order(order.order_id, ACCOUNT)
    assert place.lanes.stamping_is_at_rest()
    place.lanes.stamp([one.serial for one in a_stamping(order, 0)], ACCOUNT)
    assert not place.lanes.stamping_is_at_rest()
    place.bodies("stamping")
    assert place.lanes.stamping_is_at_rest()
