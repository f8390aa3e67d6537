"""Refunds at Xendit, to where the money came from. https://docs.xendit.co/apidocs/create-refund"""

from datetime import timedelta

from meterai.domain.errors import GatewayRefused
from meterai.domain.orders.payments import CURRENCY, KeyLifetime, RefundOutcome
from meterai.gateways.xendit.answers import Refund, read_body
from meterai.gateways.xendit.client import XenditClient

REFUND_KEY_LIFETIME = KeyLifetime(  # not documented: Midtrans's, which is long enough to be seen
    resend_within=timedelta(days=6), forgotten_after=timedelta(days=8)
)

NOT_MADE = frozenset({"FAILED", "CANCELLED"})
_NOT_REFUNDABLE = frozenset(  # which no repetition changes: docs.xendit.co/docs/error-scenarios
    {
        "REFUND_NOT_SUPPORTED",
        "PARTIAL_REFUND_NOT_SUPPORTED",
        "PARTIAL_REFUND_COUNTS_EXCEEDED",
    }
)


def request_refund(
    client: XenditClient, charge: str, refund_key: str, amount_idr: int, reason: str
) -> RefundOutcome:
    """As `Gateway.refund`. UNCLEAR is answered for every error code that does not say that the
    method cannot be refunded."""
    request = client.payment_request(charge)
    if request is None:
        return RefundOutcome.UNCLEAR
    body = {
        "payment_request_id": request.id,
        "reference_id": refund_key,
        "amount": amount_idr,
        "currency": CURRENCY,
        "reason": "DUPLICATE" if reason == "duplicate_payment" else "CANCELLATION",
        "metadata": {"reason": reason},
    }
    answer = client.post("/refunds", body, refund_key)
    if answer.error_code in _NOT_REFUNDABLE:
        return RefundOutcome.NOT_REFUNDABLE
    if answer.error_code == "API_VALIDATION_ERROR":
        raise GatewayRefused(status_code=answer.status_code, error_code=answer.error_code)
    if answer.error_code:
        return RefundOutcome.UNCLEAR
    refund = read_body(Refund, answer.body)
    return RefundOutcome.DENIED if refund.status in NOT_MADE else RefundOutcome.ACCEPTED
