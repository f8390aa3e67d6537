"""One account counts once: it holds five unpaid orders, and only its first is expected to be
stamped."""

from datetime import timedelta

import pytest

from meterai.domain.errors import TooManyUnpaidOrders
from meterai.domain.orders.unpaid_orders import MAX_RECENT_ORDERS, MAX_UNPAID_ORDERS
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.selling import Closed
from tests.fakes.ports import EXPIRES_IN
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump

MINUTE = timedelta(minutes=1)


def buy_unpaid(app: InMemoryApp, count: int = MAX_UNPAID_ORDERS) -> None:
    for n in range(count):
        app.buy(f"unpaid-{n}")
        app.state.pass_time(MINUTE)


def test_a_sixth_unpaid_order_is_refused_and_nothing_of_it_is_stored(app: InMemoryApp) -> None:
    buy_unpaid(app)
    with pytest.raises(TooManyUnpaidOrders) as refused:
        app.buy("sixth")
    first_expires_s = round((EXPIRES_IN - MAX_UNPAID_ORDERS * MINUTE).total_seconds())
    assert refused.value.values == {
        "max_orders": MAX_UNPAID_ORDERS,
        "retry_after_s": first_expires_s,
    }
    assert len(app.state.orders) == len(app.state.charges) == MAX_UNPAID_ORDERS
    app.buy("of another account", by="somebody else")
    app.state.pass_time(timedelta(seconds=first_expires_s, microseconds=1))
    app.buy("sixth")


def test_a_payment_makes_room_for_another_order(app: InMemoryApp, pump: MessagePump) -> None:
    buy_unpaid(app)
    app.settle(app.buy("unpaid-2"))
    pump.deliver()
    app.buy("sixth")
    with pytest.raises(TooManyUnpaidOrders):
        app.buy("seventh")


def test_cancelling_makes_no_room_since_the_charge_was_made_all_the_same(
    app: InMemoryApp,
) -> None:
    buy_unpaid(app)
    for order_id in list(app.state.orders):
        app.cancel(order_id)
    with pytest.raises(TooManyUnpaidOrders):
        app.buy("sixth")


def test_an_order_that_exists_is_answered_whatever_else_is_unpaid(app: InMemoryApp) -> None:
    buy_unpaid(app)
    assert app.buy("unpaid-0").instruction is not None


def test_who_pays_may_order_as_often_as_they_like(app: InMemoryApp, pump: MessagePump) -> None:
    for n in range(3 * MAX_RECENT_ORDERS):
        app.settle(app.buy(f"paid-{n}"))
        pump.deliver()
    assert len(app.state.orders) == 3 * MAX_RECENT_ORDERS


def test_only_the_first_unpaid_order_of_an_account_counts_as_a_sale(
    app: InMemoryApp, pump: MessagePump
) -> None:
    for key, quantity in (("first", 1), ("second", 8), ("third", 8)):
        app.buy(key, quantity)
    assert [sold for sold, _ in app.ports.demand_reporter.sales] == [1]
    for order_id in list(app.state.orders):
        app.state.pass_time(timedelta(seconds=1))
        app.settle(app.state.orders[order_id])
    pump.deliver()
    app.buy("after the payments", 2)
    app.buy("of another account", 3, by="somebody else")
    assert [sold for sold, _ in app.ports.demand_reporter.sales] == [1, 2, 3]


def test_while_the_index_lags_more_get_through_and_nothing_else_changes(
    app: InMemoryApp,
) -> None:
    app.state.index_lag = MINUTE
    for n in range(MAX_UNPAID_ORDERS + 1):
        app.buy(f"at once-{n}")
    assert len(app.state.orders) == MAX_UNPAID_ORDERS + 1
    app.state.pass_time(MINUTE)
    with pytest.raises(TooManyUnpaidOrders):
        app.buy("a minute later")


def test_the_first_order_of_an_account_costs_one_query_more(app: InMemoryApp) -> None:
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    app.buy("first")
    once = ["Orders.of_account", "Orders.put_new", "Gateway.charge", "Orders.store_instruction"]
    assert calls == once
    calls.clear()
    app.buy("second", by=BUYER)
    assert calls == ["Orders.of_account", "Orders.get_many", *once[1:]]


def test_while_not_everybody_may_buy_an_order_that_exists_is_read_and_no_other(
    app: InMemoryApp,
) -> None:
    order = app.buy()
    app.state.snapshot = LoadSnapshot(app.state.now, {}, closed=Closed.SWITCHED_OFF)
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    assert app.buy() == order
    assert calls == ["Orders.get", "Orders.put_new"]
