"""Sweep: every unfinished item whose time has come is looked at, and its work goes on.

A queue message can be lost; a clock cannot. For each item: read it as it is, set its clock on by a
condition, *then* send. What the lane has simply not reached yet is not sent again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from meterai.domain.errors import MeteraiError
from meterai.domain.id_derivation import IdDeriver, OrderId, RefundId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.refunds.refund_transitions import (
    ACCOUNT_KEPT,
    forgotten,
    next_payout_check,
    tries_counted_anew,
)
from meterai.domain.refunds.refunds import Refund, RefundReason, RefundState
from meterai.domain.stamping.augmentation import next_augmentation_check
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stamping_lanes import stamping_lane
from meterai.domain.stamping.stampings import VOID_WITH_ORDER, EMeterai, SerialState, VoidReason
from meterai.domain.timers import (
    NEAR_BREACH,
    NEXT_ACCOUNT_CHECK,
    NEXT_REFUND_CHECK,
    REFUND_PROMISE,
    RESEND_AFTER,
    UNREACHED_AFTER,
    UNREACHED_IN_BULK_AFTER,
    Timer,
    next_payment_check,
)
from meterai.domain.waiting.queue_status import Lane, LoadSnapshot
from meterai.ports import Documents, Lanes, Orders, Payments, Refunds, Serials, TimerIndex
from meterai.steps.void_stamping import void_stamping

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SweepPorts:
    """What one sweep needs from outside."""

    orders: Orders
    payments: Payments
    serials: Serials
    refunds: Refunds
    order_timers: TimerIndex
    serial_timers: TimerIndex
    refund_timers: TimerIndex
    documents: Documents
    lanes: Lanes
    id_deriver: IdDeriver
    snapshot: LoadSnapshot | None
    urgent_window: timedelta
    now: datetime

    idle: dict[Lane, bool] = field(default_factory=dict)

    def is_idle(self, lane: Lane) -> bool:
        """Asked once a sweep for each lane, and only where something waits for it."""
        if lane not in self.idle:
            self.idle[lane] = self.lanes.is_idle(lane)
        return self.idle[lane]


def sweep(ports: SweepPorts) -> int:
    """How many items were looked at. Repeatable, and safe beside another sweep."""
    looked = 0
    # In the order of the lanes: money first, then what is paid, then what is not.
    for timers, look in (
        (ports.refund_timers, _check_refund),
        (ports.serial_timers, _check_stamping),
        (ports.order_timers, _check_order),
    ):
        for item_id in timers.due(ports.now):
            looked += 1
            _guarded(look, item_id, ports)
    return looked


def _guarded(look: Callable[[str, SweepPorts], None], item_id: str, ports: SweepPorts) -> None:
    """One item that cannot be helped must not hold up the others: its clock has been set on."""
    try:
        look(item_id, ports)
    except MeteraiError as error:
        logger.warning("an item waits on", extra={"item": item_id, "code": error.code})


def _check_refund(item_id: str, ports: SweepPorts) -> None:
    refund = ports.refunds.get(RefundId(item_id))
    if refund is None or refund.timer is None or refund.timer.next_check_at > ports.now:
        return  # the index was stale
    match refund.state:
        case RefundState.NEEDS_ACCOUNT:
            if refund.claim_tries:
                ports.refunds.advance(refund, tries_counted_anew(refund, ports.now))
            else:
                then = ports.now + NEXT_ACCOUNT_CHECK
                ports.refund_timers.move(item_id, refund.timer.next_check_at, then)
            logger.warning("refund needs an account number", extra={"refund_id": refund.refund_id})
        case RefundState.CONFIRMED if (
            refund.confirmed_at or ports.now
        ) + ACCOUNT_KEPT <= ports.now:
            ports.refunds.advance(refund, forgotten(refund))
            logger.info("account of a refund deleted", extra={"refund_id": refund.refund_id})
        case RefundState.CONFIRMED:
            then = next_payout_check(ports.now, refund.confirmed_at or ports.now)
            _ask_about_refund(refund, refund.timer, then, ports)
        case _:
            _ask_about_refund(refund, refund.timer, ports.now + NEXT_REFUND_CHECK, ports)
            if ports.now >= refund.timer.deadline_at - NEAR_BREACH:
                # The sentence that an alarm in template.yaml listens to.
                logger.error("refund promise in danger", extra={"refund_id": refund.refund_id})


def _ask_about_refund(refund: Refund, timer: Timer, then: datetime, ports: SweepPorts) -> None:
    if ports.refund_timers.move(refund.refund_id, timer.next_check_at, then):
        ports.lanes.refund(refund.refund_id, refund.account)


def _check_order(item_id: str, ports: SweepPorts) -> None:
    order = ports.orders.get(OrderId(item_id))
    if order is None or order.timer is None or order.timer.next_check_at > ports.now:
        return
    then = next_payment_check(ports.now, order.created_at, order.expires_at)
    if ports.order_timers.move(item_id, order.timer.next_check_at, then):
        ports.lanes.check_order(order.order_id, order.account)


def _check_stamping(item_id: str, ports: SweepPorts) -> None:
    first = ports.serials.get(Serial(item_id))
    if first is None or first.timer is None or first.timer.next_check_at > ports.now:
        return
    if first.state is SerialState.STAMPED:
        _check_augmentation(first, first.timer, ports)
        return
    order = ports.orders.get(first.order_id)
    if order is None:
        return
    # 1. The clock first: a crash after it leaves the item to the next look.
    if not ports.serial_timers.move(
        item_id, first.timer.next_check_at, _next_check(first, order, ports)
    ):
        return
    # 2. What the order and the promise ask for.
    match order.state:
        case OrderState.PAID if ports.now >= first.timer.deadline_at:
            _give_back(first, order, ports)
        case OrderState.PAID:
            _send_again(first, ports)
        case OrderState.EXPIRED | OrderState.CANCELLED | OrderState.REVERSED:
            _void(first, VOID_WITH_ORDER[order.state], ports)
        case OrderState.PENDING:
            pass  # the order's own clock asks for the money


def _send_again(first: EMeterai, ports: SweepPorts) -> None:
    """Where its lane has come to rest without it, or has taken so long that nobody can tell."""
    lane = stamping_lane(first, ports.snapshot, ports.now, ports.urgent_window)
    unreached = UNREACHED_IN_BULK_AFTER if lane is Lane.BULK else UNREACHED_AFTER
    if ports.now - first.requested_at >= unreached or ports.is_idle(lane):
        ports.lanes.stamp(first.serials, first.account, lane)


def _check_augmentation(first: EMeterai, timer: Timer, ports: SweepPorts) -> None:
    """The stamp is given out; its file is still to be raised (`steps/augment.py`)."""
    then = next_augmentation_check(ports.now, first.stamped_at or first.requested_at)
    if ports.serial_timers.move(first.serial, timer.next_check_at, then):
        ports.lanes.augment(first.stamping, first.account)
    if ports.now >= timer.deadline_at:
        # The sentence that an alarm in template.yaml listens to.
        logger.error("not preserved in time", extra={"stamping_id": first.stamping})


def _next_check(first: EMeterai, order: Order, ports: SweepPorts) -> datetime:
    """After as long again as it has waited, so that a long backlog is not sent over and over; but
    never later than the promise. Where the money is awaited, after the order's own next look."""
    is_promised = first.timer is not None and ports.now < first.timer.deadline_at
    if order.timer is not None:
        then = max(ports.now, order.timer.next_check_at) + RESEND_AFTER
    elif is_promised:
        then = ports.now + max(RESEND_AFTER, ports.now - first.requested_at)
    else:
        then = ports.now + RESEND_AFTER
    return min(then, first.timer.deadline_at) if first.timer and is_promised else then


