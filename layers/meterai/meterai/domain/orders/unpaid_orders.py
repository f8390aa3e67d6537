"""How much one account may hold open without paying.

Each unpaid order costs a charge at the gateway and counts as a stamping to come, so that somebody
who orders and never pays could use up the gateway's rate and shut buying for everybody. Only the
last `OrderExpiresS` counts: what is older has expired. An order that was cancelled counts until
then too, since its charge was made all the same.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from meterai.domain.errors import TooManyUnpaidOrders
from meterai.domain.orders.orders import Order, OrderState

MAX_UNPAID_ORDERS = 5
MAX_RECENT_ORDERS = 2 * MAX_UNPAID_ORDERS  # are looked at: who pays half of them may go on

PAID = (OrderState.PAID, OrderState.REVERSED)


def unpaid(orders: Iterable[Order]) -> list[Order]:
    """Newest first."""
    open_orders = [order for order in orders if order.state not in PAID]
    return sorted(open_orders, key=lambda order: order.created_at, reverse=True)


def check_unpaid(open_orders: list[Order], now: datetime, lasts: timedelta) -> None:
    """`open_orders`: as `unpaid` answers them. Raises TooManyUnpaidOrders."""
    if len(open_orders) < MAX_UNPAID_ORDERS:
        return
    next_at = open_orders[MAX_UNPAID_ORDERS - 1].created_at + lasts
    retry_after_s = max(1, round((next_at - now).total_seconds()))
    raise TooManyUnpaidOrders(max_orders=MAX_UNPAID_ORDERS, retry_after_s=retry_after_s)
