"""Sweep: every unfinished item whose time has come is looked at, and its work goes on.

A queue message can be lost; a clock cannot. For each item: read it as it is, set its clock on by a
condition, *then* send. What the lane has simply not reached yet is not sent again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from meterai.domain.clocks import (
    NEAR_BREACH,
    NEXT_ACCOUNT_LOOK,
    NEXT_REFUND_LOOK,
    REFUND_PROMISE,
    RESEND_AFTER,
    UNREACHED_AFTER,
    UNREACHED_IN_BULK_AFTER,
    Clock,
    next_look_at_payment,
)
from meterai.domain.errors import MeteraiError
from meterai.domain.flow import Lane, Snapshot
from meterai.domain.identity import Identities, OrderId, RefundId
from meterai.domain.orders import Order, OrderState
from meterai.domain.preservation import next_look_at_preservation
from meterai.domain.refund_changes import (
    ACCOUNT_KEPT,
    forgotten,
    next_look_at_payout,
    tries_counted_anew,
)
from meterai.domain.refunds import Refund, RefundReason, RefundState
from meterai.domain.serials import Serial
from meterai.domain.stamping_lanes import stamping_lane
from meterai.domain.stampings import VOID_WITH_ORDER, EMeterai, SerialState, VoidReason
from meterai.ports import Clocks, Documents, Lanes, Orders, Payments, Refunds, Serials
from meterai.steps.void_stamping import void_stamping

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sweeping:
    """What one sweep needs from outside."""

    orders: Orders
    payments: Payments
    serials: Serials
    refunds: Refunds
    order_clocks: Clocks
    serial_clocks: Clocks
    refund_clocks: Clocks
    documents: Documents
    lanes: Lanes
    identities: Identities
    snapshot: Snapshot | None
    urgent_within: timedelta
    now: datetime

    at_rest: dict[Lane, bool] = field(default_factory=dict)

    def is_at_rest(self, lane: Lane) -> bool:
        """Asked once a sweep for each lane, and only where something waits for it."""
        if lane not in self.at_rest:
            self.at_rest[lane] = self.lanes.is_at_rest(lane)
        return self.at_rest[lane]


def sweep(needs: Sweeping) -> int:
    """How many items were looked at. Repeatable, and safe beside another sweep."""
    looked = 0
    # In the order of the lanes: money first, then what is paid, then what is not.
    for clocks, look in (
        (needs.refund_clocks, _look_at_refund),
        (needs.serial_clocks, _look_at_stamping),
        (needs.order_clocks, _look_at_order),
    ):
        for item_id in clocks.due(needs.now):
            looked += 1
            _guarded(look, item_id, needs)
    return looked


def _guarded(look: Callable[[str, Sweeping], None], item_id: str, needs: Sweeping) -> None:
    """One item that cannot be helped must not hold up the others: its clock has been set on."""
    try:
        look(item_id, needs)
    except MeteraiError as error:
        logger.warning("an item waits on", extra={"item": item_id, "code": error.code})


def _look_at_refund(item_id: str, needs: Sweeping) -> None:
    refund = needs.refunds.get(RefundId(item_id))
    if refund is None or refund.clock is None or refund.clock.due_at > needs.now:
        return  # the index was stale
    match refund.state:
        case RefundState.NEEDS_ACCOUNT:
            if refund.claim_tries:
                needs.refunds.advance(refund, tries_counted_anew(refund, needs.now))
            else:
                then = needs.now + NEXT_ACCOUNT_LOOK
                needs.refund_clocks.move(item_id, refund.clock.due_at, then)
            logger.warning("refund needs an account number", extra={"refund_id": refund.refund_id})
        case RefundState.CONFIRMED if (
            refund.confirmed_at or needs.now
        ) + ACCOUNT_KEPT <= needs.now:
            needs.refunds.advance(refund, forgotten(refund))
            logger.info("account of a refund deleted", extra={"refund_id": refund.refund_id})
        case RefundState.CONFIRMED:
            then = next_look_at_payout(needs.now, refund.confirmed_at or needs.now)
            _ask_about_refund(refund, refund.clock, then, needs)
        case _:
            _ask_about_refund(refund, refund.clock, needs.now + NEXT_REFUND_LOOK, needs)
            if needs.now >= refund.clock.deadline_at - NEAR_BREACH:
                # The sentence that an alarm in template.yaml listens to.
                logger.error("refund promise in danger", extra={"refund_id": refund.refund_id})


def _ask_about_refund(refund: Refund, clock: Clock, then: datetime, needs: Sweeping) -> None:
    if needs.refund_clocks.move(refund.refund_id, clock.due_at, then):
        needs.lanes.refund(refund.refund_id, refund.account)


def _look_at_order(item_id: str, needs: Sweeping) -> None:
    order = needs.orders.get(OrderId(item_id))
    if order is None or order.clock is None or order.clock.due_at > needs.now:
        return
    then = next_look_at_payment(needs.now, order.created_at, order.expires_at)
    if needs.order_clocks.move(item_id, order.clock.due_at, then):
        needs.lanes.look_at_order(order.order_id, order.account)


def _look_at_stamping(item_id: str, needs: Sweeping) -> None:
    first = needs.serials.get(Serial(item_id))
    if first is None or first.clock is None or first.clock.due_at > needs.now:
        return
    if first.state is SerialState.STAMPED:
        _look_at_preservation(first, first.clock, needs)
        return
    order = needs.orders.get(first.order_id)
    if order is None:
        return
    # 1. The clock first: a crash after it leaves the item to the next look.
    if not needs.serial_clocks.move(item_id, first.clock.due_at, _next_look(first, order, needs)):
        return
    # 2. What the order and the promise ask for.
    match order.state:
        case OrderState.PAID if needs.now >= first.clock.deadline_at:
            _give_back(first, order, needs)
        case OrderState.PAID:
            _send_again(first, needs)
        case OrderState.EXPIRED | OrderState.CANCELLED | OrderState.REVERSED:
            _void(first, VOID_WITH_ORDER[order.state], needs)
        case OrderState.PENDING:
            pass  # the order's own clock asks for the money


def _send_again(first: EMeterai, needs: Sweeping) -> None:
    """Where its lane has come to rest without it, or has taken so long that nobody can tell."""
    lane = stamping_lane(first, needs.snapshot, needs.now, needs.urgent_within)
    unreached = UNREACHED_IN_BULK_AFTER if lane is Lane.BULK else UNREACHED_AFTER
    if needs.now - first.requested_at >= unreached or needs.is_at_rest(lane):
        needs.lanes.stamp(first.serials, first.account, lane)


def _look_at_preservation(first: EMeterai, clock: Clock, needs: Sweeping) -> None:
    """The stamp is given out; its file is still to be raised (`steps/preserve.py`)."""
    then = next_look_at_preservation(needs.now, first.stamped_at or first.requested_at)
    if needs.serial_clocks.move(first.serial, clock.due_at, then):
        needs.lanes.preserve(first.stamping, first.account)
    if needs.now >= clock.deadline_at:
        # The sentence that an alarm in template.yaml listens to.
        logger.error("not preserved in time", extra={"stamping_id": first.stamping})


def _next_look(first: EMeterai, order: Order, needs: Sweeping) -> datetime:
    """After as long again as it has waited, so that a long backlog is not sent over and over; but
    never later than the promise. Where the money is awaited, after the order's own next look."""
    is_promised = first.clock is not None and needs.now < first.clock.deadline_at
    if order.clock is not None:
        then = max(needs.now, order.clock.due_at) + RESEND_AFTER
    elif is_promised:
        then = needs.now + max(RESEND_AFTER, needs.now - first.requested_at)
    else:
        then = needs.now + RESEND_AFTER
    return min(then, first.clock.deadline_at) if first.clock and is_promised else then


