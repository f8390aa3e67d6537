"""POST /v1/orders/{order_id}/cancel: give up an unpaid order. It stays pending until the
gateway has closed its charge; money that comes for it is refunded by itself."""

from meterai.api import CancelRequest, OrderAnswer
from meterai.container import container
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    OrderInPath,
)
from meterai.entrypoints.responses import BODY, problems
from meterai.steps.cancel_order import cancel_order

app = HttpApi()


@app.post(
    "/v1/orders/<order_id>/cancel",
    status_code=202,
    summary="Cancel an order",
    tags=["orders"],
    responses=problems(*BODY, "unavailable", "not_found", "order_paid"),
)
def handle(
    order_id: OrderInPath, body: CancelRequest, account: Account, language: AnswerLanguage
) -> OrderAnswer:
    del body  # an empty object
    now = container.now
    order = cancel_order(account, order_id, container, now)
    return OrderAnswer.of(order, now, language, container.refund_promises)


handler = app.handler
