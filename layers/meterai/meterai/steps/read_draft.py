"""Read a draft with what became of it: its order, and the e-meterai of each document."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from meterai.domain.drafts.drafts import Draft, DraftDocument
from meterai.domain.errors import NotFound
from meterai.domain.id_derivation import DraftId, RefundId
from meterai.domain.orders.orders import Order, Refunded
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.waiting.load_snapshot import QueuePosition
from meterai.ports import Orders, Serials
from meterai.ports.drafts import Drafts
from meterai.steps.queue_positions import StampingPositionPorts, stamping_position


class ReadDraftPorts(StampingPositionPorts, Protocol):
    @property
    def drafts(self) -> Drafts: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def serials(self) -> Serials: ...


@dataclass(frozen=True, slots=True)
class DocumentProgress:
    """`number` counts from 1. `position`: in its lane, where that is known. `refund`: of an
    e-meterai that was not put on it."""

    number: int
    document: DraftDocument
    emeterai: EMeterai | None
    position: QueuePosition | None = None
    refund: RefundId | None = None

    @property
    def is_stamped(self) -> bool:
        return self.emeterai is not None and self.emeterai.state is SerialState.STAMPED

    @property
    def is_waiting(self) -> bool:
        return self.emeterai is not None and self.emeterai.state is SerialState.RESERVED


@dataclass(frozen=True, slots=True)
class DraftProgress:
    draft: Draft
    order: Order | None
    documents: tuple[DocumentProgress, ...] = ()

    @property
    def is_waiting(self) -> bool:
        return any(one.is_waiting for one in self.documents)

    @property
    def is_stamped(self) -> bool:
        """One of its documents at least."""
        return any(one.is_stamped for one in self.documents)


def read_draft(
    account: str, draft_id: DraftId, ports: ReadDraftPorts, now: datetime
) -> DraftProgress:
    """Raises NotFound."""
    # 1. The draft.
    draft = ports.drafts.get(account, draft_id)
    if draft is None:
        raise NotFound
    # 2. Its order.
    order = ports.orders.get(draft.order_id) if draft.order_id else None
    if order is None:
        return DraftProgress(draft, None)
    # 3. The e-meterai of its documents.
    wanted = [one.stamping for one in draft.documents if one.stamping is not None]
    found = {one.serial: one for one in ports.serials.get_many(wanted)} if wanted else {}
    documents = tuple(
        _progress(number, one, found.get(one.stamping) if one.stamping else None, order, ports, now)
        for number, one in enumerate(draft.documents, start=1)
    )
    return DraftProgress(draft, order, documents)


def _progress(
    number: int,
    document: DraftDocument,
    emeterai: EMeterai | None,
    order: Order,
    ports: ReadDraftPorts,
    now: datetime,
) -> DocumentProgress:
    if emeterai is None or emeterai.state is SerialState.STAMPED:
        return DocumentProgress(number, document, emeterai)
    if emeterai.state is SerialState.VOID:
        use = order.slots.get(emeterai.slot)
        refund = use.refund_id if isinstance(use, Refunded) else None
        return DocumentProgress(number, document, emeterai, refund=refund)
    sent_at = emeterai.lane_begins or order.payment_known_at or order.paid_at
    is_at_work = emeterai.is_claimed(now)
    position = None if is_at_work else stamping_position(emeterai, sent_at, ports, now)
    return DocumentProgress(number, document, emeterai, position)
