"""Sweep: every unfinished item that is due is checked, and its work is resumed.

A queue message can be lost; a timer cannot. For each item: read it as it is, move its timer by a
condition, *then* send. What the lane has simply not reached yet is not sent again.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Protocol

from meterai.domain.errors import MeteraiError
from meterai.domain.id_derivation import IdDeriver, OrderId, RefundId
from meterai.domain.metrics import Metric
from meterai.domain.notifications.notifications import promise_at_risk
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.refunds.refund_factory import new_refund
from meterai.domain.refunds.refund_promises import RefundPromises
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
    RESEND_AFTER,
    UNREACHED_AFTER,
    UNREACHED_IN_BULK_AFTER,
    Timer,
    next_payment_check,
)
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane
from meterai.ports import Lanes, Metrics, Orders, Payments, Refunds, TimerIndex
from meterai.ports.notifications import Notifications
from meterai.steps.void_stamping import VoidStampingPorts, void_stamping

logger = logging.getLogger(__name__)


Check = Callable[[str, "SweepPorts", datetime], None]
IsIdle = Callable[[Lane], bool]


class SweepPorts(VoidStampingPorts, Protocol):
    @property
    def orders(self) -> Orders: ...
    @property
    def payments(self) -> Payments: ...
    @property
    def refunds(self) -> Refunds: ...
    @property
    def order_timers(self) -> TimerIndex: ...
    @property
    def serial_timers(self) -> TimerIndex: ...
    @property
    def refund_timers(self) -> TimerIndex: ...
    @property
    def lanes(self) -> Lanes: ...
    @property
    def notifications(self) -> Notifications: ...
    @property
    def id_deriver(self) -> IdDeriver: ...
    @property
    def snapshot(self) -> LoadSnapshot | None: ...
    @property
    def urgent_window(self) -> timedelta: ...
    @property
    def refund_promises(self) -> RefundPromises: ...
    @property
    def metrics(self) -> Metrics: ...


def sweep(ports: SweepPorts, now: datetime) -> int:
    """How many items were checked. Repeatable, and safe beside another sweep."""
    checked = 0
    # Asked at most once a sweep for each lane, and only if something waits for it.
    check_stamping = partial(_check_stamping, is_idle=cache(ports.lanes.is_idle))
    # In the order of the lanes: refunds first, then what is paid, then what is not.
    for timers, check in (
        (ports.refund_timers, _check_refund),
        (ports.serial_timers, check_stamping),
        (ports.order_timers, _check_order),
    ):
        for item_id in timers.due(now):
            checked += 1
            _guarded(check, item_id, ports, now)
    return checked


def _guarded(check: Check, item_id: str, ports: SweepPorts, now: datetime) -> None:
    """One item that fails must not hold up the others: its timer has been moved on."""
    try:
        check(item_id, ports, now)
    except MeteraiError as error:
        logger.warning("an item waits on", extra={"item": item_id, "code": error.code})


def _check_refund(item_id: str, ports: SweepPorts, now: datetime) -> None:
    refund = ports.refunds.get(RefundId(item_id))
    if refund is None or refund.timer is None or refund.timer.next_check_at > now:
        return  # the index was behind
    match refund.state:
        case RefundState.NEEDS_ACCOUNT:
            if refund.claim_tries:
                ports.refunds.advance(refund, tries_counted_anew(refund, now))
            else:
                then = now + NEXT_ACCOUNT_CHECK
                ports.refund_timers.move(item_id, refund.timer.next_check_at, then)
            logger.warning("refund needs an account number", extra={"refund_id": refund.refund_id})
        case RefundState.CONFIRMED if (refund.confirmed_at or now) + ACCOUNT_KEPT <= now:
            ports.refunds.advance(refund, forgotten(refund))
            logger.info("account of a refund deleted", extra={"refund_id": refund.refund_id})
        case RefundState.CONFIRMED:
            then = next_payout_check(now, refund.confirmed_at or now)
            _ask_about_refund(refund, refund.timer, then, ports)
        case _:
            _ask_about_refund(refund, refund.timer, now + NEXT_REFUND_CHECK, ports)
            if now >= refund.timer.deadline_at - NEAR_BREACH:
                ports.metrics.record(Metric.REFUND_PROMISE_AT_RISK)
                logger.error("refund promise at risk", extra={"refund_id": refund.refund_id})
                if refund.notify:  # at each check; the mail is sent once
                    ports.notifications.tell(promise_at_risk(refund))


def _ask_about_refund(refund: Refund, timer: Timer, then: datetime, ports: SweepPorts) -> None:
    if ports.refund_timers.move(refund.refund_id, timer.next_check_at, then):
        ports.lanes.refund(refund.refund_id, refund.account)


def _check_order(item_id: str, ports: SweepPorts, now: datetime) -> None:
    order = ports.orders.get(OrderId(item_id))
    if order is None or order.timer is None or order.timer.next_check_at > now:
        return
    then = next_payment_check(now, order.created_at, order.expires_at)
    if ports.order_timers.move(item_id, order.timer.next_check_at, then):
        ports.lanes.check_order(order.order_id, order.account)


def _check_stamping(item_id: str, ports: SweepPorts, now: datetime, *, is_idle: IsIdle) -> None:
    first = ports.serials.get(Serial(item_id))
    if first is None or first.timer is None or first.timer.next_check_at > now:
        return
    if first.state is SerialState.STAMPED:
        _check_augmentation(first, first.timer, ports, now)
        return
    order = ports.orders.get(first.order_id)
    if order is None:
        return
    # 1. The timer first: after a crash the next check finds the item.
    if not ports.serial_timers.move(
        item_id, first.timer.next_check_at, _next_check(first, order, now)
    ):
        return
    # 2. What the order's state and the promise require.
    match order.state:
        case OrderState.PAID if now >= first.timer.deadline_at:
            _give_back(first, order, ports, now)
        case OrderState.PAID:
            _send_again(first, ports, now, is_idle)
        case OrderState.EXPIRED | OrderState.CANCELLED | OrderState.REVERSED:
            # pragma: no mutate start, the time is compared for no claim
            void_stamping(first.serials, VOID_WITH_ORDER[order.state], ports, now)
            # pragma: no mutate end
        case OrderState.PENDING:  # pragma: no mutate: as no case
            pass  # the order's own timer checks its payment


def _send_again(first: EMeterai, ports: SweepPorts, now: datetime, is_idle: IsIdle) -> None:
    """Only if its lane is empty, or it has waited so long that its message must be lost."""
    lane = stamping_lane(first, ports.snapshot, now, ports.urgent_window)
    unreached = UNREACHED_IN_BULK_AFTER if lane is Lane.BULK else UNREACHED_AFTER
    if now - first.requested_at >= unreached or is_idle(lane):
        ports.lanes.stamp(first.serials, first.account, lane)


def _check_augmentation(first: EMeterai, timer: Timer, ports: SweepPorts, now: datetime) -> None:
    """It is stamped; its file is still to be augmented (`steps/augment.py`)."""
    then = next_augmentation_check(now, first.stamped_at or first.requested_at)
    if ports.serial_timers.move(first.serial, timer.next_check_at, then):
        ports.lanes.augment(first.stamping, first.account)
    if now >= timer.deadline_at:
        ports.metrics.record(Metric.AUGMENTATION_LATE)
        logger.error("not augmented in time", extra={"stamping_id": first.stamping})


def _next_check(first: EMeterai, order: Order, now: datetime) -> datetime:
    """After as long again as it has waited, so that a long backlog is not sent repeatedly; but
    never later than the promise. While it is unpaid, after the order's own next check."""
    is_promised = first.timer is not None and now < first.timer.deadline_at
    if order.timer is not None:
        then = max(now, order.timer.next_check_at) + RESEND_AFTER
    elif is_promised:
        then = now + max(RESEND_AFTER, now - first.requested_at)
    else:
        then = now + RESEND_AFTER
    return min(then, first.timer.deadline_at) if first.timer and is_promised else then


def _give_back(first: EMeterai, order: Order, ports: SweepPorts, now: datetime) -> None:
    """The promise was not kept: voided, and its refund recorded, in one transaction."""
    emeterai = ports.serials.get_many(first.serials)
    slots = tuple(one.slot for one in emeterai if one.state is SerialState.RESERVED)
    # pragma: no mutate start, for types only
    payment = ports.payments.get(order.order_id, order.payment_id or "")
    # pragma: no mutate end
    if payment is None or not slots:  # pragma: no mutate: for types only
        return
    refund = new_refund(
        ports.id_deriver.automatic_refund_id(payment.payment_id, slots),
        payment,
        amount_idr=len(slots) * order.unit_price_idr,
        reason=RefundReason.NOT_EXECUTED,
        now=now,
        promise=ports.refund_promises.of(order.method),
        slots=slots,
        notify=order.notify,
    )
    if void_stamping(first.serials, VoidReason.NOT_EXECUTED, ports, now, refund=refund):
        ports.lanes.refund(refund.refund_id, refund.account)
        logger.warning("not executed in time", extra={"stamping_id": first.stamping})
