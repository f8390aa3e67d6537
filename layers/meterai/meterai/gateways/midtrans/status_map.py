"""What Midtrans's transaction states mean to us.

States: https://docs.midtrans.com/docs/https-notification-webhooks#status-definition. DANA sends
them in upper case. Paid is three things together: `status_code` 200, `fraud_status` absent or
`accept`, and `settlement` or `capture`.
"""

from meterai.domain.errors import Unavailable
from meterai.domain.orders.payments import ChargeState
from meterai.gateways.midtrans.answers import Status

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


def state_of(status: Status) -> ChargeState:
    """The state of a charge. Raises Unavailable for a state nobody told us of.

    A settlement may be denied 1 to 5 minutes later. Where the answer still carries its settlement
    time we can say REVERSED; where it does not we say DENIED, and whoever recorded the payment
    knows that it was one.
    """
    word = status.transaction_status.lower()
    if word in _PAID:
        return _state_of_paid(status)
    if word == "deny":
        return ChargeState.REVERSED if status.settlement_time else ChargeState.DENIED
    try:
        return _UNPAID[word]
    except KeyError:
        raise Unavailable(party="midtrans", reason="unknown_state", state=word) from None


def _state_of_paid(status: Status) -> ChargeState:
    """Money is believed only when nothing in the answer speaks against it."""
    fraud = (status.fraud_status or "accept").lower()
    if fraud == "deny":
        return ChargeState.DENIED
    if fraud == "accept" and status.status_code == "200":
        return ChargeState.SETTLED
    return ChargeState.PENDING
