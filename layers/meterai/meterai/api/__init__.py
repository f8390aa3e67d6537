"""The bodies of the HTTP API: what a request may say and what an answer says.

Unknown fields are refused, numbers are numbers, and each limit stands here once; the OpenAPI
document is made from these models.
"""

from meterai.api.documents import DocumentRequest, UploadAnswer
from meterai.api.findings import FindingAnswer
from meterai.api.history import OrderList, RefundList, StampingList, StampingSummary
from meterai.api.ledger import LedgerAnswer
from meterai.api.models import (
    Answer,
    OrderName,
    Points,
    PollAfter,
    PromisedBy,
    Request,
    Sha256,
    Whole,
)
from meterai.api.operators import OperatorDeadlineRequest
from meterai.api.orders import CancelRequest, OrderAnswer, OrderRequest, PaymentInstruction
from meterai.api.placements import PlacementAnswer, PlacementRequest
from meterai.api.portals import DeadlineAnswer, DeadlineRequest, PortalAnswer
from meterai.api.preflights import PageSize, PreflightAnswer, PreflightFinding, PreflightRequest
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
    LaterChangeAnswer,
    SerialAnswer,
    VerificationAnswer,
    VerificationRequest,
    VerifiedStampAnswer,
)
from meterai.api.waiting_room import TicketAnswer, TicketRequest

__all__ = [
    "Answer",
    "CancelRequest",
    "ClaimLinkAnswer",
    "ClaimLinkRequest",
    "ClaimRequest",
    "DeadlineAnswer",
    "DeadlineRequest",
    "DocumentRequest",
    "FindingAnswer",
    "LaterChangeAnswer",
    "LedgerAnswer",
    "OperatorDeadlineRequest",
    "OrderAnswer",
    "OrderList",
    "OrderName",
    "OrderRequest",
    "PageSize",
    "PaymentInstruction",
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
    "RefundList",
    "RefundRequest",
    "RefundStatusAnswer",
    "Request",
    "SerialAnswer",
    "Sha256",
    "StampingAnswer",
    "StampingList",
    "StampingRequest",
    "StampingSummary",
    "TicketAnswer",
    "TicketRequest",
    "UploadAnswer",
    "VerificationAnswer",
    "VerificationRequest",
    "VerifiedStampAnswer",
    "Whole",
]
