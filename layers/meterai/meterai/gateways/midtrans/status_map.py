"""Midtrans's transaction states as the domain's `ChargeState`.

States: https://docs.midtrans.com/docs/https-notification-webhooks#status-definition. DANA sends
them in upper case. Paid is three things together: `status_code` 200, `fraud_status` absent or
`accept`, and `settlement` or `capture`.
"""

from meterai.domain.errors import Unavailable
from meterai.domain.orders.payments import ChargeState, ChargeStatus, RefundStatus
from meterai.domain.refunds.payouts import PayoutState
from meterai.gateways.midtrans.answers import (
    PARTY,
    PAYOUTS_PARTY,
    Refund,
    Status,
    amount_and_fee,
    utc_from_jakarta,
    whole_rupiah,
)

_PAID = ("settlement", "capture")
_UNPAID = {
    "pending": ChargeState.PENDING,
    "authorize": ChargeState.PENDING,
    "expire": ChargeState.EXPIRED,
    "cancel": ChargeState.CANCELLED,
    "failure": ChargeState.DENIED,
    "refund": ChargeState.REFUNDED,
    "partial_refund": ChargeState.REFUNDED,
    "chargeback": ChargeState.REVERSED,
    "partial_chargeback": ChargeState.REVERSED,
}

_PAYOUTS = {
    "queued": PayoutState.QUEUED,
    "approved": PayoutState.QUEUED,
    "processed": PayoutState.PROCESSED,
    "completed": PayoutState.COMPLETED,
    "failed": PayoutState.FAILED,
    "rejected": PayoutState.FAILED,
}


def charge_status(status: Status) -> ChargeStatus:
    settled_at = utc_from_jakarta(status.settlement_time) if status.settlement_time else None
    amount_idr, fee_idr, has_fraction = amount_and_fee(status)
    return ChargeStatus(
        charge_id=status.order_id,
        transaction_id=status.transaction_id,
        state=state_of(status),
        amount_idr=amount_idr,
        has_fraction=has_fraction,
        fee_idr=fee_idr,
        currency=status.currency,
        settled_at=settled_at,
        refunds=tuple(_refund_status(refund) for refund in status.refunds),
    )


def _refund_status(refund: Refund) -> RefundStatus:
    amount_idr = whole_rupiah(refund.refund_amount)
    if amount_idr is None:
        raise Unavailable(party=PARTY, reason="unreadable", fields="refund_amount")
    return RefundStatus(refund.refund_key, amount_idr, final=bool(refund.bank_confirmed_at))


def state_of(status: Status) -> ChargeState:
    """The state of a charge. Raises Unavailable for a state that is not documented.

    A settlement may be denied 1 to 5 minutes later. An answer with a settlement time is then
    REVERSED; without one it is DENIED, and the recorded payment shows that money had come.
    """
    word = status.transaction_status.lower()
    if word in _PAID:
        return _state_of_paid(status)
    if word == "deny":
        return ChargeState.REVERSED if status.settlement_time else ChargeState.DENIED
    try:
        return _UNPAID[word]
    except KeyError:
        raise Unavailable(party=PARTY, reason="unknown_state", state=word) from None


def _state_of_paid(status: Status) -> ChargeState:
    """SETTLED only if nothing in the answer contradicts it."""
    fraud = (status.fraud_status or "accept").lower()
    if fraud == "deny":
        return ChargeState.DENIED
    if fraud == "accept" and status.status_code == "200":
        return ChargeState.SETTLED
    return ChargeState.PENDING


def payout_state_of(word: str) -> PayoutState:
    """Raises Unavailable for a state that is not documented."""
    try:
        return _PAYOUTS[word.lower()]
    except KeyError:
        raise Unavailable(party=PAYOUTS_PARTY, reason="unknown_state", state=word) from None
