"""Xendit's states as the domain's.

A payment request's own `SUCCEEDED` is believed only with a payment behind it. Words:
https://docs.xendit.co/apidocs.
"""

from meterai.domain.errors import Unavailable
from meterai.domain.orders.payments import ChargeState, ChargeStatus, RefundStatus
from meterai.domain.refunds.payouts import PayoutState
from meterai.gateways.xendit.answers import PARTY, Payment, PaymentRequest, Refund, rupiah
from meterai.gateways.xendit.refunds import NOT_MADE

_CHARGES = {
    "PENDING": ChargeState.PENDING,
    "REQUIRES_ACTION": ChargeState.PENDING,
    "AWAITING_CAPTURE": ChargeState.PENDING,
    "UNKNOWN": ChargeState.PENDING,
    "SUCCEEDED": ChargeState.SETTLED,
    "EXPIRED": ChargeState.EXPIRED,
    "CANCELED": ChargeState.CANCELLED,
    "FAILED": ChargeState.DENIED,
    "VOIDED": ChargeState.REVERSED,
}
_CLOSED_METHOD = frozenset({"EXPIRED", "FAILED"})
_PAYOUTS = {
    "ACCEPTED": PayoutState.QUEUED,
    "PENDING_COMPLIANCE_ASSESSMENT": PayoutState.QUEUED,
    "REQUESTED": PayoutState.PROCESSED,
    "LOCKED": PayoutState.PROCESSED,
    "SUCCEEDED": PayoutState.COMPLETED,
    "FAILED": PayoutState.FAILED,
    "CANCELLED": PayoutState.FAILED,
    "COMPLIANCE_REJECTED": PayoutState.FAILED,
    "EXPIRED": PayoutState.FAILED,
    "REVERSED": PayoutState.FAILED,
}


def charge_status(
    request: PaymentRequest, payment: Payment | None, refunds: tuple[Refund, ...]
) -> ChargeStatus:
    """`payment`: the one that succeeded, if any."""
    made = tuple(_refund_status(refund) for refund in refunds if refund.status not in NOT_MADE)
    amount_idr, has_fraction = rupiah(payment.amount if payment else request.amount)
    return ChargeStatus(
        charge_id=request.reference_id,
        transaction_id=request.id,
        state=_state_of(request, payment, is_refunded=bool(made)),
        amount_idr=amount_idr,
        currency=payment.currency if payment else request.currency,
        settled_at=payment.created if payment else None,
        refunds=made,
        has_fraction=has_fraction,
    )


def payout_state_of(word: str) -> PayoutState:
    """Raises Unavailable for a state that is not documented."""
    try:
        return _PAYOUTS[word]
    except KeyError:
        raise Unavailable(party=PARTY, reason="unknown_state", state=word) from None


def _state_of(
    request: PaymentRequest, payment: Payment | None, *, is_refunded: bool
) -> ChargeState:
    try:
        state = _CHARGES[request.status]
    except KeyError:
        raise Unavailable(party=PARTY, reason="unknown_state", state=request.status) from None
    if payment is None:
        is_over = state is ChargeState.PENDING and request.payment_method.status in _CLOSED_METHOD
        if is_over:  # for one use, and that is over
            return ChargeState.EXPIRED
        return ChargeState.PENDING if state is ChargeState.SETTLED else state
    if state is ChargeState.REVERSED:
        return state
    return ChargeState.REFUNDED if is_refunded else ChargeState.SETTLED


def _refund_status(refund: Refund) -> RefundStatus:
    amount_idr, _ = rupiah(refund.amount)
    return RefundStatus(refund.reference_id or "", amount_idr, final=refund.status == "SUCCEEDED")
