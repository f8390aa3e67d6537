"""While buying is paused: who holds a ticket whose turn it is buys, once; what stands is served."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.admission import Admission, Room, Rules, open_from
from meterai.domain.errors import (
    BuyingPaused,
    GatewayRefused,
    KeyReused,
    MeteraiError,
    QuantityOutOfRange,
    TicketExpired,
    TicketInvalid,
    TicketUsed,
    Unavailable,
)
from meterai.domain.flow import CurvePoint
from meterai.domain.identity import Intention
from meterai.domain.orders import Order
from meterai.domain.payments import Method
from meterai.domain.waiting import WaitingPlace, ticket_of
from meterai.steps.purchase import Entrance, purchase
from meterai.steps.take_place import take_place
from tests.fakes.world import Moment, fails
from tests.unit.steps.office import BUYER, EXPIRES_IN, PRICE_IDR, Office

MINUTE = timedelta(minutes=1)


def admission(office: Office, *, watermark: timedelta, over: timedelta = -60 * MINUTE) -> Admission:
    """Paused; both as seen from now."""
    now = office.world.now
    return Admission(
        level=12,
        is_open=False,
        changed_at=now,
        calm_since=None,
        watermark=now + watermark,
        over=now + over,
        capacity_per_s=30.0,
    )


def buy(
    office: Office,
    paused: Admission,
    ticket: str | None,
    key: str = "buy",
    quantity: int = 2,
    by: str = BUYER,
) -> Order:
    return purchase(
        Intention("orders", by, key),
        quantity=quantity,
        method=Method.QRIS,
        body_hash=f"of {quantity}",
        unit_price_idr=PRICE_IDR,
        expires_in=EXPIRES_IN,
        now=office.world.now,
        identities=office.identities,
        orders=office.ports.orders,
        gateway=office.ports.gateway,
        entrance=Entrance(paused, office.ports.waiting_room, ticket),
    )


def taken(office: Office, account: str = BUYER) -> str:
    """A ticket, of this moment."""
    paused = admission(office, watermark=-MINUTE)
    place = take_place(account, paused, room=office.ports.waiting_room, now=office.world.now)
    return ticket_of(place, office.identities)


def test_without_a_ticket_nothing_is_sold_and_no_order_stands(office: Office) -> None:
    with pytest.raises(BuyingPaused) as paused:
        buy(office, admission(office, watermark=MINUTE), None)
    assert paused.value.values["retry_after_s"] == 2
    assert not office.world.orders
    assert not office.world.charges


def test_a_ticket_buys_when_its_turn_has_come_and_not_before(office: Office) -> None:
    ticket = taken(office)
    with pytest.raises(BuyingPaused):
        buy(office, admission(office, watermark=-MINUTE), ticket)
    order = buy(office, admission(office, watermark=MINUTE), ticket)
    assert office.world.places[BUYER].used_by == order.order_id


def test_who_comes_too_early_is_told_when_to_ask_again_by_his_place(office: Office) -> None:
    """Sixty stampings a second, at most, for two a buyer: of 3,000 people the last asks again
    after half of a hundred seconds, and whoever stands in the middle after half of that."""
    now = office.world.now
    issued = (CurvePoint(now - MINUTE, 0.0), CurvePoint(now + MINUTE, 3_000.0))
    room = Room(waiting=3_000, issued=issued)
    paused = replace(admission(office, watermark=-MINUTE), room=room)
    for account, ask_after_s in (("middle", 25), ("last", 50)):
        ticket = taken(office, account)
        with pytest.raises(BuyingPaused) as refused:
            buy(office, paused, ticket, by=account)
        assert refused.value.values == {"retry_after_s": ask_after_s}
        office.world.pass_time(MINUTE)


def test_a_retry_is_the_same_order_with_the_ticket_or_without(office: Office) -> None:
    paused = admission(office, watermark=MINUTE)
    order = buy(office, paused, taken(office))
    assert buy(office, paused, None) == order
    assert buy(office, admission(office, watermark=MINUTE, over=MINUTE), "no ticket") == order


def test_an_order_of_before_is_served_while_buying_is_paused(office: Office) -> None:
    order = office.buy()
    with pytest.raises(KeyReused):
        buy(office, admission(office, watermark=-MINUTE), None)  # it stands: its body is compared
    assert list(office.world.orders) == [order.order_id]


def test_a_ticket_buys_once(office: Office) -> None:
    paused, ticket = admission(office, watermark=MINUTE), taken(office)
    buy(office, paused, ticket)
    with pytest.raises(TicketUsed):
        buy(office, paused, ticket, key="another")


def test_who_bought_takes_a_new_place_for_more(office: Office) -> None:
    paused = admission(office, watermark=MINUTE)
    buy(office, paused, taken(office))
    office.world.pass_time(timedelta(seconds=1))
    buy(office, paused, taken(office), key="another")
    assert len(office.world.orders) == 2


def test_a_ticket_whose_time_is_over_buys_nothing_and_a_new_place_is_given(office: Office) -> None:
    ticket = taken(office)
    over = admission(office, watermark=MINUTE, over=timedelta(0))
    with pytest.raises(TicketExpired):
        buy(office, over, ticket)
    office.world.pass_time(MINUTE)
    place = take_place(BUYER, over, room=office.ports.waiting_room, now=office.world.now)
    assert ticket_of(place, office.identities) != ticket


@pytest.mark.parametrize("whose", ["another", "forged"])
def test_a_ticket_of_another_or_of_nobody_buys_nothing(office: Office, whose: str) -> None:
    ticket = taken(office, account="another")
    if whose == "forged":
        ticket = taken(office)[:-1] + "?"
    with pytest.raises(TicketInvalid):
        buy(office, admission(office, watermark=MINUTE), ticket)
    assert not office.world.orders


def test_the_same_place_is_found_again_on_another_phone(office: Office) -> None:
    ticket = taken(office)
    office.world.pass_time(5 * MINUTE)
    assert taken(office) == ticket


def test_a_request_that_nobody_could_meet_does_not_use_the_ticket_up(office: Office) -> None:
    ticket = taken(office)
    with pytest.raises(QuantityOutOfRange):
        buy(office, admission(office, watermark=MINUTE), ticket, quantity=9)
    assert office.world.places[BUYER].used_by is None


def test_what_the_gateway_refuses_to_charge_does_not_use_the_ticket_up(office: Office) -> None:
    paused, ticket = admission(office, watermark=MINUTE), taken(office)
    office.world.hook = fails("Gateway.charge", GatewayRefused())
    for _ in range(2):  # also on the retry, for which the order stands
        with pytest.raises(GatewayRefused):
            buy(office, paused, ticket)
        assert office.world.places[BUYER].used_by is None
    office.world.hook = lambda _moment, _call: None
    order = buy(office, paused, ticket, key="by another method")
    assert office.world.places[BUYER].used_by == order.order_id


def test_a_refusal_of_one_order_leaves_the_ticket_of_another_alone(office: Office) -> None:
    paused = admission(office, watermark=MINUTE)
    earlier = buy(office, paused, taken(office), key="earlier")
    office.world.pass_time(timedelta(seconds=1))
    bought = buy(office, paused, taken(office))
    office.world.orders[earlier.order_id] = replace(earlier, instruction=None)
    office.world.hook = fails("Gateway.charge", GatewayRefused())
    with pytest.raises(GatewayRefused):
        buy(office, paused, None, key="earlier")
    assert office.world.places[BUYER].used_by == bought.order_id


@pytest.mark.parametrize("call", ["WaitingRoom.use", "Orders.put_new", "Gateway.charge"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_cut_off_anywhere_the_retry_buys_with_the_same_ticket(
    office: Office, call: str, moment: Moment
) -> None:
    paused, ticket = admission(office, watermark=MINUTE), taken(office)

    def cut(at: Moment, name: str) -> None:
        if (at, name) == (moment, call):
            office.world.hook = lambda _moment, _call: None
            raise Unavailable(party=name)

    office.world.hook = cut
    with pytest.raises(MeteraiError):
        buy(office, paused, ticket)
    office.world.pass_time(timedelta(seconds=20))
    order = buy(office, paused, ticket)
    assert list(office.world.orders) == [order.order_id]
    assert office.world.places[BUYER].used_by == order.order_id


def test_an_office_that_is_open_admits_every_ticket(office: Office) -> None:
    everybody = open_from(office.world.now, Rules())
    assert everybody.admits(office.world.now + MINUTE)
    assert not everybody.is_over(WaitingPlace(BUYER, office.world.now - 99 * MINUTE).issued_at)
