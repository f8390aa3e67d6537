"""Read history: an account's own orders, stampings and refunds, newest first, page by page.

All three walk the orders of the account, which its index has. An index of e-meterai by account
would cost one write unit for each stamp, and one account's part of it would be hot. So a page is
what a number of orders have, and may be empty while there are more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, Protocol, TypeVar

from meterai.domain.orders.orders import Order, OrderPlace
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.stampings import EMeterai
from meterai.ports import Orders, Refunds, Serials

MAX_ORDERS_A_PAGE = 20

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`after`: where the next page begins; None: this is the last."""

    items: Sequence[T]
    after: OrderPlace | None


class ReadOrdersPorts(Protocol):
    @property
    def orders(self) -> Orders: ...


class SerialsPorts(Protocol):
    @property
    def serials(self) -> Serials: ...


class RefundsPorts(Protocol):
    @property
    def refunds(self) -> Refunds: ...


class ReadStampingsPorts(ReadOrdersPorts, SerialsPorts, Protocol): ...


class ReadRefundsPorts(ReadOrdersPorts, RefundsPorts, Protocol): ...


def read_orders(
    account: str, after: OrderPlace | None, limit: int, ports: ReadOrdersPorts
) -> Page[Order]:
    # 1. The index, which may lack the last second; 2. the orders themselves.
    order_ids = ports.orders.of_account(account, before=after, limit=limit)
    orders = ports.orders.get_many(order_ids)
    is_last = len(order_ids) < limit
    return Page(orders, None if is_last or not orders else orders[-1].place)


def read_stampings(
    account: str, after: OrderPlace | None, limit: int, ports: ReadStampingsPorts
) -> Page[EMeterai]:
    """The first e-meterai of each, also of those that were voided."""
    page = read_orders(account, after, limit, ports)
    return Page(stampings_of(page.items, ports), page.after)


def read_refunds(
    account: str, after: OrderPlace | None, limit: int, ports: ReadRefundsPorts
) -> Page[Refund]:
    page = read_orders(account, after, limit, ports)
    return Page(refunds_of(page.items, ports), page.after)


def stampings_of(orders: Sequence[Order], ports: SerialsPorts) -> Sequence[EMeterai]:
    """In the sequence of the orders, and of each the newest first."""
    named = [(*order.stampings(), *order.voided.values()) for order in orders]
    found = ports.serials.get_many([*dict.fromkeys(chain.from_iterable(named))])
    place = {order.order_id: number for number, order in enumerate(orders)}
    newest = sorted(found, key=lambda one: one.requested_at, reverse=True)
    return sorted(newest, key=lambda one: place[one.order_id])


def refunds_of(orders: Sequence[Order], ports: RefundsPorts) -> Sequence[Refund]:
    """As `stampings_of`."""
    named = [(*order.refunds(), *order.returned) for order in orders]
    found = ports.refunds.get_many([*chain.from_iterable(named)])
    place = {order.order_id: number for number, order in enumerate(orders)}
    newest = sorted(found, key=lambda one: one.created_at, reverse=True)
    return sorted(newest, key=lambda one: place[one.order_id])
