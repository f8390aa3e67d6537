"""Every refund begins here: due, with the promise that it was given."""

from datetime import datetime, timedelta

from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.payments import Payment
from meterai.domain.refunds.refunds import Refund, RefundReason, RefundState
from meterai.domain.timers import RESEND_AFTER, Timer


def new_refund(
    refund_id: RefundId,
    payment: Payment,
    *,
    amount_idr: int,
    reason: RefundReason,
    now: datetime,
    promise: timedelta,
    slots: tuple[int, ...] = (),
    body_hash: str = "",
    notify: bool = False,
) -> Refund:
    """`promise`: the money is on its way within it. No `slots`: the whole payment, which bought
    nothing. `body_hash`: of the request, if a person requested the refund. `notify`: as its
    order."""
    return Refund(
        refund_id=refund_id,
        account=payment.account,
        order_id=payment.order_id,
        payment_id=payment.payment_id,
        charge_id=payment.charge_id,
        amount_idr=amount_idr,
        slots=slots,
        reason=reason,
        state=RefundState.DUE,
        body_hash=body_hash,
        created_at=now,
        timer=Timer(now + RESEND_AFTER, now + promise),
        notify=notify,
    )
