"""POST /v1/orders: buy e-meterai. The answer says how to pay. Where its `pay` is null, or there was
no answer at all, send the same request again, with the same Idempotency-Key: at once after a 503,
else at `repeat_at`. It is the same order however often it is sent."""

from meterai.api import OrderAnswer, OrderRequest
from meterai.domain.flow import Lane
from meterai.domain.identity import Intention
from meterai.entry.http import Account, HttpApi, IdempotencyKey, Ticket, body_hash
from meterai.entry.sales import Sales
from meterai.services import office
from meterai.steps.purchase import Aim, Entrance, purchase

app = HttpApi()
sales = Sales(lambda: office.gauges)


@app.post("/v1/orders", status_code=201, summary="Buy e-meterai", tags=["orders"])
def handle(
    body: OrderRequest, account: Account, key: IdempotencyKey, ticket: Ticket = None
) -> OrderAnswer:
    paused, now = office.paused, office.now
    order = purchase(
        Intention("orders", account, key),
        quantity=body.quantity,
        method=body.method,
        body_hash=body_hash(body),
        unit_price_idr=office.settings.unit_price_idr,
        expires_in=office.order_expires_in,
        now=now,
        identities=office.identities,
        orders=office.orders,
        gateway=office.gateway,
        entrance=Entrance(paused, office.waiting_room, ticket) if paused else None,
        aim=Aim(body.portal, office.settings.portals, office.snapshot) if body.portal else None,
    )
    if order.created_at == now:  # not one that is asked for again, however often
        sales.sold(order.quantity, now, rush=paused is not None)
    return OrderAnswer.of(order, office.now, office.standing(Lane.PAYMENTS, office.now))


handler = app.handler
