"""Stamping: e-meterai of an order on a document."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from meterai.api.findings import FindingAnswer
from meterai.api.models import (
    NOT_BLANK,
    Answer,
    Count,
    OrderName,
    PollAfter,
    PortalName,
    PromisedBy,
    Request,
    Sha256,
)
from meterai.api.placements import PlacementAnswer, PlacementRequest
from meterai.api.queue_estimates import Estimate, Position, estimate_of, poll_after_ms, position_of
from meterai.api.receipts import ReceiptText
from meterai.domain.id_derivation import OrderId
from meterai.domain.stamping.preflight import found
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import DocumentKind, EMeterai, SerialState, VoidReason
from meterai.domain.waiting.load_snapshot import QueuePosition
from meterai.languages import Language

SOON_MS, BULK_MS = 1_000, 30_000
MAX_REASON_BYTES = 220  # in UTF-8: 80 characters of four bytes would make the item larger than 1 KB


def _fits_its_item(reason: str) -> str:
    """Raises ValueError."""
    if len(reason.encode("utf-8", "replace")) > MAX_REASON_BYTES:
        raise ValueError(f"longer than {MAX_REASON_BYTES} bytes in UTF-8")
    return reason


Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, pattern=NOT_BLANK),
    AfterValidator(_fits_its_item),
]


class StampingRequest(Request):
    """Put one or more e-meterai of an order on one uploaded document."""

    order_id: OrderName
    document: Sha256 = Field(description="As it was uploaded")
    placements: Annotated[list[PlacementRequest], Field(min_length=1, max_length=8)] = Field(
        description="One e-meterai for each"
    )
    kind: Annotated[DocumentKind, Field(strict=False)] = Field(
        default=DocumentKind.STATEMENT,
        description="The kind of document by law: 2 security or deed, 3 statement or agreement, "
        "4a receipt of money, 4b settlement of a debt",
    )
    reason: Reason = Field(
        description="What the document is; it becomes the reason of the signature"
    )
    portal: PortalName | None = Field(
        default=None,
        description="A portal that also receives the stamped file. If its deadline is missed, "
        "the e-meterai is refunded automatically, unless the portal accepts the receipt",
    )
    allow_overlap: bool = Field(
        default=False, description="true: stamp although text would be covered"
    )
    repair: bool = Field(
        default=False,
        description="true: repair the document first, where that is offered. It is then written "
        "anew, and the stamped file no longer contains it byte for byte",
    )
    allow_duplicate: bool = Field(
        default=False,
        description="true: put another e-meterai of this order on the same document",
    )
    bulk: bool = Field(
        default=False,
        description="true: one of many documents that may take hours; it is stamped after those "
        "that applicants wait for",
    )


class StampingAnswer(Answer):
    """A stamping: one document with its e-meterai, named by the first of them."""

    stamping_id: Serial
    order_id: OrderId
    state: Literal["reserved", "stamped", "void"]
    serials: list[Serial] = Field(description="In the order of the placements")
    placements: list[PlacementAnswer] = Field(
        description="Where they are placed, in the same order"
    )
    document: Sha256
    earlier_stamps: Count = Field(
        description="E-meterai that were on the document before, unverified"
    )
    portal: str | None
    requested_at: datetime
    promised_by: PromisedBy
    stamped_at: datetime | None
    stamped_sha256: Sha256 | None
    download_url: str | None = Field(
        description="Of the stamped file, for a few minutes", repr=False
    )
    augmented_url: str | None = Field(
        description="Of the same file with timestamps and certificates added (PAdES), once made",
        repr=False,
    )
    repaired: bool = Field(
        description="The document is repaired before it is stamped; `findings` says what"
    )
    findings: list[FindingAnswer] = Field(
        description="About the document, when the stamping was requested"
    )
    void_reason: VoidReason | None
    void_code: str | None = Field(description="Why the document was refused: a problem's code")
    receipt: ReceiptText | None = Field(
        description="In the answer to POST /v1/stampings if the order is paid: proof of the time "
        "for a portal's deadline. Later: GET /v1/stampings/{stamping_id}/receipt"
    )
    position: Position
    estimate: Estimate
    poll_after_ms: PollAfter

    @classmethod
    def of(
        cls,
        emeterai: Sequence[EMeterai],
        language: Language,
        download_url: str | None,
        augmented_url: str | None = None,
        queue_position: QueuePosition | None = None,
        receipt: str | None = None,
    ) -> "StampingAnswer":
        """`emeterai`: all of the stamping. `queue_position`: in its lane, once it is there."""
        first = emeterai[0]
        waits = first.state is SerialState.RESERVED
        return cls(
            stamping_id=first.stamping,
            order_id=first.order_id,
            state=first.state.value,
            serials=list(first.serials),
            placements=[PlacementAnswer.of(one.placement) for one in emeterai],
            document=first.document,
            earlier_stamps=first.earlier_stamps,
            portal=first.portal,
            requested_at=first.requested_at,
            promised_by=first.timer.deadline_at if waits and first.timer else None,
            stamped_at=first.stamped_at,
            stamped_sha256=first.outputs[0].sha256 if first.outputs else None,
            download_url=download_url,
            augmented_url=augmented_url,
            repaired=first.repaired,
            findings=[FindingAnswer.of(found(code), language) for code in first.findings],
            void_reason=first.void_reason,
            void_code=first.void_code,
            receipt=receipt,
            position=position_of(queue_position) if waits else None,
            estimate=estimate_of(queue_position) if waits else None,
            poll_after_ms=poll_after_ms(queue_position, BULK_MS if first.bulk else SOON_MS)
            if waits
            else None,
        )
