"""Payments that buy nothing are refunded automatically; a bank's reversal blocks what is left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import charge_id
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import ChargeState, Method, RefundStatus
from meterai.domain.refunds.refunds import Refund, RefundReason, RefundState
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.domain.timers import RESEND_AFTER, Timer
from meterai.messages import ExecuteRefund, WebhookReceived
from tests.fakes.charges import Charge
from tests.fakes.in_memory_state import fails
from tests.fakes.ports import EXPIRES_IN, PRICE_IDR, REFUND_PROMISE
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump


def stored(app: InMemoryApp, order: Order) -> Order:
    return app.state.orders[order.order_id]


def the_refund(app: InMemoryApp) -> Refund:
    [refund] = app.state.refunds.values()
    return refund


def second_charge(app: InMemoryApp, order: Order) -> Charge:
    """The order's second attempt beside the first, as after a lost response."""
    name = charge_id(order.order_id, 2)
    charge = replace(app.state.charges[order.charge_id], charge_id=name, refunds={})
    charge.transaction_id = f"tx-{name}"
    app.state.charges[name] = charge
    app.state.orders[order.order_id] = replace(stored(app, order), attempt=2)
    return charge


@pytest.mark.parametrize("after", [timedelta(microseconds=1), timedelta(days=2)])
def test_a_late_payment_is_refunded_automatically(
    app: InMemoryApp, pump: MessagePump, after: timedelta
) -> None:
    order = app.buy()
    app.state.pass_time(EXPIRES_IN + after)
    app.settle(order)
    asked_at = app.state.now
    app.act_on(app.state.payments_lane.popleft().message)
    assert the_refund(app) == Refund(
        refund_id=the_refund(app).refund_id,
        account=BUYER,
        order_id=order.order_id,
        payment_id=f"midtrans#tx-{order.charge_id}",
        charge_id=order.charge_id,
        amount_idr=2 * PRICE_IDR,
        slots=(),
        reason=RefundReason.LATE_PAYMENT,
        state=RefundState.DUE,
        body_hash="",
        created_at=asked_at,
        timer=Timer(asked_at + RESEND_AFTER, asked_at + REFUND_PROMISE),
    )
    pump.until_idle()
    assert the_refund(app).state is RefundState.CONFIRMED
    assert stored(app, order).state is OrderState.EXPIRED
    assert app.ledger().differences == ()


