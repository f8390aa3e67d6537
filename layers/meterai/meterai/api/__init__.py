"""The bodies of the HTTP API: what a request may say and what an answer says.

Unknown fields are refused, numbers are numbers, and each limit stands here once; the OpenAPI
document is made from these models.
"""

from meterai.api.books import BooksAnswer
from meterai.api.documents import DocumentRequest, UploadAnswer
from meterai.api.findings import FindingAnswer
from meterai.api.forms import (
    Answer,
    OrderName,
    Points,
    PollAfter,
    PromisedBy,
    Request,
    Sha256,
    Whole,
)
from meterai.api.orders import CancelRequest, OrderAnswer, OrderRequest, PaymentInstruction
from meterai.api.placements import PlacementAnswer, PlacementRequest
from meterai.api.places import PlaceAnswer, PlaceRequest
from meterai.api.portals import DeadlineAnswer, DeadlineRequest, PortalAnswer
from meterai.api.preflights import (
    PageSize,
    PreflightAnswer,
    PreflightFinding,
    PreflightRequest,
)
from meterai.api.previews import PreviewFacts, PreviewRequest
from meterai.api.receipts import ReceiptAnswer, ReceiptKeyAnswer
from meterai.api.refunds import (
    ClaimLinkAnswer,
    ClaimLinkRequest,
    ClaimRequest,
    RefundAnswer,
    RefundRequest,
    RefundStatusAnswer,
)
from meterai.api.stampings import StampingAnswer, StampingRequest
from meterai.api.verification import (
    SerialAnswer,
    StampFindingAnswer,
    VerificationAnswer,
    VerificationRequest,
)

__all__ = [
    "Answer",
    "BooksAnswer",
    "CancelRequest",
    "ClaimLinkAnswer",
    "ClaimLinkRequest",
    "ClaimRequest",
    "DeadlineAnswer",
    "DeadlineRequest",
    "DocumentRequest",
    "FindingAnswer",
    "OrderAnswer",
    "OrderName",
    "OrderRequest",
    "PageSize",
    "PaymentInstruction",
    "PlaceAnswer",
    "PlaceRequest",
    "PlacementAnswer",
    "PlacementRequest",
    "Points",
    "PollAfter",
    "PortalAnswer",
    "PreflightAnswer",
    "PreflightFinding",
    "PreflightRequest",
    "PreviewFacts",
    "PreviewRequest",
    "PromisedBy",
    "ReceiptAnswer",
    "ReceiptKeyAnswer",
    "RefundAnswer",
    "RefundRequest",
    "RefundStatusAnswer",
    "Request",
    "SerialAnswer",
    "Sha256",
    "StampFindingAnswer",
    "StampingAnswer",
    "StampingRequest",
    "UploadAnswer",
    "VerificationAnswer",
    "VerificationRequest",
    "Whole",
]
