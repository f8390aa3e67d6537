"""Portals' deadlines: a purchase that cannot be in time is refused, a stamping after the deadline
is refused, and one that came too late is refunded automatically."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meterai.domain.errors import (
    DeadlineOutOfRange,
    DeadlineOutOfReach,
    DeadlinePast,
    KeyReused,
    MeteraiError,
    NotFound,
    PortalUnknown,
    Unavailable,
)
from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import Method
from meterai.domain.refunds.refunds import RefundReason
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.domain.timers import AFTER_EXPIRY, RESEND_AFTER, Timer
from meterai.domain.waiting.deadlines import Deadline
from meterai.domain.waiting.load_snapshot import MAX_REFUSAL_AGE, LoadSnapshot
from meterai.steps.purchase import RequestedOrder, purchase
from meterai.steps.read_portal import read_portal
from meterai.steps.set_portal_deadline import set_portal_deadline
from tests.fakes.ports import PROMISE
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump
from tests.unit.steps.snapshots import calm

PORTAL = "sscasn"
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def deadline(app: InMemoryApp, ahead: timedelta, *, honours: bool = False) -> datetime:
    """Reports a deadline and puts it into the snapshot."""
    now = app.state.now
    app.state.snapshot = LoadSnapshot(
        now,
        calm(now).lanes,
        deadlines={PORTAL: now + ahead},
        honouring=frozenset({PORTAL} if honours else ()),
    )
    return now + ahead


def buy_for(app: InMemoryApp, portal: str = PORTAL, body_hash: str = "of 1") -> Order:
    requested = RequestedOrder(1, Method.QRIS, body_hash, portal=portal)
    identity = RequestIdentity("orders", BUYER, "for a portal")
    return purchase(identity, requested, app.ports, app.now)


def paid(app: InMemoryApp, pump: MessagePump) -> Order:
    order = app.buy(quantity=1)
    app.settle(order)
    pump.deliver()
    return order


@pytest.mark.parametrize(
    ("ahead", "refused"), [(MINUTE, DeadlineOutOfReach), (-MINUTE, DeadlinePast)]
)
def test_a_purchase_that_cannot_be_in_time_is_refused_before_any_payment(
    app: InMemoryApp, ahead: timedelta, refused: type[MeteraiError]
) -> None:
    deadline(app, ahead)
    with pytest.raises(refused):
        buy_for(app)
    assert not app.state.orders
    assert not app.state.charges


def test_a_purchase_that_can_be_in_time_is_sold(app: InMemoryApp) -> None:
    deadline(app, 20 * MINUTE)
    assert buy_for(app).instruction


def test_nothing_is_sold_for_an_unknown_portal(app: InMemoryApp) -> None:
    with pytest.raises(PortalUnknown) as refused:
        buy_for(app, "elsewhere")
    assert refused.value.values == {"portal": "elsewhere"}
    assert not app.state.orders


def test_a_retry_of_an_existing_order_is_served_whatever_the_deadline(app: InMemoryApp) -> None:
    deadline(app, 20 * MINUTE)
    order = buy_for(app)
    for ahead in (MINUTE, -MINUTE):
        deadline(app, ahead)
        assert buy_for(app) == order
    app.ports.portals = ()
    assert buy_for(app) == order
    with pytest.raises(KeyReused):
        buy_for(app, body_hash="of something else")


def test_a_purchase_that_is_in_time_makes_no_further_call(app: InMemoryApp) -> None:
    """The stored order is read only where the purchase would be refused."""
    deadline(app, 20 * MINUTE)
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    buy_for(app)
    assert calls == [
        "Orders.of_account",
        "Orders.put_new",
        "Gateway.charge",
        "Orders.store_instruction",
    ]


def test_after_the_deadline_nothing_is_stamped_for_it_and_the_emeterai_stay_unused(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = paid(app, pump)
    app.upload()
    deadline(app, timedelta(0), honours=True)
    with pytest.raises(DeadlinePast):
        app.request(order.order_id, portal=PORTAL)
    assert not app.state.serials
    assert app.request(order.order_id, "for myself").state is SerialState.RESERVED


def test_a_retry_of_an_existing_stamping_is_served_after_the_deadline(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = paid(app, pump)
    app.upload()
    deadline(app, 20 * MINUTE)
    first = app.request(order.order_id, portal=PORTAL)
    deadline(app, -MINUTE)
    assert app.request(order.order_id, portal=PORTAL) == first


def test_a_promise_ends_with_the_deadline_and_the_money_is_refunded_automatically(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = paid(app, pump)
    app.upload()
    over = deadline(app, 3 * MINUTE)
    first = app.request(order.order_id, portal=PORTAL)
    assert first.timer == Timer(over, over), "checked at that moment"
    assert first.lane_begins == first.requested_at
    pump.stamping_moves = False
    app.state.now = over
    pump.sweep()
    void = app.state.serials[first.serial]
    assert (void.state, void.void_reason) == (SerialState.VOID, VoidReason.NOT_EXECUTED)
    (refund,) = app.state.refunds.values()
    assert (refund.reason, refund.slots) == (RefundReason.NOT_EXECUTED, (0,))
    pump.stamping_moves = True
    pump.deliver()
    assert not app.state.signed
    assert app.ledger(BUYER).differences == ()


def test_a_worker_after_the_deadline_leaves_the_stamping_to_its_timer(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = paid(app, pump)
    app.upload()
    app.state.now += timedelta(seconds=1)
    over = deadline(app, 10 * MINUTE)
    first = app.request(order.order_id, portal=PORTAL)
    app.state.now = over
    pump.deliver()
    assert not app.state.signed
    assert app.state.serials[first.serial] == first
    pump.sweep()
    assert app.state.serials[first.serial].state is SerialState.VOID


def test_a_portal_that_honours_receipts_keeps_the_promise(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = paid(app, pump)
    app.upload()
    over = deadline(app, 3 * MINUTE, honours=True)
    first = app.request(order.order_id, portal=PORTAL)
    now = app.state.now
    assert first.timer == Timer(now + RESEND_AFTER, now + PROMISE)
    app.state.now = over + MINUTE
    pump.deliver()
    assert app.state.serials[first.serial].state is SerialState.STAMPED


def test_a_stamping_requested_before_its_payment_keeps_the_deadline_too(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy(quantity=1)
    app.upload()
    over = deadline(app, 10 * MINUTE)
    first = app.request(order.order_id, portal=PORTAL)
    assert first.timer == Timer(over, over)
    assert first.lane_begins is None, "it is in no lane yet, however near its promise"
    # Nobody pays until then. A payment after it is too late for the portal but in time for the
    # order.
    app.state.now = over
    app.sweep()
    assert app.state.serials[first.serial].state is SerialState.RESERVED
    app.settle(order)
    pump.until_idle()
    assert app.state.serials[first.serial].state is SerialState.VOID
    assert not app.state.signed
    (refund,) = app.state.refunds.values()
    assert refund.reason is RefundReason.NOT_EXECUTED
    assert app.ledger(BUYER).differences == ()


def test_a_distant_deadline_changes_no_promise(app: InMemoryApp) -> None:
    order = app.buy(quantity=1)
    app.upload()
    deadline(app, timedelta(days=7))
    first = app.request(order.order_id, portal=PORTAL)
    ends = order.expires_at
    assert first.timer == Timer(ends + 2 * AFTER_EXPIRY, ends + PROMISE)


def test_a_deadline_can_be_repeated_moved_and_removed(app: InMemoryApp) -> None:
    def report(at: datetime | None, *, honours: bool = False) -> Deadline:
        return set_portal_deadline(PORTAL, at, app.ports, app.now, honours_receipts=honours)

    at = app.state.now + timedelta(days=7)
    first = report(at)
    assert first == Deadline(PORTAL, at, honours_receipts=False, reported_at=app.state.now)
    assert report(at) == first
    app.state.pass_time(MINUTE)
    assert report(at + MINUTE, honours=True).honours_receipts
    app.state.pass_time(-MINUTE)  # a clock that is behind: the later report stays
    assert report(at).deadline_at == at + MINUTE
    app.state.pass_time(2 * MINUTE)
    assert report(None).deadline_at is None
    assert list(app.ports.portal_deadlines.all()) == []
    with pytest.raises(DeadlineOutOfRange):
        report(app.state.now)


def test_an_unknown_portal_has_no_deadline(app: InMemoryApp) -> None:
    with pytest.raises(NotFound):
        set_portal_deadline("elsewhere", None, app.ports, app.now, honours_receipts=False)
    assert not app.state.deadlines
    with pytest.raises(NotFound):
        read_portal("elsewhere", app.ports, app.now)


def test_with_an_old_snapshot_no_deadline_is_reported(app: InMemoryApp) -> None:
    deadline(app, 20 * MINUTE)
    now, snapshot = app.state.now, app.state.snapshot
    assert snapshot is not None
    old = replace(snapshot, at=now - MAX_REFUSAL_AGE - SECOND)
    for one in (None, old):
        app.state.snapshot = one
        with pytest.raises(Unavailable):
            read_portal(PORTAL, app.ports, now)
    app.state.snapshot = snapshot
    known = read_portal(PORTAL, app.ports, now)
    assert (known.deadline_at, known.is_in_time) == (now + 20 * MINUTE, True)
