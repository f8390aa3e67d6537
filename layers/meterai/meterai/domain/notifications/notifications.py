"""A notification: something that happened to an order, for the person who asked to be told.

It has no address, no name and nothing of a document: its mail links to a page of the person's own.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import Order
from meterai.domain.refunds.refunds import Refund, RefundReason
from meterai.domain.stamping.stampings import EMeterai


class NotificationKind(StrEnum):
    ORDER_PAID = "order_paid"
    DOCUMENT_STAMPED = "document_stamped"
    REFUND_BEGUN = "refund_begun"
    REFUND_NEEDS_ACCOUNT = "refund_needs_account"
    REFUND_DONE = "refund_done"
    PROMISE_AT_RISK = "promise_at_risk"


@dataclass(frozen=True, slots=True)
class Notification:
    """`about`: the order, stamping or refund, and the attempt where there may be several. `count`:
    of e-meterai. `promised_by`: when a refund's money is on its way at the latest."""

    kind: NotificationKind
    account: str
    about: str
    order_id: OrderId
    count: int = 0
    amount_idr: int = 0
    promised_by: datetime | None = None
    reason: RefundReason | None = None

    @property
    def notification_id(self) -> str:
        """The same event is the same notification, however often it is told."""
        return f"{self.kind.value}#{self.about}"

    @property
    def path(self) -> str:
        """The page that has more of it, for its owner alone."""
        if self.about.startswith("rfd_"):
            return f"/saya/pengembalian/{self.about.partition('-')[0]}"
        return f"/saya/pesanan/{self.order_id}"


def order_paid(order: Order) -> Notification:
    return Notification(
        NotificationKind.ORDER_PAID,
        order.account,
        order.order_id,
        order.order_id,
        count=order.quantity,
        amount_idr=order.amount_idr,
    )


def document_stamped(first: EMeterai) -> Notification:
    """`first`: of the stamping, whose serial names it."""
    return Notification(
        NotificationKind.DOCUMENT_STAMPED,
        first.account,
        first.stamping,
        first.order_id,
        count=len(first.serials),
    )


def refund_begun(refund: Refund) -> Notification:
    return _of_refund(NotificationKind.REFUND_BEGUN, refund, refund.refund_id)


def refund_needs_account(refund: Refund) -> Notification:
    """Each attempt that failed is told of: its owner has to name another account."""
    return _of_refund(NotificationKind.REFUND_NEEDS_ACCOUNT, refund, refund.gateway_key)


def refund_done(refund: Refund) -> Notification:
    """A bank may return the money even then, and another attempt may end well: told of each."""
    return _of_refund(NotificationKind.REFUND_DONE, refund, refund.gateway_key)


def promise_at_risk(refund: Refund) -> Notification:
    return _of_refund(NotificationKind.PROMISE_AT_RISK, refund, refund.refund_id)


def _of_refund(kind: NotificationKind, refund: Refund, about: str) -> Notification:
    return Notification(
        kind,
        refund.account,
        about,
        refund.order_id,
        amount_idr=refund.amount_idr,
        promised_by=None if refund.timer is None else refund.timer.deadline_at,
        reason=refund.reason,
    )
