"""Request a refund: unused e-meterai of an order are given back for their money."""

from datetime import datetime
from typing import Protocol

from meterai.domain.errors import KeyReused, NoBalance, NotFound, StampingInProgress, Unavailable
from meterai.domain.id_derivation import IdDeriver, OrderId, RequestIdentity
from meterai.domain.orders.orders import Order
from meterai.domain.refunds.refund_factory import new_refund
from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.refunds.refunds import Refund, RefundReason, RefundState
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.ports import Lanes, Orders, Payments, Refunds
from meterai.steps.void_stamping import VoidStampingPorts, void_stamping

MAX_TRIES = 4  # concurrent requests on one order: the slower one reads it again


class RequestRefundPorts(VoidStampingPorts, Protocol):
    @property
    def refund_promises(self) -> RefundPromises: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def payments(self) -> Payments: ...
    @property
    def refunds(self) -> Refunds: ...
    @property
    def lanes(self) -> Lanes: ...
    @property
    def id_deriver(self) -> IdDeriver: ...


NOT_KNOWN = ""
"""The hash of the request of a refund that was put on record again after a restore."""


def request_refund(
    request_identity: RequestIdentity,
    order_id: OrderId,
    quantity: int,
    body_hash: str,
    ports: RequestRefundPorts,
    now: datetime,
) -> Refund:
    """The refund of this request. Repeatable without limit.

    Free e-meterai are taken first; then reserved ones are voided, but never one that a worker
    holds. Raises NotFound, KeyReused, OrderNotPaid, NoBalance, StampingInProgress.
    """
    refund_id = ports.id_deriver.refund_id(request_identity)
    for _ in range(MAX_TRIES):
        # 1. The order; if it already names this refund, this is a retry.
        order = ports.orders.get(order_id)
        if order is None or order.account != request_identity.account:
            raise NotFound
        if refund_id in order.refunds():
            existing = ports.refunds.get(refund_id)
            if existing is not None:
                return _send_off(existing, body_hash, ports)
        # 2. The slots to refund, freed first where necessary.
        try:
            slots = order.refund_slots(quantity)
        except NoBalance as shortage:
            _take_back_reserved(order, quantity, shortage, ports, now)
            continue
        # 3. The slots are given to the refund and the refund is recorded, together or not at all.
        # pragma: no mutate start, for types only
        payment = ports.payments.get(order_id, order.payment_id or "")
        # pragma: no mutate end
        if payment is None:
            raise Unavailable(order_id=order_id)  # pragma: no mutate: no client sees it
        refund = new_refund(
            refund_id,
            payment,
            amount_idr=quantity * order.unit_price_idr,
            reason=RefundReason.REQUESTED,
            now=now,
            promise=ports.refund_promises.of(order.method),
            slots=slots,
            body_hash=body_hash,
            notify=order.notify,
        )
        outcome = ports.refunds.request(order, refund)
        if isinstance(outcome, Refund):
            return _send_off(outcome, body_hash, ports)
    raise Unavailable(order_id=order_id)  # pragma: no mutate: no client sees it


def _send_off(refund: Refund, body_hash: str, ports: RequestRefundPorts) -> Refund:
    """4. The message is the fast way to the gateway; the timer is the certain one."""
    if refund.body_hash not in (body_hash, NOT_KNOWN):
        raise KeyReused
    if refund.state is RefundState.DUE:
        ports.lanes.refund(refund.refund_id, refund.account)
    return refund


def _take_back_reserved(
    order: Order,
    quantity: int,
    shortage: NoBalance,
    ports: RequestRefundPorts,
    now: datetime,
) -> None:
    """Voids waiting stampings until enough slots are free; none, if they would not be enough.

    Raises NoBalance, StampingInProgress: then nothing was voided.
    """
    missing = quantity - len(order.free_slots)
    stampings = (ports.serials.get_many(serials) for serials in order.stampings().values())
    waiting = [them for them in stampings if them[0].state is SerialState.RESERVED]
    if sum(map(len, waiting)) < missing:
        raise shortage
    idle = [them for them in waiting if not any(one.is_claimed(now) for one in them)]
    if sum(map(len, idle)) < missing:
        raise StampingInProgress(order_id=order.order_id)
    for emeterai in idle:
        if missing > 0 and void_stamping(
            emeterai[0].serials, VoidReason.REFUND_REQUESTED, ports, now
        ):
            missing -= len(emeterai)