def test_of_two_payments_the_first_known_pays_and_the_other_is_returned(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    second = second_charge(app, order)
    app.ports.gateway.settle(second.charge_id)
    app.webhook(second.charge_id)
    app.settle(order)
    pump.until_idle()
    assert stored(app, order).payment_id == f"midtrans#{second.transaction_id}"
    refund = the_refund(app)
    assert (refund.charge_id, refund.reason) == (order.charge_id, RefundReason.DUPLICATE_PAYMENT)
    assert refund.state is RefundState.CONFIRMED
    assert app.ledger().differences == ()


@pytest.mark.parametrize("asked_first", ["first", "second"])
def test_of_two_payments_of_one_charge_settled_before_the_check_the_second_is_returned(
    app: InMemoryApp, pump: MessagePump, asked_first: str
) -> None:
    order = app.buy()
    first = app.ports.gateway.settle(order.charge_id)
    second = app.ports.gateway.settle_again(order.charge_id)
    payments = [first, second] if asked_first == "first" else [second, first]
    for payment in payments:
        app.webhook(f"{order.charge_id} {payment.transaction_id}")
    pump.until_idle()
    pays, goes_back = (f"midtrans#{payment.transaction_id}" for payment in payments)
    assert stored(app, order).payment_id == pays
    refund = the_refund(app)
    assert (refund.payment_id, refund.reason) == (goes_back, RefundReason.DUPLICATE_PAYMENT)
    assert refund.state is RefundState.CONFIRMED
    assert [len(payment.refunds) for payment in payments] == [0, 1]
    assert app.ledger().differences == ()


@pytest.mark.parametrize("claimed", ["tx-unknown", "of another charge"])
def test_a_transaction_that_is_not_of_this_charge_is_not_requested(
    app: InMemoryApp, pump: MessagePump, claimed: str
) -> None:
    """A gateway may sign the charge and not the transaction: the charge's own status counts."""
    order, another = app.buy(), app.buy("another")
    if claimed == "of another charge":
        claimed = app.ports.gateway.settle(another.charge_id).transaction_id
    app.ports.gateway.settle(order.charge_id)
    app.webhook(f"{order.charge_id} {claimed}")
    pump.deliver()
    assert stored(app, order).payment_id == f"midtrans#tx-{order.charge_id}"
    assert stored(app, another).state is OrderState.PENDING


def test_a_fraction_of_a_rupiah_pays_for_nothing(app: InMemoryApp, pump: MessagePump) -> None:
    order = app.buy()
    app.state.charges[order.charge_id].has_fraction = True
    app.settle(order)
    pump.until_idle()
    refund = the_refund(app)
    assert (refund.amount_idr, refund.reason) == (order.amount_idr, RefundReason.AMOUNT_MISMATCH)


@pytest.mark.parametrize("amount_idr", [0, -1, -2 * PRICE_IDR])
def test_a_payment_of_nothing_is_no_payment_and_its_order_expires(
    app: InMemoryApp, pump: MessagePump, amount_idr: int
) -> None:
    order = app.buy()
    app.state.charges[order.charge_id].amount_idr = amount_idr
    app.settle(order)
    pump.until_idle()
    assert stored(app, order).state is OrderState.EXPIRED
    assert (app.state.payments, app.state.refunds) == ({}, {})
    assert pump.dead == []


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize(("amount_idr", "currency"), [(1, "IDR"), (2 * PRICE_IDR, "USD")])
def test_a_wrong_amount_is_returned_and_the_order_still_expires(
    app: InMemoryApp, pump: MessagePump, method: Method, amount_idr: int, currency: str
) -> None:
    order = app.buy(method=method)
    charge = app.state.charges[order.charge_id]
    charge.amount_idr, charge.currency = amount_idr, currency
    app.settle(order)
    pump.until_idle()
    refund = the_refund(app)
    assert (refund.amount_idr, refund.reason) == (amount_idr, RefundReason.AMOUNT_MISMATCH)
    assert stored(app, order).state is OrderState.EXPIRED


def test_an_unreadable_amount_changes_nothing(app: InMemoryApp) -> None:
    order = app.buy()
    app.state.charges[order.charge_id].amount_idr = None
    app.settle(order)
    with pytest.raises(Unavailable):
        app.act_on(WebhookReceived(gateway="midtrans", body=order.charge_id))
    assert app.state.payments == {}


def test_a_reversal_blocks_unused_emeterai_and_leaves_stamped_ones(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy(quantity=3)
    first = app.request(order.order_id)
    app.settle(order)
    pump.deliver()
    waiting = app.request(order.order_id, "another", allow_duplicate=True)
    app.state.stamping_lane.clear()
    app.state.charges[order.charge_id].state = ChargeState.REVERSED
    app.webhook(order.charge_id)
    pump.until_idle()
    assert stored(app, order).state is OrderState.REVERSED
    assert app.state.serials[first.serial].state is SerialState.STAMPED
    assert app.state.serials[waiting.serial].void_reason is VoidReason.ORDER_REVERSED
    ledger = app.ledger()
    assert (ledger.orders[0].stamped, ledger.orders[0].blocked) == (1, 2)
    assert ledger.differences == ()


def test_a_reversal_of_a_payment_that_paid_nothing_leaves_the_order_alone(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    second = second_charge(app, order)
    app.settle(order)
    pump.deliver()
    second.state = ChargeState.REVERSED
    app.webhook(second.charge_id)
    pump.deliver()
    assert stored(app, order).state is OrderState.PAID


def test_a_recorded_payment_that_bought_nothing_and_was_reversed_is_accounted_for(
    app: InMemoryApp, pump: MessagePump
) -> None:
    """Its worker ended between the payment and the order, which another charge has paid since."""
    order = app.buy()
    second = second_charge(app, order)

    def end_before_the_order_is_paid(moment: str, call: str) -> None:
        if (moment, call) == ("before", "Orders.mark_paid"):
            app.break_down()

    app.ports.gateway.settle(second.charge_id)
    app.state.hook = end_before_the_order_is_paid
    with pytest.raises(Unavailable):
        app.act_on(WebhookReceived(gateway="midtrans", body=second.charge_id))
    app.state.hook = lambda *_: None
    app.settle(order)
    pump.deliver()
    second.state = ChargeState.REVERSED
    app.webhook(second.charge_id)
    pump.until_idle()
    [refund] = app.state.refunds.values()
    assert (refund.reason, refund.state) == (
        RefundReason.DUPLICATE_PAYMENT,
        RefundState.SUPERSEDED,
    )
    assert stored(app, order).state is OrderState.PAID
    assert app.ledger().differences == ()


def test_a_recorded_payment_of_an_order_that_closed_since_is_settled_by_its_reversal(
    app: InMemoryApp,
) -> None:
    order = app.buy()
    app.settle(order)
    [letter] = app.state.payments_lane
    app.state.hook = fails("Orders.mark_paid", Unavailable())
    with pytest.raises(Unavailable):
        app.act_on(letter.message)
    app.state.hook = lambda *_: None
    app.state.orders[order.order_id] = replace(order, state=OrderState.EXPIRED, timer=None)
    app.state.charges[order.charge_id].state = ChargeState.REVERSED
    app.act_on(letter.message)
    assert the_refund(app).reason is RefundReason.LATE_PAYMENT


def test_an_order_whose_only_payment_was_reversed_unseen_expires(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.state.charges[order.charge_id].state = ChargeState.REVERSED
    pump.until_idle()
    assert stored(app, order).state is OrderState.EXPIRED


def test_a_payment_first_reported_after_its_reversal_sends_no_stamping(app: InMemoryApp) -> None:
    order = app.buy()
    app.request(order.order_id)
    app.settle(order)
    app.act_on(WebhookReceived(gateway="midtrans", body=order.charge_id))
    app.state.stamping_lane.clear()
    reversed_order = replace(stored(app, order), state=OrderState.REVERSED)
    app.state.orders[order.order_id] = reversed_order
    app.act_on(WebhookReceived(gateway="midtrans", body=order.charge_id))
    assert stored(app, order) == reversed_order
    assert not app.state.stamping_lane


def test_a_webhook_of_a_refund_checks_our_own_refunds_only(app: InMemoryApp) -> None:
    order = app.buy()
    app.settle(order)
    app.state.payments_lane.clear()
    ours = app.ports.id_deriver.automatic_refund_id("x")
    charge = app.state.charges[order.charge_id]
    charge.state = ChargeState.REFUNDED
    for key in (f"{ours}-1", "by hand", "by-hand-1", ""):
        charge.refunds[key] = RefundStatus(key, 1, final=True)
    app.act_on(WebhookReceived(gateway="midtrans", body=order.charge_id))
    assert [letter.message for letter in app.state.refunds_lane] == [ExecuteRefund(refund_id=ours)]
