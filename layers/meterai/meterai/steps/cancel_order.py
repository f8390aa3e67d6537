"""Cancel an order that is still unpaid.

Whichever is recorded first counts, the payment or the cancellation: a paid order is not cancelled,
and money for a cancelled one goes back, whenever it settled. The gateway is requested to close the
charge, and its answer closes the order.
"""

from datetime import datetime
from typing import Protocol

from meterai.domain.errors import NotFound, OrderPaid
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import Order, OrderState
from meterai.ports import Lanes, Orders


class CancelOrderPorts(Protocol):
    @property
    def orders(self) -> Orders: ...
    @property
    def lanes(self) -> Lanes: ...


def cancel_order(account: str, order_id: OrderId, ports: CancelOrderPorts, now: datetime) -> Order:
    """The order: pending until the gateway has confirmed that no money came.

    May be repeated without limit. Raises NotFound, OrderPaid.
    """
    # 1. The order.
    order = ports.orders.get(order_id)
    if order is None or order.account != account:
        raise NotFound
    # 2. Cancelled, while it is unpaid: its payment instruction is no longer shown.
    if order.state is OrderState.PENDING and not order.is_given_up:
        order = ports.orders.cancel(order, now)
    if order.state in (OrderState.PAID, OrderState.REVERSED):
        raise OrderPaid(order_id=order_id)
    # 3. The message is the fast way to the gateway; the timer is the certain one.
    if order.is_given_up:
        ports.lanes.check_order(order_id, order.account)
    return order
