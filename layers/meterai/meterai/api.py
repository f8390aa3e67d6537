"""The bodies of the HTTP API: what a request may say and what an answer says.

Unknown fields are refused, numbers are numbers, and each limit stands here once; the OpenAPI
document is made from these models.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from meterai.domain.books import AccountBooks
from meterai.domain.identity import OrderId, RefundId
from meterai.domain.orders import Order, OrderState
from meterai.domain.payments import Instruction, Method
from meterai.domain.placement import Placement
from meterai.domain.refunds import Refund, RefundReason, RefundState
from meterai.domain.serials import Serial
from meterai.domain.stampings import DocumentKind, EMeterai, SerialState, VoidReason
from meterai.domain.verdicts import StampVerdict, Verdict, VerificationResult
from meterai.ports import UploadOffer

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
OrderName = Annotated[OrderId, StringConstraints(pattern=r"^ord_[A-Z2-7]{26}$")]
Whole = Annotated[int, Field(ge=-(2**31), lt=2**31)]  # what every client's integers can hold
Points = Annotated[float, Field(ge=-14_400, le=14_400, allow_inf_nan=False)]  # PDF's largest page
PollAfter = Annotated[
    int | None, Field(description="Ask again after so many milliseconds; null: nothing is awaited")
]
PromisedBy = Annotated[
    datetime | None, Field(description="By then it is done, or the money is on its way back")
]


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class OrderRequest(Request):
    """Buy e-meterai, paid in one charge."""

    quantity: Whole = Field(description="How many, 1 to 8")
    method: Annotated[Method, Field(strict=False, description="How the buyer pays")] = Method.QRIS


class PaymentInstruction(Answer):
    """How to pay. `qr_text` is the text of a QRIS code, to be shown as a QR picture."""

    method: Method
    qr_text: str | None
    qr_page_url: str | None
    va_bank: str | None
    va_number: str | None

    @classmethod
    def of(cls, instruction: Instruction) -> "PaymentInstruction":
        return cls(
            method=instruction.method,
            qr_text=instruction.qr_text,
            qr_page_url=instruction.qr_page_url,
            va_bank=instruction.va_bank,
            va_number=instruction.va_number,
        )


class OrderAnswer(Answer):
    """An order: how it is paid, and what became of its e-meterai."""

    order_id: OrderId
    state: OrderState
    quantity: int
    available: int = Field(description="E-meterai that are free to be put on a document")
    amount_idr: int
    created_at: datetime
    expires_at: datetime = Field(description="Money that settles later goes back by itself")
    paid_at: datetime | None
    pay: PaymentInstruction | None = Field(description="While it waits for its payment")
    stampings: list[Serial] = Field(description="Each of them: GET /v1/stampings/{stamping_id}")
    refunds: list[RefundId]
    poll_after_ms: PollAfter

    @classmethod
    def of(cls, order: Order) -> "OrderAnswer":
        waits = order.state is OrderState.PENDING
        usable = order.state in (OrderState.PENDING, OrderState.PAID)
        return cls(
            order_id=order.order_id,
            state=order.state,
            quantity=order.quantity,
            available=len(order.free_slots) if usable else 0,
            amount_idr=order.amount_idr,
            created_at=order.created_at,
            expires_at=order.expires_at,
            paid_at=order.paid_at,
            pay=PaymentInstruction.of(order.instruction) if waits and order.instruction else None,
            stampings=list(order.stampings()),
            refunds=list(order.refunds()),
            poll_after_ms=2_000 if waits else None,
        )


class DocumentRequest(Request):
    """Announce a PDF that is to be uploaded."""

    sha256: Sha256 = Field(description="Of the file, in lower-case hex: its name from now on")
    size_bytes: Whole = Field(ge=1)


class UploadAnswer(Answer):
    """POST the file to `url` as multipart/form-data, with `fields` before the file."""

    document: Sha256
    url: str
    fields: dict[str, str] = Field(description="To be sent as they are")
    expires_at: datetime

    @classmethod
    def of(cls, document: str, offer: UploadOffer) -> "UploadAnswer":
        return cls(
            document=document, url=offer.url, fields=offer.fields, expires_at=offer.expires_at
        )


class PlacementRequest(Request):
    """A square on the page as displayed, in points, from the bottom left."""

    page: Whole = Field(description="From 1; -1 is the last page")
    x_pt: Points = Field(description="Of the left edge")
    y_pt: Points = Field(description="Of the lower edge")
    side_pt: Annotated[float, Field(ge=54, le=200, allow_inf_nan=False)] = 72.0

    def placement(self) -> Placement:
        return Placement(page=self.page, x_pt=self.x_pt, y_pt=self.y_pt, side_pt=self.side_pt)


class StampingRequest(Request):
    """Put one or more e-meterai of an order on one uploaded document."""

    order_id: OrderName
    document: Sha256 = Field(description="As it was uploaded")
    placements: Annotated[list[PlacementRequest], Field(min_length=1, max_length=8)] = Field(
        description="One e-meterai for each"
    )
    kind: Annotated[DocumentKind, Field(strict=False)] = Field(
        default=DocumentKind.STATEMENT,
        description="2 security or deed, 3 statement, 4a receipt of money, 4b settled debt",
    )
    reason: Annotated[str, StringConstraints(min_length=1, max_length=80)] = Field(
        description="What the document is; it stands in the signature"
    )
    portal: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{2,32}$")] | None = Field(
        default=None, description="Who is handed the stamped file, besides you"
    )
    again: bool = Field(
        default=False,
        description="Say true to put another e-meterai of this order on the same document",
    )


class StampingAnswer(Answer):
    """A stamping: one document with its e-meterai, named by the first of them."""

    stamping_id: Serial
    state: Literal["reserved", "stamped", "void"]
    serials: list[Serial] = Field(description="In the order of the placements")
    document: Sha256
    portal: str | None
    requested_at: datetime
    promised_by: PromisedBy
    stamped_at: datetime | None
    stamped_sha256: Sha256 | None
    download_url: str | None = Field(description="Of the stamped file, for a few minutes")
    void_reason: VoidReason | None
    void_code: str | None = Field(description="Why the document was refused: a problem's code")
    poll_after_ms: PollAfter

    @classmethod
    def of(cls, first: EMeterai, download_url: str | None) -> "StampingAnswer":
        waits = first.state is SerialState.RESERVED
        return cls(
            stamping_id=first.stamping,
            state=first.state.value,
            serials=list(first.serials),
            document=first.document,
            portal=first.portal,
            requested_at=first.requested_at,
            promised_by=first.clock.deadline_at if waits and first.clock else None,
            stamped_at=first.stamped_at,
            stamped_sha256=first.outputs[0] if first.outputs else None,
            download_url=download_url,
            void_reason=first.void_reason,
            void_code=first.void_code,
            poll_after_ms=1_000 if waits else None,
        )


class SerialAnswer(Answer):
    """What the QR's address says of an e-meterai to anybody: never whose it is."""

    serial: Serial
    state: Literal["stamped"]
    stamped_at: datetime
    kind: DocumentKind
    sha256: Sha256 = Field(description="Of the stamped file: compare it with the file you hold")

    @classmethod
    def of(cls, emeterai: EMeterai) -> "SerialAnswer":
        """Of a stamped e-meterai."""
        assert emeterai.stamped_at is not None
        return cls(
            serial=emeterai.serial,
            state="stamped",
            stamped_at=emeterai.stamped_at,
            kind=emeterai.kind,
            sha256=emeterai.outputs[0],
        )


