"""What must hold, always and after quiet, named as in the design.

Each rule looks at a whole world and says what is wrong with it, in sentences; none is good.
"""

import hashlib
from collections.abc import Callable, Iterator

from meterai.domain.books import OrderFacts, close_books
from meterai.domain.orders import Order, OrderState, Refunded, Taken
from meterai.domain.payments import ChargeState, Payment
from meterai.domain.refunds import Refund, RefundState
from meterai.domain.stampings import SerialState
from tests.fakes.stamper import serials_on
from tests.fakes.world import World

Rule = Callable[[World], Iterator[str]]


def every_serial_is_of_one_order_on_one_document(world: World) -> Iterator[str]:
    holders: dict[str, str] = {}
    for order in world.orders.values():
        for slot, taken in order.taken():
            where = f"{order.order_id}/{slot}"
            if taken.serial in holders:
                yield f"{taken.serial} is in {holders[taken.serial]} and in {where}"
            holders[taken.serial] = where
            one = world.serials.get(taken.serial)
            if one is None or f"{one.order_id}/{one.slot}" != where:
                yield f"{where} holds {taken.serial}, which is not of it"
            elif not one.document.startswith(taken.document_prefix):
                yield f"{taken.serial} is on two documents"
    for one in world.serials.values():
        held = one.serial in holders
        if held == (one.state is SerialState.VOID):
            yield f"{one.serial} is {one.state}, and {'in' if held else 'not in'} a slot"
        if one.state is not world.serials[one.stamping].state:
            yield f"{one.stamping} is half {one.state}"


def quantity_is_accounted_for(world: World) -> Iterator[str]:
    """quantity = available + reserved + stamped + refunding + refunded + blocked."""
    for order in world.orders.values():
        for slot, use in order.slots.items():
            if not 0 <= slot < order.quantity:
                yield f"{order.order_id} has no slot {slot}"
            if isinstance(use, Refunded):
                refund = world.refunds.get(use.refund_id)
                if refund is None or slot not in refund.slots:
                    yield f"{order.order_id}/{slot} is refunded by nothing"


def captured_is_accounted_for(world: World) -> Iterator[str]:
    """A payment pays its order, goes back whole, or is in suspense; nothing else goes back."""
    for payment in world.payments.values():
        order = world.orders[payment.order_id]
        refunds = _refunds_of(payment, world)
        back_idr = sum(refund.amount_idr for refund in refunds)
        if order.payment_id == payment.payment_id:
            given = [s for s, use in order.slots.items() if isinstance(use, Refunded)]
            if back_idr != len(given) * order.unit_price_idr:
                yield f"{payment.payment_id}: Rp{back_idr} goes back for {len(given)} slots"
            if payment.amount_idr != order.amount_idr:
                yield f"{payment.payment_id} paid {order.order_id} with Rp{payment.amount_idr}"
        elif refunds and back_idr != payment.amount_idr:
            yield f"{payment.payment_id}: Rp{payment.amount_idr} came, Rp{back_idr} goes back"


def refunded_is_at_most_captured(world: World) -> Iterator[str]:
    """And the gateway gave back just what our refunds say, each once."""
    facts = {refund.gateway_key: refund.amount_idr for refund in world.refunds.values()}
    for charge in world.charges.values():
        told = charge.refunds.values()
        if sum(one.amount_idr for one in told) > (charge.amount_idr or 0):
            yield f"{charge.charge_id}: more was refunded than captured"
        yield from (
            f"the gateway refunded {one.refund_key}, which is no refund of ours"
            for one in told
            if facts.get(one.refund_key) != one.amount_idr
        )
    listed = {one.refund_key: one for c in world.charges.values() for one in c.refunds.values()}
    for refund in world.refunds.values():
        at_bank = listed.get(refund.gateway_key)
        if refund.state is RefundState.CONFIRMED and not (at_bank and at_bank.final):
            yield f"{refund.refund_id} is confirmed, but not by the bank"


