"""Payments: the gateway's status decides, and is recorded once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import WebhookRefused
from meterai.domain.id_derivation import ChargeId, charge_id
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import ChargeState, Payment
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.domain.timers import AFTER_EXPIRY
from meterai.messages import CheckOrder, StampDocument, WebhookReceived
from meterai.steps.confirm_payment import CLOSED_ANYWAY_AFTER
from tests.fakes.ports import EXPIRES_IN, PRICE_IDR
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump
from tests.unit.steps.snapshots import near_deadline


def stored(app: InMemoryApp, order: Order) -> Order:
    return app.state.orders[order.order_id]


def test_a_forged_webhook_is_not_queued(app: InMemoryApp) -> None:
    with pytest.raises(WebhookRefused):
        app.webhook("forged")
    assert not app.state.payments_lane


def test_a_settled_payment_pays_the_order_and_is_recorded(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.state.pass_time(timedelta(minutes=1))
    app.settle(order)
    pump.deliver()
    payment_id = f"midtrans#tx-{order.charge_id}"
    assert stored(app, order) == replace(
        order,
        state=OrderState.PAID,
        timer=None,
        instruction=None,
        payment_id=payment_id,
        paid_at=app.state.now,
        payment_known_at=app.state.now,
    )
    assert list(app.state.payments.values()) == [
        Payment(
            payment_id=payment_id,
            gateway="midtrans",
            charge_id=order.charge_id,
            order_id=order.order_id,
            account=BUYER,
            amount_idr=2 * PRICE_IDR,
            settled_at=app.state.now,
            known_at=app.state.now,
        )
    ]
    assert app.state.refunds == {}


def test_a_webhook_delivered_three_times_is_one_payment(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.settle(order)
    pump.deliver()
    paid = stored(app, order)
    for _ in range(2):
        app.webhook(order.charge_id)
        pump.deliver()
    assert stored(app, order) == paid
    assert len(app.state.payments) == 1
    assert app.state.refunds == {}


def test_the_gateways_status_counts_and_not_the_webhook(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.webhook(order.charge_id)
    app.webhook(charge_id(order.order_id, 99))
    app.webhook("ord_OF_SOMEBODY_ELSE")
    pump.deliver()
    assert stored(app, order) == order
    assert app.state.payments == {}


def test_a_stamping_requested_before_the_payment_is_sent_by_it(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy(quantity=3)
    app.upload(b"%PDF-another")
    one = app.request(order.order_id, "one", count=2)
    other = app.request(order.order_id, "other", b"%PDF-another")
    app.settle(order)
    app.act_on(app.state.payments_lane.popleft().message)
    assert [letter.message for letter in app.state.stamping_lane] == [
        StampDocument(serials=one.serials),
        StampDocument(serials=other.serials),
    ]
    assert app.ports.demand_reporter.asked == [(3, order.created_at, False)]
    pump.deliver()
    assert {one.state for one in app.state.serials.values()} == {SerialState.STAMPED}


@pytest.mark.parametrize("portal", ["sscasn", "another"])
def test_while_a_deadline_is_near_each_stamping_goes_to_the_lane_for_its_portal(
    app: InMemoryApp, portal: str
) -> None:
    app.ports.portals = ("sscasn", "another")
    order = app.buy(quantity=3)
    one = app.request(order.order_id, "one", portal="sscasn")
    app.request(order.order_id, "other", allow_duplicate=True)
    bulk = app.request(order.order_id, "bulk", allow_duplicate=True, bulk=True)
    app.settle(order)
    app.state.snapshot = near_deadline(app.state.now, portal)
    app.act_on(app.state.payments_lane.popleft().message)
    urgent = [StampDocument(serials=one.serials)] if portal == "sscasn" else []
    assert [letter.message for letter in app.state.urgent_lane] == urgent
    assert len(app.state.stamping_lane) == 2 - len(urgent)
    assert [letter.message for letter in app.state.bulk_lane] == [
        StampDocument(serials=bulk.serials, bulk=True)
    ]


def test_without_load_a_payment_reads_no_emeterai_and_keeps_bulk_apart(
    app: InMemoryApp,
) -> None:
    order = app.buy(quantity=2)
    app.request(order.order_id)
    bulk = app.request(order.order_id, "bulk", allow_duplicate=True, bulk=True)
    app.settle(order)
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    app.act_on(app.state.payments_lane.popleft().message)
    assert "Lanes.stamp" in calls
    assert not [call for call in calls if call.startswith("Serials.")]
    assert [letter.message for letter in app.state.bulk_lane] == [
        StampDocument(serials=bulk.serials, bulk=True)
    ]
    assert len(app.state.stamping_lane) == 1
    assert app.ports.demand_reporter.asked == [(1, order.created_at, False)], "without bulk"


def test_a_lost_webhook_is_replaced_by_the_orders_timer(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.ports.gateway.settle(order.charge_id)
    pump.until_idle()
    assert stored(app, order).state is OrderState.PAID


@pytest.mark.parametrize("state", [ChargeState.PENDING, None])
def test_an_order_expires_only_on_the_gateways_report(
    app: InMemoryApp, state: ChargeState | None
) -> None:
    order = app.buy()
    app.request(order.order_id)
    charge = app.state.charges[order.charge_id]
    charge.expires_at += timedelta(days=3)
    app.state.pass_time(EXPIRES_IN + AFTER_EXPIRY - timedelta(microseconds=1))
    app.act_on(CheckOrder(order_id=order.order_id))
    assert charge.state is ChargeState.PENDING, "not asked to close before the time"
    if state is None:
        app.state.charges.clear()
    app.state.pass_time(timedelta(microseconds=1))
    app.act_on(CheckOrder(order_id=order.order_id))
    expired = state is ChargeState.PENDING  # the gateway closed it on request
    assert stored(app, order).state is (OrderState.EXPIRED if expired else OrderState.PENDING)
    app.state.pass_time(CLOSED_ANYWAY_AFTER)
    app.act_on(CheckOrder(order_id=order.order_id))
    [voided] = app.state.serials.values()
    assert stored(app, order) == replace(
        order,
        state=OrderState.EXPIRED,
        timer=None,
        instruction=None,
        voided={0: voided.serial},
    )
    assert (voided.state, voided.void_reason) == (SerialState.VOID, VoidReason.ORDER_EXPIRED)


def test_money_that_settled_in_time_pays_however_late_we_learn_of_it(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    first = app.request(order.order_id)
    app.ports.gateway.settle(order.charge_id, at=order.expires_at)
    app.state.pass_time(timedelta(hours=5))
    pump.until_idle()
    assert stored(app, order).state is OrderState.PAID
    assert app.state.serials[first.serial].state is SerialState.STAMPED


def test_a_charge_name_that_is_no_attempt_of_ours_is_of_an_unknown_order(
    app: InMemoryApp,
) -> None:
    app.act_on(WebhookReceived(gateway="midtrans", body=ChargeId("ord_test")))
    assert app.state.payments == {}
