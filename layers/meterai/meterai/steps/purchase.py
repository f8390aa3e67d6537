"""Purchase: an order becomes known, is charged at the gateway, and says how to pay.

While buying is paused, whoever has no order yet needs a ticket whose turn has come
(`domain/waiting/admission_control.py`). What is bought for a portal must have a chance to be in
time for its deadline (`domain/waiting/deadlines.py`). What stands already is served at all times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meterai.domain.errors import (
    BuyingPaused,
    ChargeExists,
    GatewayRefused,
    KeyReused,
    PortalUnknown,
    Refusal,
    TicketExpired,
    TicketUsed,
)
from meterai.domain.id_derivation import IdDeriver, OrderId, RequestIdentity
from meterai.domain.orders.orders import Order, OrderState, check_quantity
from meterai.domain.orders.payments import Method
from meterai.domain.timers import GATEWAY_PATIENCE, Timer, next_payment_check
from meterai.domain.waiting.admission_control import Admission
from meterai.domain.waiting.deadlines import check_in_reach
from meterai.domain.waiting.queue_status import LoadSnapshot
from meterai.domain.waiting.tickets import parse_ticket
from meterai.ports import Gateway, Orders, WaitingRoom

TAKE_A_PLACE_S = 2


@dataclass(frozen=True, slots=True)
class AdmissionCheck:
    """While buying is paused: who is let in, and the ticket that was shown."""

    admission: Admission
    room: WaitingRoom
    ticket: str | None


@dataclass(frozen=True, slots=True)
class PortalTarget:
    """The portal that it is bought for, where that was said."""

    portal: str
    portals: Sequence[str]  # those that there are
    snapshot: LoadSnapshot | None


def purchase(
    request_identity: RequestIdentity,
    *,
    quantity: int,
    method: Method,
    body_hash: str,
    unit_price_idr: int,
    expires_in: timedelta,
    now: datetime,
    id_deriver: IdDeriver,
    orders: Orders,
    gateway: Gateway,
    admission_check: AdmissionCheck | None = None,
    portal_target: PortalTarget | None = None,
) -> Order:
    """The order of this intention, with its payment instruction.

    May be repeated for ever: the same intention is the same order. `entrance` is given while buying
    is paused. Raises QuantityOutOfRange, KeyReused, GatewayRefused; BuyingPaused, TicketInvalid,
    TicketExpired, TicketUsed; PortalUnknown, DeadlinePast, DeadlineOutOfReach; Unavailable when the
    gateway did not answer (the retry goes on).
    """
    check_quantity(quantity)
    order_id = id_deriver.order_id(request_identity)
    if portal_target is not None:
        _check_aim(order_id, portal_target, orders, now)
    if admission_check is not None and orders.get(order_id) is None:
        _let_in(order_id, request_identity.account, admission_check, id_deriver)
    # 1. The order, with its first charge id, stands before anybody is asked for money.
    expires_at = now + expires_in
    wanted = Order(
        order_id=order_id,
        account=request_identity.account,
        state=OrderState.PENDING,
        quantity=quantity,
        unit_price_idr=unit_price_idr,
        method=method,
        body_hash=body_hash,
        created_at=now,
        expires_at=expires_at,
        attempt=1,
        timer=Timer(next_payment_check(now, now, expires_at), expires_at),
    )
    order = orders.put_new(wanted)
    if order.body_hash != body_hash:
        raise KeyReused
    if order.state is not OrderState.PENDING or order.instruction or now >= order.expires_at:
        return order
    try:
        return _charged(order, now, orders=orders, gateway=gateway)
    except GatewayRefused:
        if admission_check is not None:  # there is nothing to pay: his turn is not over
            admission_check.room.release(order.account, order_id)
        raise


def _check_aim(
    order_id: OrderId, portal_target: PortalTarget, orders: Orders, now: datetime
) -> None:
    """Looks for the order only where it would be refused."""
    try:
        if portal_target.portal not in portal_target.portals:
            raise PortalUnknown(portal=portal_target.portal)
        check_in_reach(portal_target.portal, portal_target.snapshot, now)
    except Refusal:
        if orders.get(order_id) is None:
            raise


def _let_in(
    order_id: OrderId, account: str, admission_check: AdmissionCheck, id_deriver: IdDeriver
) -> None:
    """A ticket of this account, whose turn it is, bound to this order before the order stands: cut
    off in between, the retry finds it so."""
    admission = admission_check.admission
    if admission_check.ticket is None:  # he has to take a place first, and may do so at once
        raise BuyingPaused(retry_after_s=TAKE_A_PLACE_S)
    place = parse_ticket(admission_check.ticket, account, id_deriver)
    if admission.is_over(place.issued_at):
        raise TicketExpired
    if not admission.admits(place.issued_at):
        raise BuyingPaused(retry_after_s=_retry_after_s(admission, place.issued_at))
    if not admission_check.room.use(place, order_id):
        raise TicketUsed


def _retry_after_s(admission: Admission, issued_at: datetime) -> int:
    return round(admission.ask_after(issued_at).total_seconds())


def _charged(order: Order, now: datetime, *, orders: Orders, gateway: Gateway) -> Order:
    try:
        return _charge(order, orders=orders, gateway=gateway)
    except ChargeExists:
        renewed = _renew(order, now, orders=orders, gateway=gateway)
    try:
        if renewed is not None:
            return _charge(renewed, orders=orders, gateway=gateway)
    except ChargeExists:
        pass  # a third request of this intention saw the new attempt and was faster
    return orders.get(order.order_id) or order


def _charge(order: Order, *, orders: Orders, gateway: Gateway) -> Order:
    # 2. The charge, at the gateway: its id is the attempt's, so a repeat is the same charge.
    instruction = gateway.charge(order.charge_id, order.amount_idr, order.method, order.expires_at)
    # 3. How to pay, kept until it is paid.
    return orders.store_instruction(order, instruction)


def _renew(order: Order, now: datetime, *, orders: Orders, gateway: Gateway) -> Order | None:
    """The gateway has this charge, but not its QR for us: another request of the same intention is
    at it at this moment (None), or its answer was lost. Then a fresh attempt is recorded, after
    which nobody can be shown the lost one any more, and the lost one is closed.

    Should somebody have paid the lost one all the same, its money is judged like any other.
    """
    if now - order.created_at < GATEWAY_PATIENCE:
        return None
    renewed = orders.next_attempt(order)
    if renewed is not None:
        gateway.expire(order.charge_id)
    return renewed