def _give_back(first: EMeterai, order: Order, needs: Sweeping) -> None:
    """The promise ran out: void, and the money on its way back, in one transaction."""
    emeterai = needs.serials.get_many(first.serials)
    slots = tuple(one.slot for one in emeterai if one.state is SerialState.RESERVED)
    payment = needs.payments.get(order.order_id, order.payment_id or "")
    if payment is None or not slots:
        return
    refund = Refund(
        refund_id=needs.identities.own_refund_id(payment.payment_id, slots),
        account=order.account,
        order_id=order.order_id,
        payment_id=payment.payment_id,
        charge_id=payment.charge_id,
        amount_idr=len(slots) * order.unit_price_idr,
        slots=slots,
        reason=RefundReason.NOT_EXECUTED,
        state=RefundState.DUE,
        body_hash="",
        created_at=needs.now,
        clock=Clock(needs.now + RESEND_AFTER, needs.now + REFUND_PROMISE),
    )
    if _void(first, VoidReason.NOT_EXECUTED, needs, refund):
        needs.lanes.refund(refund.refund_id, refund.account)
        logger.warning("not executed in time", extra={"stamping_id": first.stamping})


def _void(
    first: EMeterai, reason: VoidReason, needs: Sweeping, refund: Refund | None = None
) -> bool:
    return void_stamping(
        first.serials,
        reason,
        now=needs.now,
        stock=needs.serials,
        documents=needs.documents,
        refund=refund,
    )
