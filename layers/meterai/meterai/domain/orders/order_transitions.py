"""What may become of an order, one change at a time.

Each function answers the order after the change, or None where the order as it is does not permit
it. Which state follows which is decided by `TRANSITIONS`. Storage applies the same functions: it
writes the difference, on the condition that the order is still as it was read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.orders import (
    TRANSITIONS,
    Order,
    OrderState,
    Refunded,
    SlotUse,
    Taken,
)
from meterai.domain.orders.payments import Instruction, Payment
from meterai.domain.stamping.serials import Serial
from meterai.domain.timers import Timer, next_payment_check


def next_attempt(order: Order) -> Order | None:
    """A new attempt to charge, under a charge id of its own. Only while no payment instruction is
    known: a buyer may pay by one that is."""
    if not _is_awaiting_payment(order) or order.instruction is not None:
        return None
    return replace(order, attempt=order.attempt + 1)


def charge_withdrawn(order: Order) -> Order | None:
    """The gateway takes no money for the current attempt any more: its instruction is not shown
    again, and what the buyer asks for next is another charge. Only while an instruction is known:
    else a request may still be making that charge."""
    if not _is_awaiting_payment(order) or order.instruction is None:
        return None
    return replace(order, attempt=order.attempt + 1, instruction=None)


def instruction_stored(order: Order, instruction: Instruction) -> Order | None:
    """How to pay the current attempt."""
    return replace(order, instruction=instruction) if _is_awaiting_payment(order) else None


def paid(order: Order, payment: Payment) -> Order | None:
    """Paid by this payment. No timer is left, and no payment instruction. A cancelled order is paid
    by nothing."""
    if order.is_given_up:
        return None
    done = _no_longer_pending(order, OrderState.PAID)
    return done and replace(
        done,
        payment_id=payment.payment_id,
        paid_at=payment.settled_at,
        payment_known_at=payment.known_at,
    )


def given_up(order: Order, now: datetime) -> Order | None:
    """Cancelled by its buyer. It expires now and shows no instruction, but stays pending until the
    gateway has closed its charge. Money that is under way goes back."""
    if not _is_awaiting_payment(order):
        return None
    expires_at = min(now, order.expires_at)
    return replace(
        order,
        expires_at=expires_at,
        cancelled_at=now,
        timer=Timer(next_payment_check(now, order.created_at, expires_at), expires_at),
        instruction=None,
    )


def closed(order: Order, state: OrderState) -> Order | None:
    """Expired, or cancelled: no charge of it can bring money any more."""
    if state not in (OrderState.EXPIRED, OrderState.CANCELLED):
        raise ValueError(f"an order does not close as {state}")
    return _no_longer_pending(order, state)


def payment_reversed(order: Order) -> Order | None:
    """The bank took the payment back. The slots stay as they are until they are voided."""
    if OrderState.REVERSED not in TRANSITIONS[order.state]:
        return None
    return replace(order, state=OrderState.REVERSED)


def slots_taken(order: Order, uses: Mapping[int, Taken]) -> Order | None:
    """Free slots taken by a stamping, before the order is paid or after."""
    if order.state not in (OrderState.PENDING, OrderState.PAID):
        return None
    return _slots_used(order, uses)


def slots_refunded(order: Order, refund_id: RefundId, slots: Sequence[int]) -> Order | None:
    """Free slots of a paid order given to a refund."""
    if order.state is not OrderState.PAID:
        return None
    return _slots_used(order, dict.fromkeys(slots, Refunded(refund_id)))


def slots_voided(
    order: Order, uses: Mapping[int, Taken], refund_id: RefundId | None = None
) -> Order | None:
    """The slots of a stamping free again; or, of a paid order, given to a refund. Only while they
    are still used as in `uses`. The stamping stays listed."""
    if any(order.slots.get(slot) != use for slot, use in uses.items()):
        return None
    freed = replace(
        order,
        slots={n: use for n, use in order.slots.items() if n not in uses},
        voided={**order.voided, **voided_stamping(uses)},
    )
    return freed if refund_id is None else slots_refunded(freed, refund_id, tuple(uses))


def voided_stamping(uses: Mapping[int, Taken]) -> dict[int, Serial]:
    """How the order goes on to list a stamping: under the slot of its first serial."""
    return {slot: use.stamping for slot, use in uses.items() if use.serial == use.stamping}


def refund_listed(order: Order, refund_id: RefundId) -> Order:
    """With the refund of a payment that bought nothing, listed once."""
    return replace(order, returned=tuple(sorted({*order.returned, refund_id})))


def _no_longer_pending(order: Order, state: OrderState) -> Order | None:
    if state not in TRANSITIONS[order.state]:
        return None
    return replace(order, state=state, timer=None, instruction=None)


def _is_awaiting_payment(order: Order) -> bool:
    return order.state is OrderState.PENDING and not order.is_given_up


def _slots_used(order: Order, uses: Mapping[int, SlotUse]) -> Order | None:
    if any(slot in order.slots for slot in uses):
        return None
    return replace(order, slots={**order.slots, **uses})
