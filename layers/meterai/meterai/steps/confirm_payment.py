"""Confirm a payment: the gateway's own answer about a charge decides, and is recorded once.

Pending, or a charge the gateway does not know, decides nothing: the order's timer checks again.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import (
    ChargeId,
    IdDeriver,
    OrderId,
    RefundId,
    charge_id,
    order_of_charge,
)
from meterai.domain.notifications.notifications import order_paid
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payment_disposition import refund_reason_for
from meterai.domain.orders.payments import (
    ChargeState,
    ChargeStatus,
    Payment,
    WebhookEvent,
    payment_id,
)
from meterai.domain.refunds.refund_factory import new_refund
from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.refunds.refunds import RefundReason, refund_of_gateway_key
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stamping_lanes import is_any_deadline_near, stamping_lane
from meterai.domain.stamping.stampings import VOID_WITH_ORDER
from meterai.domain.timers import AFTER_EXPIRY
from meterai.domain.waiting.load_snapshot import LoadSnapshot, paused
from meterai.domain.waiting.queue_status import Lane
from meterai.ports import DemandReporter, Gateway, Lanes, Orders, Payments, WebhookParser
from meterai.ports.notifications import Notifications
from meterai.steps.void_stamping import VoidStampingPorts, void_stamping

logger = logging.getLogger(__name__)

CLOSED_ANYWAY_AFTER = timedelta(days=1)
"""Past its expiry an order closes, though the gateway does not know the charge, or still calls it
pending. Money that comes after all is late, and goes back."""


class ConfirmPaymentPorts(VoidStampingPorts, Protocol):
    """`gateways`: the chosen one first; then the previous one, if any, where an order that is still
    unpaid may have been charged."""

    @property
    def orders(self) -> Orders: ...
    @property
    def payments(self) -> Payments: ...
    @property
    def lanes(self) -> Lanes: ...
    @property
    def notifications(self) -> Notifications: ...
    @property
    def gateways(self) -> Mapping[str, Gateway]: ...
    @property
    def webhook_parsers(self) -> Mapping[str, WebhookParser]: ...
    @property
    def id_deriver(self) -> IdDeriver: ...
    @property
    def snapshot(self) -> LoadSnapshot | None: ...
    @property
    def urgent_window(self) -> timedelta: ...
    @property
    def refund_promises(self) -> RefundPromises: ...
    @property
    def demand_reporter(self) -> DemandReporter: ...


def confirm_webhook(gateway: str, body: str, ports: ConfirmPaymentPorts, now: datetime) -> None:
    """After a webhook: its body names the charge to confirm. Raises WebhookRefused."""
    confirm_charge(gateway, ports.webhook_parsers[gateway](body), ports, now)


def confirm_charge(
    gateway: str, webhook: WebhookEvent, ports: ConfirmPaymentPorts, now: datetime
) -> None:
    """Asks the gateway about this payment and acts on its answer. Repeatable."""
    # 1. The order that it pays.
    order = ports.orders.get(order_of_charge(webhook.charge_id))
    if order is None:
        logger.warning("a webhook names no order of ours", extra={"charge_id": webhook.charge_id})
        return
    # 2. The gateway's own answer, and what follows from it.
    status = _ask(webhook, ports.gateways[gateway])
    if status is not None:
        _act(order, gateway, status, ports, now)


def check_order(order_id: OrderId, ports: ConfirmPaymentPorts, now: datetime) -> None:
    """The timer's check of an order that is not known to be paid. Repeatable.

    After its expiry, or once its buyer has cancelled it, the gateway is requested to close the
    charge; its answer, for every charge attempt, closes the order, and without one a day does.
    """
    order = ports.orders.get(order_id)
    if order is None or order.state is not OrderState.PENDING:
        return
    overdue = order.is_given_up or now >= order.expires_at + AFTER_EXPIRY
    all_closed = True
    for attempt in range(1, order.attempt + 1):
        charge = charge_id(order_id, attempt)
        # 1. The charge's status; once overdue, after the request to close it.
        gateway, status = _who_knows(charge, ports)
        if overdue and (status is None or status.state is ChargeState.PENDING):
            gateway.expire(charge)
            status = gateway.status(charge)
        # 2. A payment came after all, or the charge is closed, or it is not known yet.
        if status is None and _is_a_charge_to_come(order, attempt):
            continue
        if status is None or status.state is ChargeState.PENDING:
            all_closed &= now >= order.expires_at + CLOSED_ANYWAY_AFTER
        else:
            _act(order, gateway.name, status, ports, now)
    # 3. No attempt can bring money any more: closed, unless one of them has paid it.
    if overdue and all_closed and ports.orders.mark_closed(order, order.closes_as):
        logger.info("order closed", extra={"order_id": order_id, "state": order.closes_as.value})
        # pragma: no mutate start, the time is compared for no claim
        _void_all(order, order.closes_as, ports, now)
        # pragma: no mutate end


def _is_a_charge_to_come(order: Order, attempt: int) -> bool:
    """The one after a charge that was withdrawn: nobody has asked for it, or its answer was lost.
    Nobody was shown how to pay it. Of a cancelled order this is not known: its instruction is
    gone, and a request may be making the charge at this moment."""
    return 1 < attempt == order.attempt and order.instruction is None and not order.is_given_up


def _who_knows(charge: ChargeId, ports: ConfirmPaymentPorts) -> tuple[Gateway, ChargeStatus | None]:
    """The gateway that has this charge, and its answer; the chosen one if none has it."""
    for gateway in ports.gateways.values():
        status = gateway.status(charge)
        if status is not None:
            return gateway, status
    return next(iter(ports.gateways.values())), None


def _ask(webhook: WebhookEvent, gateway: Gateway) -> ChargeStatus | None:
    """About the one payment that the webhook names, if it is of this charge: if two payments
    settled before this request, the charge alone would answer with the later one."""
    if webhook.transaction_id:
        status = gateway.status(webhook.transaction_id)
        if status is not None and status.charge_id == webhook.charge_id:
            return status
    return gateway.status(webhook.charge_id)


def _act(
    order: Order, gateway: str, status: ChargeStatus, ports: ConfirmPaymentPorts, now: datetime
) -> None:
    match status.state:
        case ChargeState.SETTLED if status.is_of_nothing:
            logger.warning("a payment of nothing", extra={"charge_id": status.charge_id})
            _withdraw(order, status, ports, now)
        case ChargeState.SETTLED:
            _settle(order, gateway, status, ports, now)
        case ChargeState.REVERSED | ChargeState.DENIED:
            _reverse(order, gateway, status, ports, now)
            _withdraw(order, status, ports, now)
        case ChargeState.REFUNDED:
            for listed in status.refunds:
                refund_id = refund_of_gateway_key(listed.refund_key)
                if refund_id is not None:  # else it was refunded on the gateway's own dashboard
                    ports.lanes.refund(refund_id, order.account)
        case ChargeState.EXPIRED | ChargeState.CANCELLED:
            _withdraw(order, status, ports, now)
        case ChargeState.PENDING:
            pass  # no money: the order's timer closes it when it has expired


def _withdraw(
    order: Order, status: ChargeStatus, ports: ConfirmPaymentPorts, now: datetime
) -> None:
    """What the buyer is shown takes no money any more: their next request makes a new charge. Once
    the order has expired nothing is shown anyway."""
    if status.charge_id == order.charge_id and now < order.expires_at:
        ports.orders.withdraw_charge(order)


def _reverse(
    order: Order, gateway: str, status: ChargeStatus, ports: ConfirmPaymentPorts, now: datetime
) -> None:
    """The bank took the money back, or the gateway denied it after it had settled. This matters
    only if the payment was recorded and paid this order, or was about to."""
    payment = ports.payments.get(order.order_id, payment_id(gateway, status.transaction_id))
    if payment is None:
        return
    # Money that is refunded never pays: an order that is read now lists such a refund.
    order = ports.orders.get(order.order_id) or order
    own = ports.id_deriver.automatic_refund_id(payment.payment_id)
    if own in order.returned:
        _check_refunds([own], order, ports)
        return
    paid = ports.orders.mark_paid(order, payment)
    if paid is None:
        # It is recorded and bought nothing. Such money is refunded: the refund will find that the
        # bank was faster.
        order = ports.orders.get(order.order_id) or order
        reason = refund_reason_for(order, payment.payment_id, status)
        if reason is not None:
            _return(order, payment, reason, ports, now)
        return
    reversed_order = ports.orders.mark_reversed(paid)
    if reversed_order is not None:
        logger.warning("payment reversed", extra={"order_id": order.order_id})
        _void_all(reversed_order, reversed_order.state, ports, now)
        _check_refunds(reversed_order.refunds(), reversed_order, ports)


def _check_refunds(refunds: Iterable[RefundId], order: Order, ports: ConfirmPaymentPorts) -> None:
    """What was being refunded may have been returned by the bank already: the refunds check."""
    for refund_id in refunds:
        ports.lanes.refund(refund_id, order.account)


def _settle(
    order: Order, gateway: str, status: ChargeStatus, ports: ConfirmPaymentPorts, now: datetime
) -> None:
    """The money has arrived: it pays its order, or it is refunded."""
    payment = _payment(order, gateway, status, now)
    reason = refund_reason_for(order, payment.payment_id, status)
    if reason is None:
        # 1. The payment; 2. the order is paid; 3. what was requested before is sent to its lane;
        # 4. the buyer is told, if they asked for it.
        ports.payments.put(payment)
        paid = ports.orders.mark_paid(order, payment)
        if paid is not None:
            if paid.state is OrderState.PAID:  # not reversed since
                logger.info("order paid", extra={"order_id": order.order_id})
                _send_off(paid, ports, now)
                if paid.notify:
                    ports.notifications.tell(order_paid(paid))
            return
        # Since it was read, another charge paid it, or it closed: the rule is applied again.
        order = ports.orders.get(order.order_id) or order
        reason = refund_reason_for(order, payment.payment_id, status)
        if reason is None:
            raise Unavailable(order_id=order.order_id)  # pragma: no mutate: no client sees it
    _return(order, payment, reason, ports, now)


def _send_off(paid: Order, ports: ConfirmPaymentPorts, now: datetime) -> None:
    """What was requested before the money came. The order says what is bulk. Only the e-meterai
    say for which portal they are: they are read only while some deadline is near."""
    stampings = paid.stampings()
    if not stampings:
        return
    lanes: dict[Serial, Lane] = dict.fromkeys(paid.bulk_stampings(), Lane.BULK)
    snapshot = ports.snapshot
    if is_any_deadline_near(snapshot, now, ports.urgent_window):
        for first in ports.serials.get_many(list(stampings)):
            lanes[first.serial] = stamping_lane(first, snapshot, now, ports.urgent_window)
    for stamping, serials in stampings.items():
        ports.lanes.stamp(serials, paid.account, lanes.get(stamping, Lane.STAMPING))
    asked = sum(
        len(serials)
        for stamping, serials in stampings.items()
        if lanes.get(stamping) is not Lane.BULK
    )
    if asked:
        rush = paused(snapshot, now) is not None
        ports.demand_reporter.record_asked(asked, paid.created_at, now, rush=rush)


def _return(
    order: Order, payment: Payment, reason: RefundReason, ports: ConfirmPaymentPorts, now: datetime
) -> None:
    """The payment and its refund are recorded together, or not at all."""
    refund = new_refund(
        ports.id_deriver.automatic_refund_id(payment.payment_id),
        payment,
        amount_idr=payment.gross_idr,
        reason=reason,
        now=now,
        promise=ports.refund_promises.of(order.method),
        notify=order.notify,
    )
    ports.payments.put_with_refund(payment, refund)
    ports.lanes.refund(refund.refund_id, refund.account)
    logger.info(
        "money goes back",
        extra={"order_id": payment.order_id, "reason": reason.value},
    )


def _payment(order: Order, gateway: str, status: ChargeStatus, now: datetime) -> Payment:
    """The record of it. Without an amount or a time there can be none: the message stays in the
    queue until an operator has checked it (the dead-letter alarm)."""
    if status.amount_idr is None or status.settled_at is None:
        raise Unavailable(charge_id=status.charge_id)  # pragma: no mutate: no client sees it
    return Payment(
        payment_id=payment_id(gateway, status.transaction_id),
        gateway=gateway,
        charge_id=ChargeId(status.charge_id),
        order_id=order.order_id,
        account=order.account,
        amount_idr=status.amount_idr,
        settled_at=status.settled_at,
        known_at=now,
        fee_idr=status.fee_idr,
    )


def _void_all(
    order: Order, closed_as: OrderState, ports: ConfirmPaymentPorts, now: datetime
) -> None:
    for serials in order.stampings().values():
        void_stamping(serials, VOID_WITH_ORDER[closed_as], ports, now)
