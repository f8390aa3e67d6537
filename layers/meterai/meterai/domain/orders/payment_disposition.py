"""What happens to money that settled: it pays its order, or it is refunded automatically."""

from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import CURRENCY, ChargeStatus
from meterai.domain.refunds.refunds import RefundReason


def refund_reason_for(order: Order, payment_id: str, status: ChargeStatus) -> RefundReason | None:
    """The reason to give this money back; None where it pays the order, now or already.

    Whether it is late depends on the gateway's settlement time and the order's expiry, never on
    when we processed it: money that settled in time buys, however long our backlog was. What its
    buyer cancelled is bought by nothing, whenever its money settled: they were told so.
    """
    if order.payment_id == payment_id:
        return None
    is_right = (status.amount_idr, status.currency) == (order.amount_idr, CURRENCY)
    if not is_right or status.has_fraction:
        return RefundReason.AMOUNT_MISMATCH
    if order.payment_id is not None:
        return RefundReason.DUPLICATE_PAYMENT
    late = status.settled_at is not None and status.settled_at > order.expires_at
    if late or order.state is not OrderState.PENDING or order.is_given_up:
        return RefundReason.LATE_PAYMENT
    return None