class VerificationRequest(Request):
    """Judge an uploaded file."""

    document: Sha256


class StampFindingAnswer(Answer):
    """One e-meterai that the file claims to carry."""

    serial: str
    verdict: StampVerdict
    stamped_at: datetime | None


class VerificationAnswer(Answer):
    """What was found."""

    document: Sha256
    verdict: Verdict = Field(description="The worst of its stamps' verdicts")
    stamps: list[StampFindingAnswer]

    @classmethod
    def of(cls, document: str, result: VerificationResult) -> "VerificationAnswer":
        return cls(
            document=document,
            verdict=result.verdict,
            stamps=[
                StampFindingAnswer(
                    serial=stamp.serial, verdict=stamp.verdict, stamped_at=stamp.stamped_at
                )
                for stamp in result.stamps
            ],
        )


class RefundRequest(Request):
    """Give back unused e-meterai of an order."""

    quantity: Annotated[int, Field(ge=1, le=8)]


class RefundAnswer(Answer):
    """Money on its way back."""

    refund_id: RefundId
    order_id: OrderId
    state: RefundState
    reason: RefundReason
    amount_idr: int
    quantity: int
    created_at: datetime
    promised_by: PromisedBy
    confirmed_at: datetime | None = Field(description="When the bank said so")
    poll_after_ms: PollAfter

    @classmethod
    def of(cls, refund: Refund) -> "RefundAnswer":
        return cls(
            refund_id=refund.refund_id,
            order_id=refund.order_id,
            state=refund.state,
            reason=refund.reason,
            amount_idr=refund.amount_idr,
            quantity=len(refund.slots),
            created_at=refund.created_at,
            promised_by=refund.clock.deadline_at if refund.clock else None,
            confirmed_at=refund.confirmed_at,
            poll_after_ms=2_000 if refund.clock else None,
        )


class BooksAnswer(Answer):
    """The account's books, recomputed from the facts at this moment."""

    books: AccountBooks
    balanced: bool = Field(description="Nothing stands in `differences`")
