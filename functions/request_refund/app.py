"""POST /v1/orders/{order_id}/refunds: give unused e-meterai back for their money."""

from meterai.api import RefundAnswer, RefundRequest
from meterai.container import container
from meterai.domain.id_derivation import RequestIdentity
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    IdempotencyKey,
    OrderInPath,
    body_hash,
)
from meterai.entrypoints.responses import BODY, KEY, problems
from meterai.steps.queue_positions import refund_position
from meterai.steps.request_refund import request_refund

app = HttpApi()


@app.post(
    "/v1/orders/<order_id>/refunds",
    status_code=202,
    summary="Request a refund",
    tags=["refunds"],
    responses=problems(
        *BODY,
        *KEY,
        "unavailable",
        "not_found",
        "order_not_paid",
        "no_balance",
        "stamping_in_progress",
    ),
)
def handle(
    order_id: OrderInPath,
    body: RefundRequest,
    account: Account,
    key: IdempotencyKey,
    language: AnswerLanguage,
) -> RefundAnswer:
    request_identity = RequestIdentity(f"orders/{order_id}/refunds", account, key)
    refund = request_refund(
        request_identity, order_id, body.quantity, body_hash(body), container, container.now
    )
    now = container.now
    queue_position = refund_position(refund, container, now)
    return RefundAnswer.about(
        refund, now, language, container.follow_url(refund.refund_id), queue_position
    )


handler = app.handler
