"""Cancel an order: its buyer gives it up while it waits for its money.

It expires now, by the way that every order expires: the gateway is told to take no more money, and
only its word closes the order. Money that settled before pays it; what settles later goes back.
"""

from datetime import datetime

from meterai.domain.errors import NotFound, OrderPaid
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import Order, OrderState
from meterai.ports import Lanes, Orders


def cancel_order(
    account: str, order_id: OrderId, *, now: datetime, orders: Orders, lanes: Lanes
) -> Order:
    """The order as it stands then: pending until the gateway has said that no money came.

    May be repeated for ever. Raises NotFound, OrderPaid.
    """
    # 1. The order.
    order = orders.get(order_id)
    if order is None or order.account != account:
        raise NotFound
    # 2. Given up, while it waits: from now on nobody is told how to pay.
    if order.state is OrderState.PENDING and not order.is_given_up:
        order = orders.cancel(order.given_up(now))
    if order.state in (OrderState.PAID, OrderState.REVERSED):
        raise OrderPaid(order_id=order_id)
    # 3. The message: the fast way to the gateway; the clock is the certain one.
    if order.is_given_up:
        lanes.check_order(order_id, order.account)
    return order
