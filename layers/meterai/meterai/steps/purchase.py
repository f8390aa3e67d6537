"""Purchase: an order is recorded, charged at the gateway, and says how to pay.

Nothing is sold that could not be stamped (`domain/waiting/selling.py`). While buying is paused, a
new order needs a ticket whose turn has come (`domain/waiting/admission_control.py`). What is bought
for a portal must have a chance to be in time for its deadline (`domain/waiting/deadlines.py`). An
account holds few orders unpaid at a time (`domain/orders/unpaid_orders.py`). An existing order is
served at all times.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from meterai.domain.errors import (
    BuyingClosed,
    BuyingPaused,
    ChargeExists,
    ChargeRefused,
    GatewayRefused,
    KeyReused,
    MeteraiError,
    PortalUnknown,
    Refusal,
    TicketExpired,
    TicketUsed,
    Unavailable,
)
from meterai.domain.id_derivation import IdDeriver, OrderId, RequestIdentity
from meterai.domain.metrics import Metric
from meterai.domain.orders.orders import Order, OrderState, check_quantity
from meterai.domain.orders.payments import Method
from meterai.domain.orders.unpaid_orders import MAX_RECENT_ORDERS, check_unpaid, unpaid
from meterai.domain.signed_tokens import TokenSigner
from meterai.domain.timers import CHARGE_TIMEOUT, Timer, next_payment_check
from meterai.domain.waiting.admission_control import Admission
from meterai.domain.waiting.deadlines import check_in_reach
from meterai.domain.waiting.load_snapshot import LoadSnapshot, closed, paused
from meterai.domain.waiting.tickets import parse_ticket
from meterai.ports import DemandReporter, Gateway, Metrics, Orders, WaitingRoom

logger = logging.getLogger(__name__)

JOIN_WAITING_ROOM_S = 2
KEY_NOT_ACCEPTED = 401  # HTTP's own status, at either gateway
CLOSED_FOR_S = 300  # when to ask again; nobody knows when a person will open it


@dataclass(frozen=True, slots=True)
class RequestedOrder:
    """What a client asks to buy. `portal`: for which portal, if they say so. `ticket`: of the
    waiting room, needed while buying is paused. `notify`: whether they want e-mails about it."""

    quantity: int
    method: Method
    body_hash: str
    portal: str | None = None
    ticket: str | None = None
    notify: bool = False


class PurchasePorts(Protocol):
    @property
    def id_deriver(self) -> IdDeriver: ...
    @property
    def token_signer(self) -> TokenSigner: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def gateway(self) -> Gateway: ...
    @property
    def waiting_room(self) -> WaitingRoom: ...
    @property
    def demand_reporter(self) -> DemandReporter: ...
    @property
    def snapshot(self) -> LoadSnapshot | None: ...
    @property
    def portals(self) -> Sequence[str]: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def unit_price_idr(self) -> int: ...
    @property
    def order_expires_in(self) -> timedelta: ...


def purchase(
    request_identity: RequestIdentity,
    requested: RequestedOrder,
    ports: PurchasePorts,
    now: datetime,
) -> Order:
    """The order of this request, with its payment instruction.

    May be repeated without limit: the same request is the same order. Raises QuantityOutOfRange,
    TooManyUnpaidOrders, KeyReused, ChargeRefused; BuyingClosed, BuyingPaused, TicketInvalid,
    TicketExpired, TicketUsed; PortalUnknown, DeadlinePast, DeadlineOutOfReach; Unavailable when the
    gateway did not answer (the retry resumes).
    """
    check_quantity(requested.quantity)
    order_id = ports.id_deriver.order_id(request_identity)
    admission, why_closed = paused(ports.snapshot, now), closed(ports.snapshot)
    unpaid_orders: list[Order] = []
    # While not everybody may buy, the order is read first: one that exists passes every check.
    is_open_to_all = admission is None and why_closed is None
    if is_open_to_all or ports.orders.get(order_id) is None:
        if why_closed is not None:
            raise BuyingClosed(retry_after_s=CLOSED_FOR_S)
        if requested.portal is not None:
            _check_portal(order_id, requested.portal, ports, now)
        unpaid_orders = _check_unpaid(order_id, request_identity.account, ports, now)
        if admission is not None:
            _admit(order_id, request_identity.account, requested.ticket, admission, ports)
    # 1. The order, with its first charge id, is stored before the gateway is asked for a charge.
    wanted = _new_order(order_id, request_identity.account, requested, ports, now)
    order = ports.orders.put_new(wanted)
    is_new = order == wanted
    if order.body_hash != requested.body_hash:
        raise KeyReused
    if order.state is OrderState.PENDING and not order.instruction and now < order.expires_at:
        try:
            order = _charged(order, ports, now)
        except GatewayRefused as refused:
            if admission is not None:  # there is nothing to pay: the ticket may be used again
                ports.waiting_room.release(order.account, order_id)
            raise _without_charge(order, refused, ports) from refused
    # 4. Counted once: a request that is repeated sells nothing more. Nor does a further order of an
    # account that has not paid the one before: else one account could shut buying for everybody.
    if is_new and not unpaid_orders:
        ports.demand_reporter.record_sale(order.quantity, now, rush=admission is not None)
    return order


def _without_charge(order: Order, refused: GatewayRefused, ports: PurchasePorts) -> MeteraiError:
    """An operator hears of it. Where our key is not accepted, no other method helps: the same
    request resumes once it is."""
    ports.metrics.record(Metric.CHARGE_REFUSED)
    logger.error(
        "charge refused",
        extra={"order_id": order.order_id, "method": order.method.value, **refused.values},
    )
    if refused.values.get("status_code") == KEY_NOT_ACCEPTED:
        return Unavailable(party=ports.gateway.name, reason="key_not_accepted")
    others = [method.value for method in Method if method is not order.method]
    return ChargeRefused(method=order.method.value, other_methods=", ".join(others))


def _new_order(
    order_id: OrderId, account: str, requested: RequestedOrder, ports: PurchasePorts, now: datetime
) -> Order:
    expires_at = now + ports.order_expires_in
    return Order(
        order_id=order_id,
        account=account,
        state=OrderState.PENDING,
        quantity=requested.quantity,
        unit_price_idr=ports.unit_price_idr,
        method=requested.method,
        body_hash=requested.body_hash,
        created_at=now,
        expires_at=expires_at,
        attempt=1,
        timer=Timer(next_payment_check(now, now, expires_at), expires_at),
        notify=requested.notify,
    )


def _check_portal(order_id: OrderId, portal: str, ports: PurchasePorts, now: datetime) -> None:
    """Reads the order only where a new one would be refused."""
    try:
        if portal not in ports.portals:
            raise PortalUnknown(portal=portal)
        check_in_reach(portal, ports.snapshot, now)
    except Refusal:
        if ports.orders.get(order_id) is None:
            raise


def _check_unpaid(
    order_id: OrderId, account: str, ports: PurchasePorts, now: datetime
) -> list[Order]:
    """The account's other orders of late that are not paid. Raises TooManyUnpaidOrders; requests
    that come at the same moment may each be the last that is allowed.

    Most accounts have no other order, so that half a read unit is all it takes.
    """
    since = now - ports.order_expires_in
    listed = ports.orders.of_account(account, since=since, limit=MAX_RECENT_ORDERS + 1)
    others = [one for one in listed if one != order_id]
    unpaid_orders = unpaid(ports.orders.get_many(others)) if others else []
    try:
        check_unpaid(unpaid_orders, now, ports.order_expires_in)
    except Refusal:
        if ports.orders.get(order_id) is None:
            raise
    return unpaid_orders


def _admit(
    order_id: OrderId, account: str, text: str | None, admission: Admission, ports: PurchasePorts
) -> None:
    """A ticket of this account, whose turn it is, is bound to this order before the order is
    stored: if that is interrupted, the retry finds it bound."""
    if text is None:  # they have to join the waiting room first, and may do so at once
        raise BuyingPaused(retry_after_s=JOIN_WAITING_ROOM_S)
    ticket = parse_ticket(text, account, ports.token_signer)
    if admission.is_over(ticket.issued_at):
        raise TicketExpired
    if not admission.admits(ticket.issued_at):
        wait = admission.ask_after(ticket.issued_at)
        raise BuyingPaused(retry_after_s=round(wait.total_seconds()))
    if not ports.waiting_room.use(ticket, order_id):
        raise TicketUsed


def _charged(order: Order, ports: PurchasePorts, now: datetime) -> Order:
    try:
        return _charge(order, ports)
    except ChargeExists:
        renewed = _renew(order, ports, now)
    try:
        if renewed is not None:
            return _charge(renewed, ports)
    except ChargeExists:
        pass  # a third copy of this request saw the new attempt and was faster
    return ports.orders.get(order.order_id) or order


def _charge(order: Order, ports: PurchasePorts) -> Order:
    # 2. The charge, at the gateway: its id is the attempt's, so a repeat is the same charge.
    instruction = ports.gateway.charge(
        order.charge_id, order.amount_idr, order.method, order.expires_at
    )
    # 3. How to pay, kept until it is paid.
    return ports.orders.store_instruction(order, instruction)


def _renew(order: Order, ports: PurchasePorts, now: datetime) -> Order | None:
    """The gateway has this charge, but not its payment instruction for us: either another copy of
    the same request is creating it at this moment (None), or its answer was lost. Then a new
    attempt is recorded, after which the lost charge can no longer be shown, and it is closed.

    Should somebody pay the lost charge all the same, its money is judged like any other.
    """
    if now - order.created_at < CHARGE_TIMEOUT:
        return None
    renewed = ports.orders.next_attempt(order)
    if renewed is not None:
        ports.gateway.expire(order.charge_id)
    return renewed
