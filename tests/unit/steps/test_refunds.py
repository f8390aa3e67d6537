"""Refunds on request: unused e-meterai are refunded once, and those being stamped are not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from meterai.domain.errors import (
    KeyReused,
    NoBalance,
    NotFound,
    OrderNotPaid,
    StampingInProgress,
    Unavailable,
)
from meterai.domain.orders.orders import Order, Refunded
from meterai.domain.orders.payments import ChargeState, Method
from meterai.domain.refunds.refunds import Refund, RefundReason, RefundState
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.domain.timers import NEXT_ACCOUNT_CHECK, NEXT_REFUND_CHECK, RESEND_AFTER, Timer
from meterai.messages import ExecuteRefund
from tests.fakes.in_memory_state import Moment
from tests.fakes.ports import PAYOUT_PROMISE, PRICE_IDR, REFUND_PROMISE
from tests.unit.steps.in_memory_app import BUYER, LETTER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump

OTHER = LETTER + b", another"


@pytest.fixture
def paid(app: InMemoryApp, pump: MessagePump) -> Order:
    return pay(app, pump)


def pay(app: InMemoryApp, pump: MessagePump, method: Method = Method.QRIS) -> Order:
    order = app.buy(quantity=3, method=method)
    app.settle(order)
    pump.deliver()
    return app.state.orders[order.order_id]


def claim(app: InMemoryApp, key: str, document: bytes = LETTER) -> None:
    """A stamping that a worker holds at this moment."""
    [order] = app.state.orders.values()
    app.upload(document)
    first = app.request(order.order_id, key, document)
    app.state.stamping_lane.clear()
    now = app.state.now
    assert app.ports.serials.claim(first.serials, now, now + timedelta(minutes=2))


@pytest.mark.parametrize(
    ("method", "promise"),
    [(Method.QRIS, REFUND_PROMISE), (Method.VIRTUAL_ACCOUNT, PAYOUT_PROMISE)],
)
def test_what_must_go_to_an_account_is_promised_the_time_of_a_payout(
    app: InMemoryApp, pump: MessagePump, method: Method, promise: timedelta
) -> None:
    order = app.buy(method=method)
    app.settle(order)
    pump.deliver()
    requested = app.refund(order.order_id)
    app.ports.gateway.settle_again(order.charge_id)
    app.webhook(order.charge_id)
    pump.deliver()
    refunds = app.state.refunds.values()
    assert {refund.reason for refund in refunds} == {
        RefundReason.REQUESTED,
        RefundReason.DUPLICATE_PAYMENT,
    }
    assert requested.timer is not None
    assert requested.timer.deadline_at == app.state.now + promise
    for refund in refunds:
        assert refund.timer is not None
        assert refund.timer.deadline_at == app.state.now + promise


def test_free_emeterai_become_a_refund_that_is_due(app: InMemoryApp, paid: Order) -> None:
    refund = app.refund(paid.order_id, quantity=2)
    now = app.state.now
    assert refund == Refund(
        refund_id=refund.refund_id,
        account=BUYER,
        order_id=paid.order_id,
        payment_id=paid.payment_id or "",
        charge_id=paid.charge_id,
        amount_idr=2 * PRICE_IDR,
        slots=(0, 1),
        reason=RefundReason.REQUESTED,
        state=RefundState.DUE,
        body_hash=refund.body_hash,
        created_at=now,
        timer=Timer(now + RESEND_AFTER, now + REFUND_PROMISE),
    )
    assert app.state.refunds == {refund.refund_id: refund}
    assert app.state.orders[paid.order_id].slots == {
        0: Refunded(refund.refund_id),
        1: Refunded(refund.refund_id),
    }
    [letter] = app.state.refunds_lane
    assert letter.message == ExecuteRefund(refund_id=refund.refund_id)


def test_the_same_key_is_always_the_same_refund(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    first = app.refund(paid.order_id)
    pump.until_idle()
    app.state.pass_time(timedelta(days=400))
    again = app.refund(paid.order_id)
    assert (again.refund_id, again.state) == (first.refund_id, RefundState.CONFIRMED)
    assert list(app.state.refunds) == [first.refund_id]
    with pytest.raises(KeyReused):
        app.refund(paid.order_id, quantity=2)


def test_fifty_at_once_are_one_refund(app: InMemoryApp, paid: Order) -> None:
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: app.refund(paid.order_id), range(50)))
    assert set(answers) == set(app.state.refunds.values())
    assert len(app.state.refunds) == 1


def test_reserved_ones_are_voided_first_and_only_as_many_as_needed(
    app: InMemoryApp, paid: Order
) -> None:
    app.upload(OTHER)
    one = app.request(paid.order_id, "one")
    other = app.request(paid.order_id, "other", OTHER)
    refund = app.refund(paid.order_id, quantity=2)
    assert refund.slots == (0, 2)
    voided = app.state.serials[one.serial]
    assert (voided.state, voided.void_reason) == (SerialState.VOID, VoidReason.REFUND_REQUESTED)
    assert app.state.serials[other.serial] == other


def test_all_eight_are_refunded_at_once_also_from_eight_stampings(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy(quantity=8)
    app.settle(order)
    app.act_on(app.state.payments_lane.popleft().message)
    for n in range(8):
        app.request(order.order_id, f"stamp {n}", allow_duplicate=True)
    assert app.refund(order.order_id, quantity=8).slots == tuple(range(8))
    pump.deliver()
    assert app.state.signed == []


def test_a_refund_of_a_claimed_stamping_is_refused_as_in_stamping(
    app: InMemoryApp, paid: Order
) -> None:
    claim(app, "held")
    assert app.refund(paid.order_id, "two are free", quantity=2).slots == (1, 2)
    with pytest.raises(StampingInProgress) as refused:
        app.refund(paid.order_id)
    assert refused.value.values == {"order_id": paid.order_id}


def test_a_refused_refund_voids_nothing(app: InMemoryApp, pump: MessagePump, paid: Order) -> None:
    app.request(paid.order_id, "stamped")
    pump.deliver()
    app.upload(OTHER)
    waiting = app.request(paid.order_id, "waiting", OTHER)
    with pytest.raises(NoBalance) as refused:
        app.refund(paid.order_id, quantity=3)
    assert refused.value.values == {"order_id": paid.order_id, "available": 1, "wanted": 3}
    claim(app, "held", b"%PDF-a third")
    with pytest.raises(StampingInProgress):
        app.refund(paid.order_id, quantity=2)
    assert app.state.serials[waiting.serial] == waiting
    assert app.state.refunds == {}


def test_a_refund_of_an_unpaid_order_or_of_another_account_is_refused(
    app: InMemoryApp, paid: Order
) -> None:
    unpaid = app.buy("another order")
    with pytest.raises(OrderNotPaid) as refused:
        app.refund(unpaid.order_id)
    assert refused.value.values == {"order_id": unpaid.order_id, "state": "pending"}
    with pytest.raises(NotFound):
        app.refund(paid.order_id, by="somebody else")


def test_a_refund_is_confirmed_only_when_the_bank_says_so(app: InMemoryApp, paid: Order) -> None:
    refund = app.refund(paid.order_id)
    message = app.state.refunds_lane.popleft().message
    app.act_on(message)
    submitted = app.state.refunds[refund.refund_id]
    assert submitted.state is RefundState.SUBMITTED
    assert submitted.timer is not None
    assert submitted.timer.next_check_at == app.state.now + NEXT_REFUND_CHECK
    app.act_on(message)
    assert app.state.refunds[refund.refund_id] == submitted
    app.ports.gateway.confirm_refund(refund.charge_id, refund.gateway_key)
    app.act_on(message)
    confirmed = app.state.refunds[refund.refund_id]
    assert (confirmed.state, confirmed.timer) == (RefundState.CONFIRMED, None)
    assert confirmed.confirmed_at == app.state.now


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_refund_that_is_retried_has_the_same_key(
    app: InMemoryApp, pump: MessagePump, paid: Order, moment: Moment
) -> None:
    tries = []

    def hook(at: Moment, call: str) -> None:
        if (at, call) == (moment, "Gateway.refund"):
            tries.append(call)
            if len(tries) < 3:
                raise Unavailable(party="gateway")

    app.state.hook = hook
    refund = app.refund(paid.order_id)
    pump.until_idle()
    charge = app.state.charges[paid.charge_id]
    assert charge.state is ChargeState.REFUNDED
    assert list(charge.refunds) == [refund.gateway_key] == [f"{refund.refund_id}-1"]
    assert app.state.refunds[refund.refund_id].state is RefundState.CONFIRMED


def test_where_the_method_cannot_refund_it_waits_for_an_account_number(
    app: InMemoryApp, pump: MessagePump
) -> None:
    paid = pay(app, pump, Method.VIRTUAL_ACCOUNT)
    refund = app.refund(paid.order_id)
    pump.until_idle()
    waiting = app.state.refunds[refund.refund_id]
    assert waiting.state is RefundState.NEEDS_ACCOUNT
    assert waiting.timer is not None
    app.state.now = waiting.timer.next_check_at
    app.sweep()
    looked = app.state.refunds[refund.refund_id]
    assert looked.timer == Timer(app.state.now + NEXT_ACCOUNT_CHECK, waiting.timer.deadline_at)
    assert not app.state.refunds_lane, "the gateway is not called again"
