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
from meterai.api.orders import OrderAnswer, OrderRequest, PaymentInstruction
from meterai.api.placements import PlacementAnswer, PlacementRequest
from meterai.api.preflights import (
    PageSize,
    PreflightAnswer,
    PreflightFinding,
    PreflightRequest,
)
from meterai.api.previews import PreviewFacts, PreviewRequest
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
    "ClaimLinkAnswer",
    "ClaimLinkRequest",
    "ClaimRequest",
    "DocumentRequest",
    "FindingAnswer",
    "OrderAnswer",
    "OrderName",
    "OrderRequest",
    "PageSize",
    "PaymentInstruction",
    "PlacementAnswer",
    "PlacementRequest",
    "Points",
    "PollAfter",
    "PreflightAnswer",
    "PreflightFinding",
    "PreflightRequest",
    "PreviewFacts",
    "PreviewRequest",
    "PromisedBy",
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
