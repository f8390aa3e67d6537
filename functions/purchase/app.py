"""POST /v1/orders: buy e-meterai. The answer says how to pay. Where its `pay` is null, or there was
no answer at all, send the same request again, with the same Idempotency-Key: at once after a 503,
else at `retry_at`. It is the same order however often it is sent."""

from meterai.api import OrderAnswer, OrderRequest
from meterai.container import container
from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    IdempotencyKey,
    Ticket,
    body_hash,
)
from meterai.entrypoints.sales_reporter import SalesReporter
from meterai.steps.purchase import AdmissionCheck, PortalTarget, purchase

app = HttpApi()
sales = SalesReporter(lambda: container.load_metrics)


@app.post("/v1/orders", status_code=201, summary="Buy e-meterai", tags=["orders"])
def handle(
    body: OrderRequest,
    account: Account,
    key: IdempotencyKey,
    language: AnswerLanguage,
    ticket: Ticket = None,
) -> OrderAnswer:
    paused, now = container.paused, container.now
    order = purchase(
        RequestIdentity("orders", account, key),
        quantity=body.quantity,
        method=body.method,
        body_hash=body_hash(body),
        unit_price_idr=container.settings.unit_price_idr,
        expires_in=container.order_expires_in,
        now=now,
        id_deriver=container.id_deriver,
        orders=container.orders,
        gateway=container.gateway,
        admission_check=AdmissionCheck(paused, container.waiting_room, ticket) if paused else None,
        portal_target=PortalTarget(body.portal, container.settings.portals, container.snapshot)
        if body.portal
        else None,
    )
    if order.created_at == now:  # not one that is asked for again, however often
        sales.record_sale(order.quantity, now, rush=paused is not None)
    return OrderAnswer.of(
        order, container.now, language, container.queue_position(Lane.PAYMENTS, container.now)
    )


handler = app.handler