def _give_back(first: EMeterai, order: Order, ports: SweepPorts) -> None:
    """The promise ran out: void, and the money on its way back, in one transaction."""
    emeterai = ports.serials.get_many(first.serials)
    slots = tuple(one.slot for one in emeterai if one.state is SerialState.RESERVED)
    payment = ports.payments.get(order.order_id, order.payment_id or "")
    if payment is None or not slots:
        return
    refund = Refund(
        refund_id=ports.id_deriver.automatic_refund_id(payment.payment_id, slots),
        account=order.account,
        order_id=order.order_id,
        payment_id=payment.payment_id,
        charge_id=payment.charge_id,
        amount_idr=len(slots) * order.unit_price_idr,
        slots=slots,
        reason=RefundReason.NOT_EXECUTED,
        state=RefundState.DUE,
        body_hash="",
        created_at=ports.now,
        timer=Timer(ports.now + RESEND_AFTER, ports.now + REFUND_PROMISE),
    )
    if _void(first, VoidReason.NOT_EXECUTED, ports, refund):
        ports.lanes.refund(refund.refund_id, refund.account)
        logger.warning("not executed in time", extra={"stamping_id": first.stamping})


def _void(
    first: EMeterai, reason: VoidReason, ports: SweepPorts, refund: Refund | None = None
) -> bool:
    return void_stamping(
        first.serials,
        reason,
        now=ports.now,
        store=ports.serials,
        documents=ports.documents,
        refund=refund,
    )
