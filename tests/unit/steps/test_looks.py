"""Looks that find nothing, not yet everything, or all at once."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from meterai.domain.clocks import AFTER_EXPIRY, UNREACHED_AFTER
from meterai.domain.errors import OrderPaid
from meterai.domain.identity import ChargeId, Identities, Intention, OrderId, RefundId, charge_id
from meterai.domain.orders import Order, OrderState
from meterai.domain.payments import ChargeState, ChargeStatus
from meterai.domain.stampings import SerialState, VoidReason
from meterai.messages import ExecuteRefund, OrderIsDue, PreserveStamp, StampDocument
from meterai.steps.confirm_payment import UNKNOWN_MEANS_NEVER_MADE, look_at_order
from meterai.steps.void_stamping import void_stamping
from tests.fakes.gateway import MemoryGateway
from tests.unit.steps.office import Office
from tests.unit.steps.postman import Postman

NOBODYS = Identities(b"another office").serial(Intention("stampings", "nobody", "key"), 0)


@pytest.fixture
def paid(office: Office, postman: Postman) -> Order:
    order = office.buy(quantity=3)
    office.settle(order)
    postman.deliver()
    return office.world.orders[order.order_id]


def test_a_message_about_nothing_does_nothing(office: Office) -> None:
    calls: list[str] = []
    office.world.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    office.act_on(OrderIsDue(order_id=OrderId("ord_" + "A" * 26)))
    office.act_on(ExecuteRefund(refund_id=RefundId("rfd_" + "A" * 26)))
    office.act_on(PreserveStamp(serial=NOBODYS))
    office.act_on(StampDocument(serials=(NOBODYS,)))
    assert calls == ["Orders.get", "Refunds.get", "Serials.get", "Serials.claim"]


def test_what_is_not_there_is_not_voided(office: Office) -> None:
    assert not void_stamping(
        [NOBODYS],
        VoidReason.REFUND_REQUESTED,
        now=office.world.now,
        stock=office.ports.serials,
        documents=office.ports.documents,
    )


@dataclass
class Telling(MemoryGateway):
    """Says what it is made to say of each charge; one that `obeys` closes what it is told to."""

    says: dict[ChargeId, ChargeState] = field(default_factory=dict)
    obeys: bool = False

    def status(self, charge: str) -> ChargeStatus | None:
        state = self.says.get(ChargeId(charge))
        if state is None:
            return None
        return ChargeStatus(charge, f"tx-{charge}", state, 24_000, "IDR", None, refunds=())

    def expire(self, charge_id: str) -> None:
        if self.obeys:
            self.says[ChargeId(charge_id)] = ChargeState.EXPIRED


def looked_at(
    office: Office, order: Order, says: dict[int, ChargeState], *, obeys: bool = False
) -> OrderState:
    """The order, charged as often as the gateway is asked about, after a look."""
    office.world.orders[order.order_id] = replace(order, attempt=max(says, default=1))
    states = {charge_id(order.order_id, attempt): state for attempt, state in says.items()}
    gateway = Telling(office.world, says=states, obeys=obeys)
    look_at_order(order.order_id, replace(office.confirming, gateway=gateway))
    return office.world.orders[order.order_id].state


PENDING, EXPIRED = ChargeState.PENDING, ChargeState.EXPIRED


def test_what_the_gateway_closes_when_it_is_told_to_one_look_closes(office: Office) -> None:
    order = office.buy()
    office.world.now = order.expires_at + AFTER_EXPIRY
    assert looked_at(office, order, {1: PENDING, 2: PENDING}, obeys=True) is OrderState.EXPIRED


@pytest.mark.parametrize(
    ("says", "closed"),
    [
        ({1: EXPIRED}, True),
        ({1: PENDING}, False),
        ({1: EXPIRED, 2: PENDING}, False),
        ({1: PENDING, 2: EXPIRED}, False),
        ({2: EXPIRED}, False),
        ({1: EXPIRED, 2: EXPIRED}, True),
    ],
)
def test_an_order_stays_open_while_any_attempt_may_bring_money(
    office: Office, says: dict[int, ChargeState], *, closed: bool
) -> None:
    order = office.buy()
    office.world.now = order.expires_at + AFTER_EXPIRY
    state = looked_at(office, order, says)
    assert state is (OrderState.EXPIRED if closed else OrderState.PENDING)


@pytest.mark.parametrize(
    ("says", "short", "closed"),
    [
        ({}, timedelta(0), True),
        ({}, timedelta(microseconds=1), False),
        ({2: EXPIRED}, timedelta(0), True),
        ({2: PENDING}, timedelta(0), False),
        ({1: PENDING, 3: EXPIRED}, timedelta(0), False),
    ],
)
def test_a_charge_that_nobody_knows_a_day_after_was_never_made(
    office: Office, says: dict[int, ChargeState], short: timedelta, *, closed: bool
) -> None:
    order = office.buy()
    office.world.now = order.expires_at + UNKNOWN_MEANS_NEVER_MADE - short
    state = looked_at(office, order, says)
    assert state is (OrderState.EXPIRED if closed else OrderState.PENDING)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (OrderState.EXPIRED, VoidReason.ORDER_EXPIRED),
        (OrderState.REVERSED, VoidReason.ORDER_REVERSED),
    ],
)
def test_what_a_closing_worker_left_reserved_the_stampings_clock_voids(
    office: Office, paid: Order, state: OrderState, reason: VoidReason
) -> None:
    first = office.request(paid.order_id, count=2)
    standing = office.world.orders[paid.order_id]
    office.world.orders[paid.order_id] = replace(standing, state=state)
    assert first.clock is not None
    office.world.now = first.clock.due_at
    office.sweep()
    assert [
        (office.world.serials[one].state, office.world.serials[one].void_reason)
        for one in first.serials
    ] == [(SerialState.VOID, reason)] * 2
    assert office.world.orders[paid.order_id].slots == {}


def test_after_its_time_in_the_lane_it_is_sent_again_from_the_very_moment(
    office: Office, paid: Order
) -> None:
    first = office.request(paid.order_id)
    office.world.now = first.requested_at + UNREACHED_AFTER
    office.sweep()
    assert len(office.world.stamping_lane) == 2, "the lane is not at rest"


def test_a_retry_of_a_purchase_that_is_paid_asks_for_no_money(office: Office, paid: Order) -> None:
    """Its instruction is gone with the payment: that is no reason for another."""
    calls: list[str] = []
    office.world.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    assert office.buy(quantity=3) == paid
    assert calls == ["Orders.put_new"]


def test_to_cancel_what_is_paid_is_refused_with_its_name_and_writes_nothing(
    office: Office, paid: Order
) -> None:
    calls: list[str] = []
    office.world.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    with pytest.raises(OrderPaid) as refused:
        office.cancel(paid.order_id)
    assert refused.value.values == {"order_id": paid.order_id}
    assert calls == ["Orders.get"]
