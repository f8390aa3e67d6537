"""The operations of the API, by their names in `layers/meterai/openapi.json`; a test compares each.

The models of bodies are the API's own. All operations may be repeated: those that make something
are named by an `Idempotency-Key`, the others make nothing, or the same again.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from meterai import api
from meterai.http_client import Verb

AnswerT = TypeVar("AnswerT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Operation(Generic[AnswerT]):
    """`keyed`: it has an `Idempotency-Key`; `takes_ticket`: and a ticket of the waiting room, if
    there is one. `public`: it needs no token, and gets none."""

    verb: Verb
    path: str
    answer: type[AnswerT]
    body: type[api.Request] | None = None
    keyed: bool = False
    takes_ticket: bool = False
    public: bool = False
    query: tuple[str, ...] = ()


ORDERS, STAMPINGS, REFUNDS = "/v1/orders", "/v1/stampings", "/v1/refunds"
ORDER, STAMPING, REFUND = (
    "/v1/orders/{order_id}",
    "/v1/stampings/{stamping_id}",
    "/v1/refunds/{refund_id}",
)
TICKETS, PORTAL = "/v1/waiting-room/tickets", "/v1/portals/{portal}"
PAGED = ("after", "limit")

PURCHASE = Operation(
    "POST", ORDERS, api.OrderAnswer, api.OrderRequest, keyed=True, takes_ticket=True
)
LIST_ORDERS = Operation("GET", ORDERS, api.OrderList, query=PAGED)
READ_ORDER = Operation("GET", ORDER, api.OrderAnswer)
CANCEL_ORDER = Operation("POST", f"{ORDER}/cancel", api.OrderAnswer, api.CancelRequest)
JOIN_WAITING_ROOM = Operation("POST", TICKETS, api.TicketAnswer, api.TicketRequest)
READ_TICKET = Operation("GET", f"{TICKETS}/{{ticket}}", api.TicketAnswer)

CREATE_UPLOAD = Operation("POST", "/v1/documents", api.UploadAnswer, api.DocumentRequest)
PREFLIGHT = Operation("POST", "/v1/preflights", api.PreflightAnswer, api.PreflightRequest)
PREVIEW = Operation("POST", "/v1/previews", api.PreviewFacts, api.PreviewRequest)
REQUEST_STAMPING = Operation("POST", STAMPINGS, api.StampingAnswer, api.StampingRequest, keyed=True)
LIST_STAMPINGS = Operation("GET", STAMPINGS, api.StampingList, query=PAGED)
READ_STAMPING = Operation("GET", STAMPING, api.StampingAnswer)
READ_RECEIPT = Operation("GET", f"{STAMPING}/receipt", api.ReceiptAnswer)
READ_RECEIPT_KEY = Operation("GET", "/v1/receipt-keys/{key_id}", api.ReceiptKeyAnswer, public=True)
VERIFY = Operation("POST", "/v1/verifications", api.VerificationAnswer, api.VerificationRequest)
READ_SERIAL = Operation("GET", "/S/{serial}", api.SerialAnswer, public=True)

REQUEST_REFUND = Operation(
    "POST", f"{ORDER}/refunds", api.RefundAnswer, api.RefundRequest, keyed=True
)
LIST_REFUNDS = Operation("GET", REFUNDS, api.RefundList, query=PAGED)
READ_REFUND = Operation("GET", REFUND, api.RefundAnswer)
REFUND_STATUS = Operation("GET", "/R/{token}", api.RefundStatusAnswer, public=True)
CREATE_CLAIM_LINK = Operation(
    "POST", f"{REFUND}/claim-links", api.ClaimLinkAnswer, api.ClaimLinkRequest
)
CLAIM_REFUND = Operation("POST", f"{REFUND}/claims", api.RefundAnswer, api.ClaimRequest, keyed=True)

READ_PORTAL = Operation("GET", PORTAL, api.PortalAnswer)
SET_PORTAL_DEADLINE = Operation(
    "POST", f"{PORTAL}/deadline", api.DeadlineAnswer, api.DeadlineRequest
)
READ_LEDGER = Operation("GET", "/v1/ledger", api.LedgerAnswer)

OPERATOR = "/v1/operator"
READ_ANY_LEDGER = Operation(
    "GET", f"{OPERATOR}/ledger", api.LedgerAnswer, query=("account", "reason")
)
SET_DEADLINE_FOR_PORTAL = Operation(
    "POST",
    f"{OPERATOR}/portals/{{portal}}/deadline",
    api.DeadlineAnswer,
    api.OperatorDeadlineRequest,
)
