"""Read an order: its state, what is left in it, and how to pay it."""

from typing import Protocol

from meterai.domain.errors import NotFound
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import Order
from meterai.ports import Orders


class ReadOrderPorts(Protocol):
    @property
    def orders(self) -> Orders: ...


def read_order(account: str, order_id: OrderId, ports: ReadOrderPorts) -> Order:
    """Raises NotFound."""
    order = ports.orders.get(order_id)
    if order is None or order.account != account:
        raise NotFound
    return order
