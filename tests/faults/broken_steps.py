"""Seeded bugs in steps and storage. Each is a mistake that systems of this kind have had."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count

from meterai.domain.id_derivation import IdDeriver, OrderId, RefundId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import ChargeStatus, Payment, RefundOutcome
from meterai.domain.refunds.refunds import Refund, RefundReason
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.domain.timers import NEXT_REFUND_CHECK, Timer
from meterai.ports import OrderMoved, Reserved
from meterai.steps import confirm_payment
from meterai.steps.confirm_payment import ConfirmPaymentPorts
from meterai.steps.execute_refund import execute_refund
from meterai.steps.sweep import SweepPorts
from meterai.steps.void_stamping import VoidStampingPorts
from tests.fakes.documents import MemoryDocuments
from tests.fakes.gateway import MemoryGateway
from tests.fakes.ports import MemoryPorts
from tests.fakes.serials import MemorySerials

_return = vars(confirm_payment)["_return"]
_reserve = MemorySerials.reserve
_claim = MemorySerials.claim
_finish = MemorySerials.finish
_put_preserved = MemoryDocuments.put_augmented
_void = MemorySerials.void
_numbers = count()


def send_before_it_is_written(
    order: Order,
    payment: Payment,
    reason: RefundReason,
    ports: ConfirmPaymentPorts,
    now: datetime,
) -> None:
    ports.lanes.refund(ports.id_deriver.automatic_refund_id(payment.payment_id), payment.account)
    _return(order, payment, reason, ports, now)


def void_without_checking_the_output(
    serials: Sequence[Serial],
    reason: VoidReason,
    ports: VoidStampingPorts,
    now: datetime,
    *,
    refund: Refund | None = None,
) -> bool:
    emeterai = ports.serials.get_many(serials)
    if emeterai[0].state is not SerialState.RESERVED:
        return emeterai[0].state is SerialState.VOID
    return ports.serials.void(emeterai, reason, now, refund=refund)


@dataclass
class _FreshKeys(MemoryGateway):
    def refund(self, charge: str, refund_key: str, amount_idr: int, reason: str) -> RefundOutcome:
        return super().refund(charge, f"{refund_key}{next(_numbers)}", amount_idr, reason)


def refund_with_a_fresh_key(refund_id: RefundId, ports: MemoryPorts, now: datetime) -> None:
    fresh = {ports.gateway.name: _FreshKeys(ports.state)}
    execute_refund(refund_id, replace(ports, gateways=fresh), now)


def believe_the_refund_at_once(refund: Refund, status: ChargeStatus | None, **_: bool) -> bool:
    """Whether it is listed and whether it is final are answered alike."""
    del refund
    return status is not None


def send_before_the_timer_is_moved(item_id: str, ports: SweepPorts, now: datetime) -> None:
    refund = ports.refunds.get(RefundId(item_id))
    if refund is not None and refund.timer is not None:
        ports.lanes.refund(refund.refund_id, refund.account)
        ports.refund_timers.move(item_id, refund.timer.next_check_at, now + NEXT_REFUND_CHECK)


def reserve_without_a_timer(
    store: MemorySerials, order: Order, emeterai: Sequence[EMeterai]
) -> Reserved | OrderMoved:
    return _reserve(store, order, [replace(one, timer=None) for one in emeterai])


def stamp_without_a_claim(
    store: MemorySerials, serials: Sequence[Serial], now: datetime, until: datetime
) -> tuple[EMeterai, ...]:
    del now, until
    return store.get_many(serials)


def claim_after_the_promise(
    store: MemorySerials,
    serials: Sequence[Serial],
    now: datetime,  # noqa: ARG001 (that is the bug)
    until: datetime,
) -> tuple[EMeterai, ...]:
    return _claim(store, serials, datetime.min.replace(tzinfo=UTC), until)


def derive_a_fresh_refund_id(
    id_deriver: IdDeriver, payment_id: str, slots: tuple[int, ...] = ()
) -> RefundId:
    del slots
    return RefundId(f"rfd_{id_deriver.pseudonym(f'{payment_id}{next(_numbers)}').upper()}")


def expire_without_asking_the_gateway(
    order_id: OrderId, ports: ConfirmPaymentPorts, now: datetime
) -> None:
    order = ports.orders.get(order_id)
    if order is not None and now >= order.expires_at:
        ports.orders.mark_closed(order, OrderState.EXPIRED)


def finish_and_forget_the_level(
    store: MemorySerials,
    emeterai: Sequence[EMeterai],
    output: Output,
    at: datetime,
    timer: Timer | None = None,
) -> bool:
    del timer
    return _finish(store, emeterai, output, at)


def list_what_was_made_not_what_is_stored(
    documents: MemoryDocuments, emeterai: EMeterai, content: bytes
) -> Output:
    _put_preserved(documents, emeterai, content)
    return Output.of(content)


def void_the_first_alone(
    store: MemorySerials,
    emeterai: Sequence[EMeterai],
    reason: VoidReason,
    now: datetime,
    *,
    code: str | None = None,
    refund: Refund | None = None,
) -> bool:
    is_void = _void(store, emeterai, reason, now, code=code, refund=refund)
    for one in emeterai[1:] if is_void else ():
        store.state.serials[one.serial] = one
    return is_void


def acknowledge_what_is_not_stored(
    documents: MemoryDocuments,
    stamping: Sequence[EMeterai],  # noqa: ARG001 (that is the bug)
    content: bytes,
) -> Output:
    del documents
    return Output.of(content)


def augment_by_rewriting(documents: MemoryDocuments, emeterai: EMeterai, content: bytes) -> Output:
    return _put_preserved(documents, emeterai, b"%PDF-2.0 optimised " + content)
