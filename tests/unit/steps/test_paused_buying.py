"""While buying is paused: a ticket whose turn has come buys once; existing orders are served."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import (
    BuyingPaused,
    ChargeRefused,
    GatewayRefused,
    KeyReused,
    MeteraiError,
    QuantityOutOfRange,
    TicketExpired,
    TicketInvalid,
    TicketUsed,
    Unavailable,
)
from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import Method
from meterai.domain.waiting.admission_control import (
    Admission,
    AdmissionPolicy,
    WaitingCurve,
    open_from,
)
from meterai.domain.waiting.pace import Pace
from meterai.domain.waiting.queue_status import CumulativePoint
from meterai.domain.waiting.tickets import QueueTicket
from meterai.steps.purchase import RequestedOrder, purchase
from meterai.steps.read_ticket import read_ticket
from tests.fakes.in_memory_state import Moment, fails
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp

MINUTE = timedelta(minutes=1)


def admission(
    app: InMemoryApp, *, watermark: timedelta, over: timedelta = -60 * MINUTE
) -> Admission:
    """Paused. Both times are relative to now."""
    now = app.state.now
    return Admission(
        is_open=False,
        changed_at=now,
        watermark=now + watermark,
        over=now + over,
        capacity_per_s=30.0,
        usual_per_s=30.0,
        pace=Pace(15.0, 15.0),
    )


def buy(
    app: InMemoryApp,
    paused: Admission,
    ticket: str | None,
    key: str = "buy",
    quantity: int = 2,
    by: str = BUYER,
) -> Order:
    app.ports.admission = paused
    requested = RequestedOrder(quantity, Method.QRIS, f"of {quantity}", ticket=ticket)
    return purchase(RequestIdentity("orders", by, key), requested, app.ports, app.now)


def taken(app: InMemoryApp, account: str = BUYER) -> str:
    """A ticket issued now."""
    app.ports.admission = admission(app, watermark=-MINUTE)
    return app.join_waiting_room(account)


def test_a_ticket_is_read_while_buying_is_paused_and_not_needed_otherwise(
    app: InMemoryApp,
) -> None:
    ticket = taken(app)
    paused = admission(app, watermark=MINUTE)
    app.ports.admission = paused
    held = read_ticket(BUYER, ticket, app.ports, app.now)
    assert held is not None
    assert (held.text, held.admission) == (ticket, paused)
    app.ports.admission = None
    assert read_ticket(BUYER, ticket, app.ports, app.now) is None


def test_without_a_ticket_nothing_is_sold_and_no_order_is_stored(app: InMemoryApp) -> None:
    with pytest.raises(BuyingPaused) as paused:
        buy(app, admission(app, watermark=MINUTE), None)
    assert paused.value.values["retry_after_s"] == 2
    assert not app.state.orders
    assert not app.state.charges


def test_a_ticket_buys_when_its_turn_has_come_and_not_before(app: InMemoryApp) -> None:
    ticket = taken(app)
    with pytest.raises(BuyingPaused):
        buy(app, admission(app, watermark=-MINUTE), ticket)
    order = buy(app, admission(app, watermark=MINUTE), ticket)
    assert app.state.places[BUYER].used_by == order.order_id
    assert app.ports.demand_reporter.sales == [(2, True)], "while buying is paused"


def test_an_early_ticket_is_refused_with_the_time_to_retry_by_its_position(
    app: InMemoryApp,
) -> None:
    """At most thirty buyers a second. Of 3,000 people the last retries after
    half of a hundred seconds, those in the middle after half of that."""
    now = app.state.now
    issued = (CumulativePoint(now - MINUTE, 0.0), CumulativePoint(now + MINUTE, 3_000.0))
    room = WaitingCurve(waiting=3_000, issued=issued)
    paused = replace(admission(app, watermark=-MINUTE), room=room)
    for account, ask_after_s in (("middle", 25), ("last", 50)):
        ticket = taken(app, account)
        with pytest.raises(BuyingPaused) as refused:
            buy(app, paused, ticket, by=account)
        assert refused.value.values == {"retry_after_s": ask_after_s}
        app.state.pass_time(MINUTE)


def test_a_retry_is_the_same_order_with_the_ticket_or_without(app: InMemoryApp) -> None:
    paused = admission(app, watermark=MINUTE)
    order = buy(app, paused, taken(app))
    assert buy(app, paused, None) == order
    assert buy(app, admission(app, watermark=MINUTE, over=MINUTE), "no ticket") == order


def test_an_earlier_order_is_served_while_buying_is_paused(app: InMemoryApp) -> None:
    order = app.buy()
    with pytest.raises(KeyReused):
        buy(app, admission(app, watermark=-MINUTE), None)  # the order exists: its body is compared
    assert list(app.state.orders) == [order.order_id]


def test_a_ticket_buys_once(app: InMemoryApp) -> None:
    paused, ticket = admission(app, watermark=MINUTE), taken(app)
    buy(app, paused, ticket)
    with pytest.raises(TicketUsed):
        buy(app, paused, ticket, key="another")


def test_an_account_that_bought_takes_a_new_ticket_for_more(app: InMemoryApp) -> None:
    paused = admission(app, watermark=MINUTE)
    buy(app, paused, taken(app))
    app.state.pass_time(timedelta(seconds=1))
    buy(app, paused, taken(app), key="another")
    assert len(app.state.orders) == 2


def test_an_expired_ticket_buys_nothing_and_a_new_one_is_issued(
    app: InMemoryApp,
) -> None:
    ticket = taken(app)
    over = admission(app, watermark=MINUTE, over=timedelta(0))
    with pytest.raises(TicketExpired):
        buy(app, over, ticket)
    app.state.pass_time(MINUTE)
    assert app.join_waiting_room(BUYER) != ticket


@pytest.mark.parametrize("whose", ["another", "forged"])
def test_a_ticket_of_another_account_or_a_forged_one_buys_nothing(
    app: InMemoryApp, whose: str
) -> None:
    ticket = taken(app, account="another")
    if whose == "forged":
        ticket = taken(app)[:-1] + "?"
    with pytest.raises(TicketInvalid):
        buy(app, admission(app, watermark=MINUTE), ticket)
    assert not app.state.orders


def test_another_device_of_the_account_gets_the_same_ticket(app: InMemoryApp) -> None:
    ticket = taken(app)
    app.state.pass_time(5 * MINUTE)
    assert taken(app) == ticket


def test_an_impossible_request_does_not_use_the_ticket_up(app: InMemoryApp) -> None:
    ticket = taken(app)
    with pytest.raises(QuantityOutOfRange):
        buy(app, admission(app, watermark=MINUTE), ticket, quantity=9)
    assert app.state.places[BUYER].used_by is None


def test_a_refused_charge_does_not_use_the_ticket_up(app: InMemoryApp) -> None:
    paused, ticket = admission(app, watermark=MINUTE), taken(app)
    app.state.hook = fails("Gateway.charge", GatewayRefused())
    for _ in range(2):  # also on the retry, for which the order exists
        with pytest.raises(ChargeRefused):
            buy(app, paused, ticket)
        assert app.state.places[BUYER].used_by is None
    app.state.hook = lambda _moment, _call: None
    order = buy(app, paused, ticket, key="by another method")
    assert app.state.places[BUYER].used_by == order.order_id


def test_a_refusal_of_one_order_leaves_the_ticket_of_another_alone(app: InMemoryApp) -> None:
    paused = admission(app, watermark=MINUTE)
    earlier = buy(app, paused, taken(app), key="earlier")
    app.state.pass_time(timedelta(seconds=1))
    bought = buy(app, paused, taken(app))
    app.state.orders[earlier.order_id] = replace(earlier, instruction=None)
    app.state.hook = fails("Gateway.charge", GatewayRefused())
    with pytest.raises(ChargeRefused):
        buy(app, paused, None, key="earlier")
    assert app.state.places[BUYER].used_by == bought.order_id


@pytest.mark.parametrize("call", ["WaitingRoom.use", "Orders.put_new", "Gateway.charge"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_interrupted_anywhere_the_retry_buys_with_the_same_ticket(
    app: InMemoryApp, call: str, moment: Moment
) -> None:
    paused, ticket = admission(app, watermark=MINUTE), taken(app)

    def cut(at: Moment, name: str) -> None:
        if (at, name) == (moment, call):
            app.state.hook = lambda _moment, _call: None
            raise Unavailable(party=name)

    app.state.hook = cut
    with pytest.raises(MeteraiError):
        buy(app, paused, ticket)
    app.state.pass_time(timedelta(seconds=20))
    order = buy(app, paused, ticket)
    assert list(app.state.orders) == [order.order_id]
    assert app.state.places[BUYER].used_by == order.order_id


def test_while_buying_is_open_every_ticket_is_admitted(app: InMemoryApp) -> None:
    everybody = open_from(app.state.now, AdmissionPolicy())
    assert everybody.admits(app.state.now + MINUTE)
    assert not everybody.is_over(QueueTicket(BUYER, app.state.now - 99 * MINUTE).issued_at)
