"""GET /v1/orders/{order_id}: an order, what is left in it, and how to pay it."""

from meterai.api import OrderAnswer
from meterai.domain.errors import NotFound
from meterai.entry.http import Account, HttpApi, OrderInPath
from meterai.services import office

app = HttpApi()


@app.get("/v1/orders/<order_id>", summary="Read an order", tags=["orders"])
def handle(order_id: OrderInPath, account: Account) -> OrderAnswer:
    order = office.orders.get(order_id)
    if order is None or order.account != account:
        raise NotFound
    return OrderAnswer.of(order)


handler = app.handler
