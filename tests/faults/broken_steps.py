"""Steps broken on purpose, each in one way in which such offices have been broken before."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count

from meterai.domain.clocks import NEXT_REFUND_LOOK, Clock
from meterai.domain.identity import Identities, OrderId, RefundId
from meterai.domain.orders import Order, OrderState
from meterai.domain.payments import ChargeStatus, Payment, RefundOutcome
from meterai.domain.refunds import Refund, RefundReason
from meterai.domain.serials import Serial
from meterai.domain.stampings import EMeterai, SerialState, VoidReason
from meterai.ports import Documents, OrderMoved, Reserved, Serials
from meterai.steps import confirm_payment
from meterai.steps.confirm_payment import Confirming
from meterai.steps.execute_refund import Executing, execute_refund
from meterai.steps.sweep import Sweeping
from tests.fakes.documents import MemoryDocuments
from tests.fakes.gateway import MemoryGateway
from tests.fakes.serials import MemorySerials

_return = vars(confirm_payment)["_return"]
_reserve = MemorySerials.reserve
_claim = MemorySerials.claim
_finish = MemorySerials.finish
_put_preserved = MemoryDocuments.put_preserved
_void = MemorySerials.void
_numbers = count()


def send_before_it_is_written(payment: Payment, reason: RefundReason, needs: Confirming) -> None:
    needs.lanes.refund(needs.identities.own_refund_id(payment.payment_id), payment.account)
    _return(payment, reason, needs)


def void_without_a_look_at_the_output(
    serials: Sequence[Serial],
    reason: VoidReason,
    *,
    now: datetime,
    stock: Serials,
    documents: Documents,  # noqa: ARG001 (that is the fault)
    refund: Refund | None = None,
) -> bool:
    emeterai = stock.get_many(serials)
    if emeterai[0].state is not SerialState.RESERVED:
        return emeterai[0].state is SerialState.VOID
    return stock.void(emeterai, reason, now, refund=refund)


@dataclass
class _FreshKeys(MemoryGateway):
    def refund(self, charge: str, refund_key: str, amount_idr: int, reason: str) -> RefundOutcome:
        return super().refund(charge, f"{refund_key}{next(_numbers)}", amount_idr, reason)


def refund_with_a_fresh_key(refund_id: RefundId, needs: Executing) -> None:
    (gateway,) = needs.gateways.values()
    assert isinstance(gateway, MemoryGateway)
    fresh = {gateway.name: _FreshKeys(gateway.world)}
    execute_refund(refund_id, replace(needs, gateways=fresh))


def believe_the_refund_at_once(refund: Refund, status: ChargeStatus | None, **_: bool) -> bool:
    """For what the gateway lists, and what is final."""
    del refund
    return status is not None


def send_before_the_clock_is_moved(item_id: str, needs: Sweeping) -> None:
    refund = needs.refunds.get(RefundId(item_id))
    if refund is not None and refund.clock is not None:
        needs.lanes.refund(refund.refund_id, refund.account)
        needs.refund_clocks.move(item_id, refund.clock.due_at, needs.now + NEXT_REFUND_LOOK)


def reserve_without_a_clock(
    stock: MemorySerials, order: Order, emeterai: Sequence[EMeterai]
) -> Reserved | OrderMoved:
    return _reserve(stock, order, [replace(one, clock=None) for one in emeterai])


def stamp_without_a_claim(
    stock: MemorySerials, serials: Sequence[Serial], now: datetime, until: datetime
) -> tuple[EMeterai, ...]:
    del now, until
    return stock.get_many(serials)


def claim_after_the_promise(
    stock: MemorySerials,
    serials: Sequence[Serial],
    now: datetime,  # noqa: ARG001 (that is the fault)
    until: datetime,
) -> tuple[EMeterai, ...]:
    return _claim(stock, serials, datetime.min.replace(tzinfo=UTC), until)


def derive_a_fresh_refund_id(
    identities: Identities, payment_id: str, slots: tuple[int, ...] = ()
) -> RefundId:
    del slots
    return RefundId(f"rfd_{identities.pseudonym(f'{payment_id}{next(_numbers)}').upper()}")


def expire_by_our_own_clock(order_id: OrderId, needs: Confirming) -> None:
    order = needs.orders.get(order_id)
    if order is not None and needs.now >= order.expires_at:
        needs.orders.mark_closed(order_id, OrderState.EXPIRED)


def finish_and_forget_the_level(
    stock: MemorySerials,
    emeterai: Sequence[EMeterai],
    output: str,
    at: datetime,
    clock: Clock | None = None,
) -> bool:
    del clock
    return _finish(stock, emeterai, output, at)


def list_what_was_made_not_what_is_stored(
    documents: MemoryDocuments, emeterai: EMeterai, content: bytes
) -> str:
    _put_preserved(documents, emeterai, content)
    return hashlib.sha256(content).hexdigest()


def void_the_first_alone(
    stock: MemorySerials,
    emeterai: Sequence[EMeterai],
    reason: VoidReason,
    now: datetime,
    *,
    code: str | None = None,
    refund: Refund | None = None,
) -> bool:
    is_void = _void(stock, emeterai, reason, now, code=code, refund=refund)
    for one in emeterai[1:] if is_void else ():
        stock.world.serials[one.serial] = one
    return is_void


def acknowledge_what_is_not_stored(
    documents: MemoryDocuments,
    emeterai: EMeterai,  # noqa: ARG001 (that is the fault)
    content: bytes,
) -> str:
    del documents
    return hashlib.sha256(content).hexdigest()


def raise_by_writing_anew(documents: MemoryDocuments, emeterai: EMeterai, content: bytes) -> str:
    return _put_preserved(documents, emeterai, b"%PDF-2.0 optimised " + content)
