"""Portals' deadlines: what cannot make one is not sold, what is past is not taken, and what was
taken and came too late goes back by itself."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meterai.domain.clocks import AFTER_EXPIRY, RESEND_AFTER, Clock
from meterai.domain.deadlines import Deadline
from meterai.domain.errors import (
    DeadlineNotAhead,
    DeadlineOutOfReach,
    DeadlinePast,
    KeyReused,
    MeteraiError,
    NotFound,
    PortalUnknown,
    Unavailable,
)
from meterai.domain.flow import TRUSTED, Snapshot
from meterai.domain.identity import Intention
from meterai.domain.orders import Order
from meterai.domain.payments import Method
from meterai.domain.refunds import RefundReason
from meterai.domain.stampings import SerialState, VoidReason
from meterai.steps.purchase import Aim, purchase
from meterai.steps.read_portal import read_portal
from meterai.steps.tell_deadline import tell_deadline
from tests.unit.steps.office import BUYER, EXPIRES_IN, PRICE_IDR, Office
from tests.unit.steps.postman import Postman
from tests.unit.steps.snapshots import calm
from tests.unit.steps.wiring import PROMISE

PORTAL = "sscasn"
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def deadline(office: Office, ahead: timedelta, *, honours: bool = False) -> datetime:
    """From now on everybody knows of it."""
    now = office.world.now
    office.snapshot = Snapshot(
        now,
        calm(now).lanes,
        deadlines={PORTAL: now + ahead},
        honouring=frozenset({PORTAL} if honours else ()),
    )
    return now + ahead


def buy_for(office: Office, portal: str = PORTAL, body_hash: str = "of 1") -> Order:
    return purchase(
        Intention("orders", BUYER, "for a portal"),
        quantity=1,
        method=Method.QRIS,
        body_hash=body_hash,
        unit_price_idr=PRICE_IDR,
        expires_in=EXPIRES_IN,
        now=office.world.now,
        identities=office.identities,
        orders=office.ports.orders,
        gateway=office.ports.gateway,
        aim=Aim(portal, office.portals, office.snapshot),
    )


def paid(office: Office, postman: Postman) -> Order:
    order = office.buy(quantity=1)
    office.settle(order)
    postman.deliver()
    return order


@pytest.mark.parametrize(
    ("ahead", "refused"), [(MINUTE, DeadlineOutOfReach), (-MINUTE, DeadlinePast)]
)
def test_what_cannot_make_it_is_refused_before_anything_is_paid(
    office: Office, ahead: timedelta, refused: type[MeteraiError]
) -> None:
    deadline(office, ahead)
    with pytest.raises(refused):
        buy_for(office)
    assert not office.world.orders
    assert not office.world.charges


def test_what_can_make_it_is_sold(office: Office) -> None:
    deadline(office, 20 * MINUTE)
    assert buy_for(office).instruction


def test_for_a_portal_that_there_is_not_nothing_is_sold(office: Office) -> None:
    with pytest.raises(PortalUnknown) as refused:
        buy_for(office, "elsewhere")
    assert refused.value.values == {"portal": "elsewhere"}
    assert not office.world.orders


def test_a_retry_of_an_order_that_stands_is_served_whatever_the_deadline(office: Office) -> None:
    deadline(office, 20 * MINUTE)
    order = buy_for(office)
    for ahead in (MINUTE, -MINUTE):
        deadline(office, ahead)
        assert buy_for(office) == order
    office.portals = ()
    assert buy_for(office) == order
    with pytest.raises(KeyReused):
        buy_for(office, body_hash="of something else")


def test_who_is_in_time_costs_no_call_more(office: Office) -> None:
    """Whether the order stands is asked only where it would be refused."""
    deadline(office, 20 * MINUTE)
    calls: list[str] = []
    office.world.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    buy_for(office)
    assert calls == ["Orders.put_new", "Gateway.charge", "Orders.store_instruction"]


def test_after_the_deadline_nothing_is_stamped_for_it_and_the_emeterai_stay(
    office: Office, postman: Postman
) -> None:
    order = paid(office, postman)
    office.upload()
    deadline(office, timedelta(0), honours=True)
    with pytest.raises(DeadlinePast):
        office.request(order.order_id, portal=PORTAL)
    assert not office.world.serials
    assert office.request(order.order_id, "for myself").state is SerialState.RESERVED


def test_a_retry_of_a_stamping_that_stands_is_served_after_the_deadline(
    office: Office, postman: Postman
) -> None:
    order = paid(office, postman)
    office.upload()
    deadline(office, 20 * MINUTE)
    first = office.request(order.order_id, portal=PORTAL)
    deadline(office, -MINUTE)
    assert office.request(order.order_id, portal=PORTAL) == first


def test_a_promise_ends_with_the_deadline_and_the_money_goes_back_by_itself(
    office: Office, postman: Postman
) -> None:
    order = paid(office, postman)
    office.upload()
    over = deadline(office, 3 * MINUTE)
    first = office.request(order.order_id, portal=PORTAL)
    assert first.clock == Clock(over, over), "looked at there and then"
    assert first.lane_begins == first.requested_at
    postman.stamping_moves = False
    office.world.now = over
    postman.sweep()
    void = office.world.serials[first.serial]
    assert (void.state, void.void_reason) == (SerialState.VOID, VoidReason.NOT_EXECUTED)
    (refund,) = office.world.refunds.values()
    assert (refund.reason, refund.slots) == (RefundReason.NOT_EXECUTED, (0,))
    postman.stamping_moves = True
    postman.deliver()
    assert not office.world.signed
    assert office.books(BUYER).differences == ()


def test_a_worker_that_comes_after_the_deadline_leaves_it_to_the_clock(
    office: Office, postman: Postman
) -> None:
    order = paid(office, postman)
    office.upload()
    office.world.now += timedelta(seconds=1)
    over = deadline(office, 10 * MINUTE)
    first = office.request(order.order_id, portal=PORTAL)
    office.world.now = over
    postman.deliver()
    assert not office.world.signed
    assert office.world.serials[first.serial] == first
    postman.sweep()
    assert office.world.serials[first.serial].state is SerialState.VOID


def test_where_a_receipt_serves_the_promise_stays(office: Office, postman: Postman) -> None:
    order = paid(office, postman)
    office.upload()
    over = deadline(office, 3 * MINUTE, honours=True)
    first = office.request(order.order_id, portal=PORTAL)
    now = office.world.now
    assert first.clock == Clock(now + RESEND_AFTER, now + PROMISE)
    office.world.now = over + MINUTE
    postman.deliver()
    assert office.world.serials[first.serial].state is SerialState.STAMPED


def test_what_was_asked_for_before_its_payment_keeps_the_deadline_too(
    office: Office, postman: Postman
) -> None:
    order = office.buy(quantity=1)
    office.upload()
    over = deadline(office, 10 * MINUTE)
    first = office.request(order.order_id, portal=PORTAL)
    assert first.clock == Clock(over, over)
    assert first.lane_begins is None, "it stands in no lane yet, however near its promise"
    # Nobody pays until then; then somebody does: too late for the portal, in time for the order.
    office.world.now = over
    office.sweep()
    assert office.world.serials[first.serial].state is SerialState.RESERVED
    office.settle(order)
    postman.until_quiet()
    assert office.world.serials[first.serial].state is SerialState.VOID
    assert not office.world.signed
    (refund,) = office.world.refunds.values()
    assert refund.reason is RefundReason.NOT_EXECUTED
    assert office.books(BUYER).differences == ()


def test_a_deadline_that_is_far_changes_no_promise(office: Office) -> None:
    order = office.buy(quantity=1)
    office.upload()
    deadline(office, timedelta(days=7))
    first = office.request(order.order_id, portal=PORTAL)
    ends = order.expires_at
    assert first.clock == Clock(ends + 2 * AFTER_EXPIRY, ends + PROMISE)


def test_a_deadline_is_told_again_moved_and_removed(office: Office) -> None:
    def told(at: datetime | None, *, honours: bool = False) -> Deadline:
        return tell_deadline(
            PORTAL,
            at,
            honours_receipts=honours,
            portals=office.portals,
            deadlines=office.ports.portal_deadlines,
            now=office.world.now,
        )

    at = office.world.now + timedelta(days=7)
    first = told(at)
    assert first == Deadline(PORTAL, at, honours_receipts=False, told_at=office.world.now)
    assert told(at) == first
    office.world.pass_time(MINUTE)
    assert told(at + MINUTE, honours=True).honours_receipts
    office.world.pass_time(-MINUTE)  # a clock that is behind: what was told later stands
    assert told(at).deadline_at == at + MINUTE
    office.world.pass_time(2 * MINUTE)
    assert told(None).deadline_at is None
    assert list(office.ports.portal_deadlines.all()) == []
    with pytest.raises(DeadlineNotAhead):
        told(office.world.now)


def test_a_portal_that_there_is_not_has_no_deadline(office: Office) -> None:
    with pytest.raises(NotFound):
        tell_deadline(
            "elsewhere",
            None,
            honours_receipts=False,
            portals=office.portals,
            deadlines=office.ports.portal_deadlines,
            now=office.world.now,
        )
    assert not office.world.deadlines
    with pytest.raises(NotFound):
        read_portal("elsewhere", portals=office.portals, snapshot=None, now=office.world.now)


def test_of_a_gauge_that_stopped_no_deadline_is_told(office: Office) -> None:
    deadline(office, 20 * MINUTE)
    now, snapshot = office.world.now, office.snapshot
    assert snapshot is not None
    old = replace(snapshot, at=now - TRUSTED - SECOND)
    for one in (None, old):
        with pytest.raises(Unavailable):
            read_portal(PORTAL, portals=office.portals, snapshot=one, now=now)
    known = read_portal(PORTAL, portals=office.portals, snapshot=snapshot, now=now)
    assert (known.deadline_at, known.is_in_time) == (now + 20 * MINUTE, True)
