"""POST /v1/orders/{order_id}/refunds: give unused e-meterai back."""

from meterai.api import RefundAnswer, RefundRequest
from meterai.container import container
from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    IdempotencyKey,
    OrderInPath,
    body_hash,
)
from meterai.steps.request_refund import RequestRefundPorts, request_refund

app = HttpApi()


@app.post(
    "/v1/orders/<order_id>/refunds", status_code=202, summary="Request a refund", tags=["refunds"]
)
def handle(
    order_id: OrderInPath,
    body: RefundRequest,
    account: Account,
    key: IdempotencyKey,
    language: AnswerLanguage,
) -> RefundAnswer:
    ports = RequestRefundPorts(
        orders=container.orders,
        payments=container.payments,
        serials=container.serials,
        refunds=container.refunds,
        documents=container.documents,
        lanes=container.lanes,
        id_deriver=container.id_deriver,
        now=container.now,
    )
    request_identity = RequestIdentity(f"orders/{order_id}/refunds", account, key)
    refund = request_refund(request_identity, order_id, body.quantity, body_hash(body), ports)
    queue_position = container.queue_position(Lane.REFUNDS, refund.created_at)
    return RefundAnswer.about(
        refund, container.now, language, container.follow_url(refund.refund_id), queue_position
    )


handler = app.handler
