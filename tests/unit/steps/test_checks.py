"""Checks by timer that find nothing, only a part, or everything at once."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from meterai.domain.errors import OrderPaid
from meterai.domain.id_derivation import (
    ChargeId,
    IdDeriver,
    OrderId,
    RefundId,
    RequestIdentity,
    charge_id,
)
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import ChargeState, ChargeStatus
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.domain.timers import AFTER_EXPIRY, UNREACHED_AFTER
from meterai.messages import AugmentStamp, CheckOrder, ExecuteRefund, StampDocument
from meterai.steps.confirm_payment import CLOSED_ANYWAY_AFTER, check_order
from meterai.steps.void_stamping import void_stamping
from tests.fakes.gateway import MemoryGateway
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.message_pump import MessagePump

NOBODYS = IdDeriver(b"another system").serial(RequestIdentity("stampings", "nobody", "key"), 0)


@pytest.fixture
def paid(app: InMemoryApp, pump: MessagePump) -> Order:
    order = app.buy(quantity=3)
    app.settle(order)
    pump.deliver()
    return app.state.orders[order.order_id]


def test_a_message_about_an_unknown_item_does_nothing(app: InMemoryApp) -> None:
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    app.act_on(CheckOrder(order_id=OrderId("ord_" + "A" * 26)))
    app.act_on(ExecuteRefund(refund_id=RefundId("rfd_" + "A" * 26)))
    app.act_on(AugmentStamp(serial=NOBODYS))
    app.act_on(StampDocument(serials=(NOBODYS,)))
    assert calls == ["Orders.get", "Refunds.get", "Serials.get", "Serials.claim"]


def test_a_stamping_that_does_not_exist_is_not_voided(app: InMemoryApp) -> None:
    assert not void_stamping(
        [NOBODYS],
        VoidReason.REFUND_REQUESTED,
        app.ports,
        app.now,
    )


@dataclass
class ScriptedGateway(MemoryGateway):
    """Reports the given state of each charge. With `obeys` it closes charges on request."""

    states: dict[ChargeId, ChargeState] = field(default_factory=dict)
    obeys: bool = False

    def status(self, charge: str) -> ChargeStatus | None:
        state = self.states.get(ChargeId(charge))
        if state is None:
            return None
        return ChargeStatus(charge, f"tx-{charge}", state, 24_000, "IDR", None, refunds=())

    def expire(self, charge_id: str) -> None:
        if self.obeys:
            self.states[ChargeId(charge_id)] = ChargeState.EXPIRED


def state_after_check(
    app: InMemoryApp, order: Order, states: dict[int, ChargeState], *, obeys: bool = False
) -> OrderState:
    """The order's state after a check; it has as many attempts as `states`."""
    app.state.orders[order.order_id] = replace(order, attempt=max(states, default=1))
    reported = {charge_id(order.order_id, attempt): state for attempt, state in states.items()}
    gateway = ScriptedGateway(app.state, states=reported, obeys=obeys)
    ports = replace(app.ports, gateways={gateway.name: gateway})
    check_order(order.order_id, ports, app.now)
    return app.state.orders[order.order_id].state


PENDING, EXPIRED = ChargeState.PENDING, ChargeState.EXPIRED


def test_a_charge_that_the_gateway_closes_on_request_is_closed_in_one_check(
    app: InMemoryApp,
) -> None:
    order = app.buy()
    app.state.now = order.expires_at + AFTER_EXPIRY
    assert state_after_check(app, order, {1: PENDING, 2: PENDING}, obeys=True) is OrderState.EXPIRED


@pytest.mark.parametrize(
    ("states", "closed"),
    [
        ({1: EXPIRED}, True),
        ({1: PENDING}, False),
        ({1: EXPIRED, 2: PENDING}, False),
        ({1: PENDING, 2: EXPIRED}, False),
        ({2: EXPIRED}, False),
        ({1: EXPIRED, 2: EXPIRED}, True),
    ],
)
def test_an_order_stays_open_while_any_attempt_may_still_be_paid(
    app: InMemoryApp, states: dict[int, ChargeState], *, closed: bool
) -> None:
    order = app.buy()
    app.state.now = order.expires_at + AFTER_EXPIRY
    state = state_after_check(app, order, states)
    assert state is (OrderState.EXPIRED if closed else OrderState.PENDING)


@pytest.mark.parametrize(
    ("states", "short", "closed"),
    [
        ({}, timedelta(0), True),
        ({}, timedelta(microseconds=1), False),
        ({2: EXPIRED}, timedelta(0), True),
        ({1: PENDING}, timedelta(0), True),
        ({1: PENDING}, timedelta(microseconds=1), False),
        ({1: PENDING, 3: EXPIRED}, timedelta(0), True),
    ],
)
def test_a_day_after_its_expiry_an_order_closes_whatever_the_gateway_still_says(
    app: InMemoryApp, states: dict[int, ChargeState], short: timedelta, *, closed: bool
) -> None:
    order = app.buy()
    app.state.now = order.expires_at + CLOSED_ANYWAY_AFTER - short
    state = state_after_check(app, order, states)
    assert state is (OrderState.EXPIRED if closed else OrderState.PENDING)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (OrderState.EXPIRED, VoidReason.ORDER_EXPIRED),
        (OrderState.REVERSED, VoidReason.ORDER_REVERSED),
    ],
)
def test_a_serial_that_a_closing_worker_left_reserved_is_voided_by_its_timer(
    app: InMemoryApp, paid: Order, state: OrderState, reason: VoidReason
) -> None:
    first = app.request(paid.order_id, count=2)
    stored = app.state.orders[paid.order_id]
    app.state.orders[paid.order_id] = replace(stored, state=state)
    assert first.timer is not None
    app.state.now = first.timer.next_check_at
    app.sweep()
    assert [
        (app.state.serials[one].state, app.state.serials[one].void_reason) for one in first.serials
    ] == [(SerialState.VOID, reason)] * 2
    assert app.state.orders[paid.order_id].slots == {}


def test_after_its_time_in_the_lane_it_is_sent_again_from_that_very_moment(
    app: InMemoryApp, paid: Order
) -> None:
    first = app.request(paid.order_id)
    app.state.now = first.requested_at + UNREACHED_AFTER
    app.sweep()
    assert len(app.state.stamping_lane) == 2, "the lane is not idle"


def test_a_retry_of_a_paid_purchase_creates_no_charge(app: InMemoryApp, paid: Order) -> None:
    """Its instruction was deleted at payment; that is no reason for a new one."""
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    assert app.buy(quantity=3) == paid
    assert calls == ["Orders.of_account", "Orders.put_new"]


def test_cancelling_a_paid_order_is_refused_with_its_id_and_writes_nothing(
    app: InMemoryApp, paid: Order
) -> None:
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    with pytest.raises(OrderPaid) as refused:
        app.cancel(paid.order_id)
    assert refused.value.values == {"order_id": paid.order_id}
    assert calls == ["Orders.get"]
