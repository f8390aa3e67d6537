"""POST /v1/orders: buy e-meterai. The answer says how to pay."""

from meterai.api import OrderAnswer, OrderRequest
from meterai.domain.identity import Intention
from meterai.entry.http import Account, HttpApi, IdempotencyKey, body_hash
from meterai.services import office
from meterai.steps.purchase import purchase

app = HttpApi()


@app.post("/v1/orders", status_code=201, summary="Buy e-meterai", tags=["orders"])
def handle(body: OrderRequest, account: Account, key: IdempotencyKey) -> OrderAnswer:
    order = purchase(
        Intention("orders", account, key),
        quantity=body.quantity,
        method=body.method,
        body_hash=body_hash(body),
        unit_price_idr=office.settings.unit_price_idr,
        expires_in=office.order_expires_in,
        now=office.now,
        identities=office.identities,
        orders=office.orders,
        gateway=office.gateway,
    )
    return OrderAnswer.of(order)


handler = app.handler