def stamped_means_a_stored_file_with_a_listed_hash(world: World) -> Iterator[str]:
    for one in world.serials.values():
        content = world.stamped.get(one.stamping)
        if one.state is SerialState.STAMPED:
            found = content is not None and hashlib.sha256(content).hexdigest() in one.outputs
            if not found:
                yield f"{one.serial} is stamped, but its file is not stored"
            elif one.serial not in serials_on(content or b""):
                yield f"{one.serial} is stamped, but not on its file"


def no_file_bears_a_voided_serial(world: World) -> Iterator[str]:
    for stamping in world.stamped:
        if world.serials[stamping].state is SerialState.VOID:
            yield f"a portal heard of {stamping}, which is void"


def every_unfinished_item_has_a_clock(world: World) -> Iterator[str]:
    for order in world.orders.values():
        if (order.clock is None) == (order.state is OrderState.PENDING):
            yield f"{order.order_id} is {order.state}, its clock is {order.clock}"
    for one in world.serials.values():
        waits = one.state is SerialState.RESERVED and one.serial == one.stamping
        if (one.clock is None) == waits:
            yield f"{one.serial} is {one.state}, its clock is {one.clock}"
    for refund in world.refunds.values():
        if (refund.clock is None) == (refund.state is not RefundState.CONFIRMED):
            yield f"{refund.refund_id} is {refund.state}, its clock is {refund.clock}"


def every_paid_emeterai_is_stamped_available_or_refunded(world: World) -> Iterator[str]:
    """After quiet. A refund is done once confirmed, or waits for the buyer's account number."""
    for order in world.orders.values():
        if order.state is OrderState.PENDING:
            yield f"{order.order_id} is still pending"
        for slot, use in order.slots.items():
            if isinstance(use, Taken) and world.serials[use.serial].state is SerialState.RESERVED:
                yield f"{order.order_id}/{slot} is still reserved"
    for refund in world.refunds.values():
        if refund.state in (RefundState.DUE, RefundState.SUBMITTED):
            yield f"{refund.refund_id} is still {refund.state}"
    known = {payment.payment_id for payment in world.payments.values()}
    for charge in world.charges.values():
        holds = charge.settled_at is not None and charge.state is not ChargeState.REVERSED
        if holds and f"midtrans#{charge.transaction_id}" not in known:
            yield f"{charge.charge_id} was paid, and nobody knows"
    for payment in world.payments.values():
        pays = world.orders[payment.order_id].payment_id == payment.payment_id
        if not pays and not _refunds_of(payment, world):
            yield f"{payment.payment_id} bought nothing and does not go back"


def the_books_balance(world: World) -> Iterator[str]:
    yield from close_books(_facts(order, world) for order in world.orders.values()).differences


def _facts(order: Order, world: World) -> OrderFacts:
    payments = [p for p in world.payments.values() if p.order_id == order.order_id]
    return OrderFacts(
        order=order,
        payments=payments,
        emeterai={taken.serial: world.serials[taken.serial] for _, taken in order.taken()},
        refunds={
            refund.refund_id: refund
            for payment in payments
            for refund in _refunds_of(payment, world)
        },
    )


def _refunds_of(payment: Payment, world: World) -> list[Refund]:
    return [one for one in world.refunds.values() if one.payment_id == payment.payment_id]


ALWAYS: tuple[Rule, ...] = (
    every_serial_is_of_one_order_on_one_document,
    quantity_is_accounted_for,
    captured_is_accounted_for,
    refunded_is_at_most_captured,
    stamped_means_a_stored_file_with_a_listed_hash,
    no_file_bears_a_voided_serial,
    every_unfinished_item_has_a_clock,
)
AFTER_QUIET: tuple[Rule, ...] = (
    *ALWAYS,
    every_paid_emeterai_is_stamped_available_or_refunded,
    the_books_balance,
)
