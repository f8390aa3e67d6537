"""Lists: a client that lost its ids finds everything of its account, and nothing of others."""

from datetime import timedelta

import pytest

from meterai.domain.id_derivation import OrderId
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.steps.read_history import read_orders, read_refunds, read_stampings
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump

SECOND = timedelta(seconds=1)
DOCUMENTS = [b"%%PDF-1.7 letter %d" % n for n in range(4)]


@pytest.fixture
def orders(app: InMemoryApp, pump: MessagePump) -> list[str]:
    """Five paid orders of two, the oldest first, and one of another account."""
    app.settle(app.buy("foreign", by="somebody else"))
    bought = []
    for n in range(5):
        app.state.pass_time(SECOND)
        order = app.buy(f"order {n}")
        app.settle(order)
        pump.deliver()
        bought.append(str(order.order_id))
    return bought


def test_own_orders_are_listed_newest_first_page_by_page(
    app: InMemoryApp, orders: list[str]
) -> None:
    place, listed = None, []
    for _ in range(3):
        page = read_orders(BUYER, place, 2, app.ports)
        listed.append([str(order.order_id) for order in page.items])
        place = page.after
    newest = orders[::-1]
    assert listed == [newest[:2], newest[2:4], newest[4:]]
    assert place is None
    assert read_orders("nobody", None, 2, app.ports).items == ()


def test_a_full_last_page_is_followed_by_an_empty_one(app: InMemoryApp, orders: list[str]) -> None:
    page = read_orders(BUYER, None, len(orders), app.ports)
    last = read_orders(BUYER, page.after, len(orders), app.ports)
    assert (len(page.items), last.items, last.after) == (5, (), None)


def test_stampings_are_listed_with_those_that_were_voided_and_why(
    app: InMemoryApp, pump: MessagePump, orders: list[str]
) -> None:
    for document in DOCUMENTS:
        app.upload(document)
    ids = [OrderId(one) for one in reversed(orders)]
    stamped = app.request(ids[1], "stamped", DOCUMENTS[0], count=2)
    pump.until_idle()
    voided = app.request(ids[3], "voided", DOCUMENTS[1])
    app.refund(ids[3], quantity=2)
    app.state.pass_time(SECOND)
    waiting = app.request(ids[4], "waiting", DOCUMENTS[2])
    app.state.pass_time(SECOND)
    later = app.request(ids[4], "later", DOCUMENTS[3])
    page = read_stampings(BUYER, None, 5, app.ports)
    assert [(one.serial, one.state, one.void_reason) for one in page.items] == [
        (stamped.serial, SerialState.STAMPED, None),
        (voided.serial, SerialState.VOID, VoidReason.REFUND_REQUESTED),
        (later.serial, SerialState.RESERVED, None),
        (waiting.serial, SerialState.RESERVED, None),
    ]
    first = read_stampings(BUYER, None, 1, app.ports)
    assert first.items == []
    assert first.after is not None
    assert read_stampings("somebody else", None, 5, app.ports).items == []


def test_refunds_are_listed_with_those_of_payments_that_bought_nothing(
    app: InMemoryApp, pump: MessagePump, orders: list[str]
) -> None:
    refund = app.refund(OrderId(orders[0]))
    expired = app.buy("paid too late")
    app.state.pass_time(timedelta(hours=1))
    app.settle(expired)
    pump.until_idle()
    page = read_refunds(BUYER, None, 6, app.ports)
    late, asked = page.items
    assert (late.order_id, late.slots) == (expired.order_id, ())
    assert asked.refund_id == refund.refund_id
    assert read_refunds("nobody", None, 6, app.ports).items == []
