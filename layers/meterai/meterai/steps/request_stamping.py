"""Request a stamping: slots of an order are taken and e-meterai reserved for one document.

It may be requested before the payment arrives; then the payment sends it to its lane.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from meterai.domain.errors import KeyReused, NotFound, PortalUnknown, Refusal, Unavailable
from meterai.domain.id_derivation import IdDeriver, OrderId, RequestIdentity
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.earlier_stamps import refuse_changed
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import DocumentFacts
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stamping_lanes import stamping_lane
from meterai.domain.stamping.stampings import DocumentKind, EMeterai, SerialState
from meterai.domain.timers import AFTER_EXPIRY, RESEND_AFTER, Timer
from meterai.domain.waiting.deadlines import check_not_past, promised_by
from meterai.domain.waiting.load_snapshot import LoadSnapshot, paused
from meterai.domain.waiting.queue_status import Lane
from meterai.ports import DemandReporter, Documents, Lanes, Orders, Preflight, Reserved, Serials

MAX_TRIES = 4  # concurrent requests on one order: the slower one reads it again


@dataclass(frozen=True, slots=True)
class RequestedStamping:
    """What a client asks to be stamped."""

    order_id: OrderId
    document: str
    places: tuple[PlacementRequest, ...]
    allow_overlap: bool
    repair: bool
    kind: DocumentKind
    reason: str
    portal: str | None
    allow_duplicate: bool
    bulk: bool
    body_hash: str
    notify: bool = False  # whether its owner wants an e-mail once it is stamped


class RequestStampingPorts(Protocol):
    @property
    def orders(self) -> Orders: ...
    @property
    def serials(self) -> Serials: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def lanes(self) -> Lanes: ...
    @property
    def preflight(self) -> Preflight: ...
    @property
    def id_deriver(self) -> IdDeriver: ...
    @property
    def portals(self) -> Sequence[str]: ...
    @property
    def stamping_promise(self) -> timedelta: ...
    @property
    def signature_level(self) -> SignatureLevel: ...
    @property
    def snapshot(self) -> LoadSnapshot | None: ...
    @property
    def urgent_window(self) -> timedelta: ...
    @property
    def demand_reporter(self) -> DemandReporter: ...


def request_stamping(
    request_identity: RequestIdentity,
    wanted: RequestedStamping,
    ports: RequestStampingPorts,
    now: datetime,
    *,
    facts: DocumentFacts | None = None,
) -> tuple[EMeterai, ...]:
    """The e-meterai of the stamping; the first names it. Repeatable without limit. `facts`: what
    `check_document` answered a moment ago, where the caller asked it for the same.

    Raises PortalUnknown, DeadlinePast, NotFound, KeyReused, OrderClosed, NoBalance, AlreadyStamped,
    DocumentMissing, DocumentRefused.
    """
    count = len(wanted.places)
    serials = tuple(ports.id_deriver.serial(request_identity, index) for index in range(count))

    @cache
    def document_facts() -> DocumentFacts:
        """Asked of `inspect` once, however often the order has to be read again."""
        return facts or check_document(
            request_identity.account,
            wanted.document,
            wanted.places,
            ports,
            allow_overlap=wanted.allow_overlap,
            repair=wanted.repair,
        )

    for _ in range(MAX_TRIES):
        # 1. The order.
        order = ports.orders.get(wanted.order_id)
        if order is None or order.account != request_identity.account:
            raise NotFound
        # 2. It has the slots, and the document, as it is stored, can be stamped there.
        try:
            slots, known = _slots(order, wanted, ports, now), document_facts()
        except (Refusal, Unavailable):
            existing = ports.serials.get(serials[0])
            if existing is None:
                raise
            # A retry: it was accepted, whatever changed since, or does not answer now.
            return _send_off([existing], order, wanted, ports, now)
        # 3. Slots taken and e-meterai reserved, together or not at all; a retry finds them.
        reserved = _reserve(order, slots, serials, known, wanted, ports, now)
        outcome = ports.serials.reserve(order, reserved)
        if isinstance(outcome, Reserved):
            return _send_off(outcome.emeterai, order, wanted, ports, now)
    raise Unavailable(order_id=wanted.order_id)


def check_document(
    account: str,
    document: str,
    places: Sequence[PlacementRequest],
    ports: RequestStampingPorts,
    *,
    allow_overlap: bool,
    repair: bool,
) -> DocumentFacts:
    """That the document, as it is stored, can be stamped there. Raises DocumentMissing,
    DocumentRefused."""
    file = ports.documents.locate(account, document)
    facts = ports.preflight(file, places, allow_overlap=allow_overlap, repair=repair)
    refuse_changed(document, facts, ports.serials.get_many)
    return facts


def _slots(
    order: Order, wanted: RequestedStamping, ports: RequestStampingPorts, now: datetime
) -> tuple[int, ...]:
    """Those to take. Raises the reason why it is refused."""
    if wanted.portal is not None:
        if wanted.portal not in ports.portals:
            raise PortalUnknown(portal=wanted.portal)
        check_not_past(wanted.portal, ports.snapshot, now)
    return order.take_slots(
        len(wanted.places), wanted.document, allow_duplicate=wanted.allow_duplicate
    )


def _send_off(
    emeterai: Sequence[EMeterai],
    order: Order,
    wanted: RequestedStamping,
    ports: RequestStampingPorts,
    now: datetime,
) -> tuple[EMeterai, ...]:
    """4. The message, if it is paid, is the fast way to a worker; the timer is the certain one.

    Of a stamping that existed before, `emeterai` may be the first alone.
    """
    first = emeterai[0]
    if first.body_hash != wanted.body_hash:
        raise KeyReused
    if order.state is OrderState.PAID and first.state is SerialState.RESERVED:
        lane = stamping_lane(first, ports.snapshot, now, ports.urgent_window)
        ports.lanes.stamp(first.serials, first.account, lane)
        if first.requested_at == now and lane is not Lane.BULK:  # a retry asks for nothing more
            rush = paused(ports.snapshot, now) is not None
            ports.demand_reporter.record_asked(len(first.serials), order.created_at, now, rush=rush)
    if len(emeterai) < len(first.serials):
        return (first, *ports.serials.get_many(first.serials[1:]))
    return tuple(emeterai)


def _reserve(
    order: Order,
    slots: Sequence[int],
    serials: tuple[Serial, ...],
    document_facts: DocumentFacts,
    wanted: RequestedStamping,
    ports: RequestStampingPorts,
    now: datetime,
) -> list[EMeterai]:
    """Only the first has the stamping's timer and the document's findings: one document, one
    promise."""
    found = tuple(finding.code for finding in document_facts.findings)
    is_paid = order.state is OrderState.PAID
    timer = _timer(order, wanted, ports, now)
    return [
        EMeterai(
            serial=serial,
            serials=serials,
            state=SerialState.RESERVED,
            order_id=order.order_id,
            slot=slot,
            account=order.account,
            document=wanted.document,
            placement=placement,
            kind=wanted.kind,
            reason=wanted.reason,
            portal=wanted.portal,
            body_hash=wanted.body_hash,
            requested_at=now,
            timer=timer if serial == serials[0] else None,
            level=ports.signature_level,
            earlier_stamps=len(document_facts.already_stamped),
            findings=found if serial == serials[0] else (),
            bulk=wanted.bulk,
            before_payment=not is_paid,
            notify=wanted.notify,
        )
        for serial, slot, placement in zip(serials, slots, document_facts.placements, strict=True)
    ]


def _timer(
    order: Order, wanted: RequestedStamping, ports: RequestStampingPorts, now: datetime
) -> Timer:
    """Its promise: the usual one, or its portal's deadline if that is sooner."""
    if order.state is OrderState.PAID:
        next_check_at, promise_ends_at = now + RESEND_AFTER, now + ports.stamping_promise
    else:
        next_check_at = order.expires_at + 2 * AFTER_EXPIRY
        promise_ends_at = order.expires_at + ports.stamping_promise
    deadline_at = promised_by(wanted.portal, ports.snapshot, promise_ends_at, now)
    return Timer(min(next_check_at, deadline_at), deadline_at)
