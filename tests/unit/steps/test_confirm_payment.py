"""Payment: the gateway's own word decides, and is written once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.clocks import AFTER_EXPIRY
from meterai.domain.errors import NoticeRefused
from meterai.domain.identity import ChargeId, charge_id
from meterai.domain.orders import Order, OrderState
from meterai.domain.payments import ChargeState, Payment
from meterai.domain.stampings import SerialState, VoidReason
from meterai.messages import NoticeArrived, OrderIsDue, StampDocument
from meterai.steps.confirm_payment import UNKNOWN_MEANS_NEVER_MADE
from tests.unit.steps.office import BUYER, EXPIRES_IN, PRICE_IDR, Office
from tests.unit.steps.postman import Postman
from tests.unit.steps.snapshots import near_deadline


def standing(office: Office, order: Order) -> Order:
    return office.world.orders[order.order_id]


def test_a_forged_notice_is_not_queued(office: Office) -> None:
    with pytest.raises(NoticeRefused):
        office.notice("forged")
    assert not office.world.payments_lane


def test_money_that_settled_pays_the_order_and_is_a_fact(office: Office, postman: Postman) -> None:
    order = office.buy()
    office.world.pass_time(timedelta(minutes=1))
    office.settle(order)
    postman.deliver()
    payment_id = f"midtrans#tx-{order.charge_id}"
    assert standing(office, order) == replace(
        order,
        state=OrderState.PAID,
        clock=None,
        instruction=None,
        payment_id=payment_id,
        paid_at=office.world.now,
        payment_known_at=office.world.now,
    )
    assert list(office.world.payments.values()) == [
        Payment(
            payment_id=payment_id,
            gateway="midtrans",
            charge_id=order.charge_id,
            order_id=order.order_id,
            account=BUYER,
            amount_idr=2 * PRICE_IDR,
            settled_at=office.world.now,
            known_at=office.world.now,
        )
    ]
    assert office.world.refunds == {}


def test_a_notice_that_comes_thrice_is_one_payment(office: Office, postman: Postman) -> None:
    order = office.buy()
    office.settle(order)
    postman.deliver()
    paid = standing(office, order)
    for _ in range(2):
        office.notice(order.charge_id)
        postman.deliver()
    assert standing(office, order) == paid
    assert len(office.world.payments) == 1
    assert office.world.refunds == {}


def test_a_notice_is_not_believed_but_the_gateway_is(office: Office, postman: Postman) -> None:
    order = office.buy()
    office.notice(order.charge_id)
    office.notice(charge_id(order.order_id, 99))
    office.notice("ord_OF_SOMEBODY_ELSE")
    postman.deliver()
    assert standing(office, order) == order
    assert office.world.payments == {}


def test_a_stamping_that_was_asked_for_before_is_sent_off_by_the_payment(
    office: Office, postman: Postman
) -> None:
    order = office.buy(quantity=3)
    office.upload(b"%PDF-another")
    one = office.request(order.order_id, "one", count=2)
    other = office.request(order.order_id, "other", b"%PDF-another")
    office.settle(order)
    office.act_on(office.world.payments_lane.popleft().message)
    assert [letter.message for letter in office.world.stamping_lane] == [
        StampDocument(serials=one.serials),
        StampDocument(serials=other.serials),
    ]
    postman.deliver()
    assert {one.state for one in office.world.serials.values()} == {SerialState.STAMPED}


@pytest.mark.parametrize("portal", ["sscasn", "another"])
def test_while_a_deadline_is_near_each_stamping_goes_by_the_lane_for_its_portal(
    office: Office, portal: str
) -> None:
    office.portals = ("sscasn", "another")
    order = office.buy(quantity=3)
    one = office.request(order.order_id, "one", portal="sscasn")
    office.request(order.order_id, "other", again=True)
    bulk = office.request(order.order_id, "bulk", again=True, bulk=True)
    office.settle(order)
    office.snapshot = near_deadline(office.world.now, portal)
    office.act_on(office.world.payments_lane.popleft().message)
    urgent = [StampDocument(serials=one.serials)] if portal == "sscasn" else []
    assert [letter.message for letter in office.world.urgent_lane] == urgent
    assert len(office.world.stamping_lane) == 2 - len(urgent)
    assert [letter.message for letter in office.world.bulk_lane] == [
        StampDocument(serials=bulk.serials, bulk=True)
    ]


def test_in_calm_weather_a_payment_reads_no_emeterai_and_knows_what_is_bulk(
    office: Office,
) -> None:
    order = office.buy(quantity=2)
    office.request(order.order_id)
    bulk = office.request(order.order_id, "bulk", again=True, bulk=True)
    office.settle(order)
    calls: list[str] = []
    office.world.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    office.act_on(office.world.payments_lane.popleft().message)
    assert "Lanes.stamp" in calls
    assert not [call for call in calls if call.startswith("Serials.")]
    assert [letter.message for letter in office.world.bulk_lane] == [
        StampDocument(serials=bulk.serials, bulk=True)
    ]
    assert len(office.world.stamping_lane) == 1


def test_a_lost_notice_is_found_by_the_orders_clock(office: Office, postman: Postman) -> None:
    order = office.buy()
    office.ports.gateway.settle(order.charge_id)
    postman.until_quiet()
    assert standing(office, order).state is OrderState.PAID


@pytest.mark.parametrize("state", [ChargeState.PENDING, None])
def test_an_order_expires_only_on_the_gateways_word(
    office: Office, state: ChargeState | None
) -> None:
    order = office.buy()
    office.request(order.order_id)
    charge = office.world.charges[order.charge_id]
    charge.expires_at += timedelta(days=3)
    office.world.pass_time(EXPIRES_IN + AFTER_EXPIRY - timedelta(microseconds=1))
    office.act_on(OrderIsDue(order_id=order.order_id))
    assert charge.state is ChargeState.PENDING, "not told to close before the time"
    if state is None:
        office.world.charges.clear()
    office.world.pass_time(timedelta(microseconds=1))
    office.act_on(OrderIsDue(order_id=order.order_id))
    expired = state is ChargeState.PENDING  # the gateway closed it when told
    assert standing(office, order).state is (OrderState.EXPIRED if expired else OrderState.PENDING)
    office.world.pass_time(UNKNOWN_MEANS_NEVER_MADE)
    office.act_on(OrderIsDue(order_id=order.order_id))
    assert standing(office, order) == replace(
        order, state=OrderState.EXPIRED, clock=None, instruction=None
    )
    [voided] = office.world.serials.values()
    assert (voided.state, voided.void_reason) == (SerialState.VOID, VoidReason.ORDER_EXPIRED)


def test_money_that_settled_in_time_is_served_however_late_we_learn_of_it(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    first = office.request(order.order_id)
    office.ports.gateway.settle(order.charge_id, at=order.expires_at)
    office.world.pass_time(timedelta(hours=5))
    postman.until_quiet()
    assert standing(office, order).state is OrderState.PAID
    assert office.world.serials[first.serial].state is SerialState.STAMPED


def test_a_charge_name_that_is_no_attempt_of_ours_is_an_order_we_do_not_know(
    office: Office,
) -> None:
    office.act_on(NoticeArrived(gateway="midtrans", body=ChargeId("ord_test")))
    assert office.world.payments == {}
