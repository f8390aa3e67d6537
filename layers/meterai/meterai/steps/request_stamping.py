"""Request a stamping: slots of an order are taken and e-meterai reserved for one document.

It may be asked before the payment arrives; then the payment sends it off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meterai.domain.clocks import AFTER_EXPIRY, RESEND_AFTER, Clock
from meterai.domain.errors import KeyReused, NotFound, PortalUnknown, Refusal, Unavailable
from meterai.domain.identity import Identities, Intention, OrderId
from meterai.domain.orders import Order, OrderState
from meterai.domain.placement import Placement
from meterai.domain.serials import Serial
from meterai.domain.stampings import DocumentKind, EMeterai, SerialState
from meterai.ports import Documents, Lanes, Orders, Preflight, Reserved, Serials

TRIES = 4  # two requests on one order at once: the loser reads it again


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks to be stamped."""

    order_id: OrderId
    document: str
    placements: tuple[Placement, ...]
    kind: DocumentKind
    reason: str
    portal: str | None
    again: bool
    body_hash: str


@dataclass(frozen=True, slots=True)
class Requesting:
    """What the step needs from outside."""

    orders: Orders
    serials: Serials
    documents: Documents
    lanes: Lanes
    preflight: Preflight
    identities: Identities
    portals: Sequence[str]
    promise: timedelta
    now: datetime


def request_stamping(intention: Intention, wish: Wish, needs: Requesting) -> EMeterai:
    """The first e-meterai of the stamping; it names it. Repeatable for ever.

    Raises PortalUnknown, NotFound, KeyReused, OrderClosed, NoBalance, AlreadyStamped,
    DocumentMissing, DocumentRefused.
    """
    count = len(wish.placements)
    serials = tuple(needs.identities.serial(intention, index) for index in range(count))
    for _ in range(TRIES):
        # 1. The order.
        order = needs.orders.get(wish.order_id)
        if order is None or order.account != intention.account:
            raise NotFound
        # 2. It has the slots, and the document, as it is stored, can be stamped there.
        try:
            slots = _allowed(order, wish, needs)
        except Refusal:
            standing = needs.serials.get(serials[0])
            if standing is None:
                raise
            return _send_off(standing, order, wish, needs)  # a retry, whatever changed since
        # 3. Slots taken and e-meterai reserved, together or not at all; those of a retry stand.
        outcome = needs.serials.reserve(order, _reserve(order, slots, serials, wish, needs))
        if isinstance(outcome, Reserved):
            return _send_off(outcome.emeterai[0], order, wish, needs)
    raise Unavailable(order_id=wish.order_id)


def _allowed(order: Order, wish: Wish, needs: Requesting) -> tuple[int, ...]:
    """The slots to take. Raises what forbids it."""
    if wish.portal is not None and wish.portal not in needs.portals:
        raise PortalUnknown(portal=wish.portal)
    slots = order.take_slots(len(wish.placements), wish.document, again=wish.again)
    needs.preflight(needs.documents.get(order.account, wish.document), wish.placements)
    return slots


def _send_off(first: EMeterai, order: Order, wish: Wish, needs: Requesting) -> EMeterai:
    """4. The message, if it is paid for: the fast way; the clock is the certain one."""
    if first.body_hash != wish.body_hash:
        raise KeyReused
    if order.state is OrderState.PAID and first.state is SerialState.RESERVED:
        needs.lanes.stamp(first.serials, first.account)
    return first


def _reserve(
    order: Order,
    slots: Sequence[int],
    serials: tuple[Serial, ...],
    wish: Wish,
    needs: Requesting,
) -> list[EMeterai]:
    """Only the first carries the stamping's clock: one document, one promise."""
    if order.state is OrderState.PAID:
        clock = Clock(needs.now + RESEND_AFTER, needs.now + needs.promise)
    else:
        clock = Clock(order.expires_at + 2 * AFTER_EXPIRY, order.expires_at + needs.promise)
    return [
        EMeterai(
            serial=serial,
            serials=serials,
            state=SerialState.RESERVED,
            order_id=order.order_id,
            slot=slot,
            account=order.account,
            document=wish.document,
            placement=placement,
            kind=wish.kind,
            reason=wish.reason,
            portal=wish.portal,
            body_hash=wish.body_hash,
            requested_at=needs.now,
            clock=clock if serial == serials[0] else None,
        )
        for serial, slot, placement in zip(serials, slots, wish.placements, strict=True)
    ]
