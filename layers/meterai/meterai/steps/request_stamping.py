"""Request a stamping: slots of an order are taken and e-meterai reserved for one document.

It may be asked before the payment arrives; then the payment sends it off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meterai.domain.clocks import AFTER_EXPIRY, RESEND_AFTER, Clock
from meterai.domain.deadlines import check_not_past, promised_by
from meterai.domain.errors import KeyReused, NotFound, PortalUnknown, Refusal, Unavailable
from meterai.domain.examination import Examination
from meterai.domain.flow import Snapshot
from meterai.domain.identity import Identities, Intention, OrderId
from meterai.domain.orders import Order, OrderState
from meterai.domain.preservation import SignatureLevel
from meterai.domain.serials import Serial
from meterai.domain.stamping_lanes import stamping_lane
from meterai.domain.stampings import DocumentKind, EMeterai, SerialState
from meterai.domain.wishes import PlacementWish
from meterai.ports import Documents, Examine, Lanes, Orders, Reserved, Serials

TRIES = 4  # two requests on one order at once: the loser reads it again


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks to be stamped."""

    order_id: OrderId
    document: str
    places: tuple[PlacementWish, ...]
    allow_overlap: bool
    repair: bool
    kind: DocumentKind
    reason: str
    portal: str | None
    again: bool
    bulk: bool
    body_hash: str


@dataclass(frozen=True, slots=True)
class Requesting:
    """What the step needs from outside."""

    orders: Orders
    serials: Serials
    documents: Documents
    lanes: Lanes
    examine: Examine
    identities: Identities
    portals: Sequence[str]
    promise: timedelta
    level: SignatureLevel
    snapshot: Snapshot | None
    urgent_within: timedelta
    now: datetime


def request_stamping(intention: Intention, wish: Wish, needs: Requesting) -> tuple[EMeterai, ...]:
    """The e-meterai of the stamping; the first names it. Repeatable for ever.

    Raises PortalUnknown, DeadlinePast, NotFound, KeyReused, OrderClosed, NoBalance, AlreadyStamped,
    DocumentMissing, DocumentRefused.
    """
    count = len(wish.places)
    serials = tuple(needs.identities.serial(intention, index) for index in range(count))
    for _ in range(TRIES):
        # 1. The order.
        order = needs.orders.get(wish.order_id)
        if order is None or order.account != intention.account:
            raise NotFound
        # 2. It has the slots, and the document, as it is stored, can be stamped there.
        try:
            slots, examination = _allowed(order, wish, needs)
        except Refusal:
            standing = needs.serials.get(serials[0])
            if standing is None:
                raise
            return _send_off([standing], order, wish, needs)  # a retry, whatever changed since
        # 3. Slots taken and e-meterai reserved, together or not at all; those of a retry stand.
        wanted = _reserve(order, slots, serials, examination, wish, needs)
        outcome = needs.serials.reserve(order, wanted)
        if isinstance(outcome, Reserved):
            return _send_off(outcome.emeterai, order, wish, needs)
    raise Unavailable(order_id=wish.order_id)


def _allowed(order: Order, wish: Wish, needs: Requesting) -> tuple[tuple[int, ...], Examination]:
    """The slots to take, and where the stamps will stand. Raises what forbids it."""
    if wish.portal is not None:
        if wish.portal not in needs.portals:
            raise PortalUnknown(portal=wish.portal)
        check_not_past(wish.portal, needs.snapshot, needs.now)
    slots = order.take_slots(len(wish.places), wish.document, again=wish.again)
    document = needs.documents.get(order.account, wish.document)
    examination = needs.examine(
        document, wish.places, allow_overlap=wish.allow_overlap, repair=wish.repair
    )
    return slots, examination


def _send_off(
    emeterai: Sequence[EMeterai], order: Order, wish: Wish, needs: Requesting
) -> tuple[EMeterai, ...]:
    """4. The message, if it is paid for: the fast way; the clock is the certain one.

    Of a stamping that stood already, `emeterai` may be the first alone.
    """
    first = emeterai[0]
    if first.body_hash != wish.body_hash:
        raise KeyReused
    if order.state is OrderState.PAID and first.state is SerialState.RESERVED:
        lane = stamping_lane(first, needs.snapshot, needs.now, needs.urgent_within)
        needs.lanes.stamp(first.serials, first.account, lane)
    if len(emeterai) < len(first.serials):
        return (first, *needs.serials.get_many(first.serials[1:]))
    return tuple(emeterai)


def _reserve(
    order: Order,
    slots: Sequence[int],
    serials: tuple[Serial, ...],
    examination: Examination,
    wish: Wish,
    needs: Requesting,
) -> list[EMeterai]:
    """Only the first carries the stamping's clock and the document's findings: one document, one
    promise."""
    found = tuple(finding.code for finding in examination.findings)
    is_paid = order.state is OrderState.PAID
    clock = _clock(order, wish, needs)
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
            level=needs.level,
            earlier_stamps=len(examination.already_stamped),
            findings=found if serial == serials[0] else (),
            bulk=wish.bulk,
            before_payment=not is_paid,
        )
        for serial, slot, placement in zip(serials, slots, examination.placements, strict=True)
    ]


def _clock(order: Order, wish: Wish, needs: Requesting) -> Clock:
    """Its promise: the office's own, or its portal's deadline, if that is sooner."""
    if order.state is OrderState.PAID:
        due_at, promise_ends_at = needs.now + RESEND_AFTER, needs.now + needs.promise
    else:
        due_at = order.expires_at + 2 * AFTER_EXPIRY
        promise_ends_at = order.expires_at + needs.promise
    deadline_at = promised_by(wish.portal, needs.snapshot, promise_ends_at, needs.now)
    return Clock(min(due_at, deadline_at), deadline_at)
