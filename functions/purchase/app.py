"""POST /v1/orders: buy e-meterai. The answer says how to pay. Where its `pay` is null, or there was
no answer at all, send the same request again, with the same Idempotency-Key: at once after a 503,
else at `retry_at`. However often it is sent, it is the same order."""

from meterai.api import OrderAnswer, OrderRequest
from meterai.container import container
from meterai.domain.id_derivation import RequestIdentity
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    IdempotencyKey,
    Ticket,
    body_hash,
)
from meterai.entrypoints.responses import BODY, KEY, problems
from meterai.steps.purchase import RequestedOrder, purchase
from meterai.steps.queue_positions import payment_position

app = HttpApi()


@app.post(
    "/v1/orders",
    status_code=201,
    summary="Buy e-meterai",
    tags=["orders"],
    responses=problems(
        *BODY,
        *KEY,
        "unavailable",
        "quantity_out_of_range",
        "portal_unknown",
        "deadline_past",
        "deadline_out_of_reach",
        "order_closed",
        "charge_refused",
        "too_many_unpaid_orders",
        "buying_closed",
        "buying_paused",
        "ticket_invalid",
        "ticket_expired",
        "ticket_used",
    ),
)
def handle(
    body: OrderRequest,
    account: Account,
    key: IdempotencyKey,
    language: AnswerLanguage,
    ticket: Ticket = None,
) -> OrderAnswer:
    requested = RequestedOrder(
        body.quantity, body.method, body_hash(body), portal=body.portal, ticket=ticket
    )
    request_identity = RequestIdentity("orders", account, key)
    order = purchase(request_identity, requested, container, container.now)
    now = container.now
    return OrderAnswer.of(
        order, now, language, container.refund_promises, payment_position(container, now)
    )


handler = app.handler
