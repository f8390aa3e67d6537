"""A stamping: one document with one or more e-meterai, named by its first serial."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import OrderState
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.preflight import REPAIRS
from meterai.domain.stamping.serials import Serial
from meterai.domain.timers import Timer


class SerialState(StrEnum):
    RESERVED = "reserved"
    STAMPED = "stamped"
    VOID = "void"


TRANSITIONS: Mapping[SerialState, frozenset[SerialState]] = {
    SerialState.RESERVED: frozenset({SerialState.STAMPED, SerialState.VOID}),
    SerialState.STAMPED: frozenset(),
    SerialState.VOID: frozenset(),
}


class DocumentKind(StrEnum):
    """Kinds of document, in the lettering of PMK 78/2024."""

    SECURITIES = "2"
    STATEMENT = "3"
    RECEIPT = "4a"
    SETTLEMENT = "4b"


class VoidReason(StrEnum):
    """Why an e-meterai that was reserved was never put on its document."""

    ORDER_EXPIRED = "order_expired"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_REVERSED = "order_reversed"
    NOT_EXECUTED = "not_executed"
    REFUND_REQUESTED = "refund_requested"
    DOCUMENT_REFUSED = "document_refused"


# Why a reserved e-meterai is voided with its order.
VOID_WITH_ORDER: Mapping[OrderState, VoidReason] = {
    OrderState.EXPIRED: VoidReason.ORDER_EXPIRED,
    OrderState.CANCELLED: VoidReason.ORDER_CANCELLED,
    OrderState.REVERSED: VoidReason.ORDER_REVERSED,
}


@dataclass(frozen=True, slots=True)
class EMeterai:
    """One e-meterai, from the moment a stamping asks for it: one item, one read.

    `serials` is the whole stamping, in the order of its placements; it is kept with each of them.
    """

    serial: Serial
    serials: tuple[Serial, ...]
    state: SerialState
    order_id: OrderId
    slot: int
    account: str
    document: str  # SHA-256 of the file to be stamped, 64 hex digits
    placement: Placement
    kind: DocumentKind
    reason: str
    portal: str | None
    body_hash: str
    requested_at: datetime
    timer: Timer | None
    claimed_until: datetime | None = None
    stamped_at: datetime | None = None
    outputs: tuple[Output, ...] = ()  # every file that was issued with it, oldest first
    level: SignatureLevel = SignatureLevel.B_B  # that its files are to reach
    earlier_stamps: int = 0  # that the document bore when this one was asked for
    void_reason: VoidReason | None = None
    void_code: str | None = None  # of the refusal, where the document was refused
    findings: tuple[str, ...] = ()  # codes; only the first of a stamping has its document's
    bulk: bool = False  # sent by the bulk lane, after the applicants' own
    before_payment: bool = False  # requested before the payment, which then sends it to its lane
    notify: bool = False  # its owner wants an e-mail once it is stamped

    @property
    def repaired(self) -> bool:
        """The document is repaired before it is stamped, as was requested."""
        return not REPAIRS.isdisjoint(self.findings)

    @property
    def stamping(self) -> Serial:
        """The name of the stamping: its first serial."""
        return self.serials[0]

    @property
    def lane_begins(self) -> datetime | None:
        """When it was sent to its lane, if its item alone says so: when it was requested, unless
        that was before its payment."""
        return None if self.before_payment else self.requested_at

    @property
    def is_augmented(self) -> bool:
        """An augmented file is stored beside the stamped one."""
        return len(self.outputs) > 1

    def is_claimed(self, now: datetime) -> bool:
        """A worker may be drawing, signing or storing it now."""
        return self.claimed_until is not None and self.claimed_until > now
