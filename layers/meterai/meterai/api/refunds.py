"""Refunds: money on its way back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from meterai.api.models import Answer, PollAfter, PromisedBy, Request
from meterai.api.queue_estimates import Estimate, Position, estimate_of, poll_after_ms, position_of
from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.refunds.refunds import MOVING, Refund, RefundReason, RefundState
from meterai.domain.waiting.queue_status import QueuePosition

# In words that anybody understands: English, Indonesian.
_SAYS: Mapping[RefundState, tuple[str, str]] = {
    RefundState.DUE: (
        "The money is about to be sent back.",
        "Uang akan segera dikembalikan.",
    ),
    RefundState.SUBMITTED: (
        "The money is on its way back.",
        "Uang sedang dalam perjalanan kembali.",
    ),
    RefundState.FAILED: (
        "The last try came to nothing. We try again by ourselves.",
        "Percobaan terakhir tidak berhasil. Kami mencoba lagi dengan sendirinya.",
    ),
    RefundState.NEEDS_ACCOUNT: (
        "The money cannot go back the way it came. Its owner signs in and names a bank account.",
        "Uang tidak dapat kembali lewat jalan semula. Pemiliknya masuk dan menyebutkan rekening.",
    ),
    RefundState.CONFIRMED: (
        "The money has gone back; the bank has confirmed it.",
        "Uang sudah kembali; bank telah memastikannya.",
    ),
    RefundState.SUPERSEDED: (
        "The bank itself took the payment back, so the money is with its payer again.",
        "Bank sendiri sudah menarik pembayaran, jadi uang sudah kembali kepada pembayar.",
    ),
}

Overdue = Annotated[bool, Field(description="The promised time is over, and it is not done")]
Says = Annotated[str, Field(description="The state in plain words")]
SaysId = Annotated[str, Field(description="The same in Indonesian")]
ConfirmedAt = Annotated[datetime | None, Field(description="When the bank said so")]


class RefundRequest(Request):
    """Give back unused e-meterai of an order."""

    quantity: Annotated[int, Field(ge=1, le=8)]


class ClaimLinkRequest(Request):
    """Asks for a claim link: an empty object."""


class ClaimRequest(Request):
    """To which account the money of a refund goes. Kept encrypted, and deleted 30 days after."""

    # Not in its repr: Powertools logs a route's arguments at level DEBUG.
    token: Annotated[
        str, StringConstraints(max_length=64), Field(description="Of a claim link", repr=False)
    ]
    bank: Annotated[
        str,
        StringConstraints(pattern=r"^[a-z0-9_]{2,20}$"),
        Field(description="The bank's short name, such as `bca`"),
    ]
    number: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9]{6,20}$"),
        Field(description="Digits only", repr=False),
    ]
    holder: Annotated[
        str,
        StringConstraints(min_length=1, max_length=60),
        Field(
            description="The holder's name as the bank has it; case and titles do not matter",
            repr=False,
        ),
    ]


class ClaimLinkAnswer(Answer):
    """A link by which the owner of a refund says, once, to which account its money goes."""

    token: str
    expires_at: datetime = Field(description="Ask for another then, as often as need be")


class RefundStatusAnswer(Answer):
    """How far a refund is, for whoever has its link. Nothing here says whose it is."""

    state: RefundState
    says: Says
    says_id: SaysId
    amount_idr: int
    created_at: datetime
    promised_by: PromisedBy
    overdue: Overdue
    confirmed_at: ConfirmedAt

    @classmethod
    def of(cls, refund: Refund, now: datetime) -> "RefundStatusAnswer":
        says, says_id = _SAYS[refund.state]
        return cls(
            state=refund.state,
            says=says,
            says_id=says_id,
            amount_idr=refund.amount_idr,
            created_at=refund.created_at,
            promised_by=refund.timer.deadline_at if refund.timer else None,
            overdue=refund.is_overdue(now),
            confirmed_at=refund.confirmed_at,
        )


class RefundAnswer(RefundStatusAnswer):
    """Money on its way back."""

    refund_id: RefundId
    order_id: OrderId
    reason: RefundReason
    quantity: int = Field(description="E-meterai given back; 0: a payment that bought nothing")
    follow_url: str = Field(description="Shows the state to whoever has it; needs no login")
    position: Position
    estimate: Estimate
    poll_after_ms: PollAfter

    @classmethod
    def about(
        cls,
        refund: Refund,
        now: datetime,
        follow_url: str,
        queue_position: QueuePosition | None = None,
    ) -> "RefundAnswer":
        """`standing`: among the refunds that the gateway is to be told of."""
        waits = refund.state is RefundState.DUE
        queue_position = queue_position if waits else None
        return cls(
            **dict(RefundStatusAnswer.of(refund, now)),
            refund_id=refund.refund_id,
            order_id=refund.order_id,
            reason=refund.reason,
            quantity=len(refund.slots),
            follow_url=follow_url,
            position=position_of(queue_position),
            estimate=estimate_of(queue_position),
            poll_after_ms=poll_after_ms(queue_position, 2_000) if refund.state in MOVING else None,
        )
