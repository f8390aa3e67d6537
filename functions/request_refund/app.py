"""POST /v1/orders/{order_id}/refunds: give unused e-meterai back."""

from meterai.api import RefundAnswer, RefundRequest
from meterai.domain.flow import Lane
from meterai.domain.identity import Intention
from meterai.entry.http import Account, HttpApi, IdempotencyKey, OrderInPath, body_hash
from meterai.services import office
from meterai.steps.request_refund import Refunding, request_refund

app = HttpApi()


@app.post(
    "/v1/orders/<order_id>/refunds", status_code=202, summary="Request a refund", tags=["refunds"]
)
def handle(
    order_id: OrderInPath, body: RefundRequest, account: Account, key: IdempotencyKey
) -> RefundAnswer:
    needs = Refunding(
        orders=office.orders,
        payments=office.payments,
        serials=office.serials,
        refunds=office.refunds,
        documents=office.documents,
        lanes=office.lanes,
        identities=office.identities,
        now=office.now,
    )
    intention = Intention(f"orders/{order_id}/refunds", account, key)
    refund = request_refund(intention, order_id, body.quantity, body_hash(body), needs)
    standing = office.standing(Lane.REFUNDS, refund.created_at)
    return RefundAnswer.about(refund, office.now, office.follow_url(refund.refund_id), standing)


handler = app.handler
