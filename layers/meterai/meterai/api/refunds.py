"""Refunds: money on its way back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from meterai.api.models import (
    NOT_BLANK,
    Answer,
    Count,
    Message,
    PollAfter,
    PromisedBy,
    Request,
    Rupiah,
)
from meterai.api.queue_estimates import Estimate, Position, estimate_of, poll_after_ms, position_of
from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.payments import Method
from meterai.domain.refunds.refund_promises import RefundPromises, needs_account
from meterai.domain.refunds.refunds import MOVING, Refund, RefundReason, RefundState
from meterai.domain.waiting.load_snapshot import QueuePosition
from meterai.languages import Language, Text, span

_MESSAGES: Mapping[RefundState, Text] = {
    RefundState.DUE: Text(
        "Dana Anda akan segera dikembalikan.",
        "Your money will be sent back shortly.",
    ),
    RefundState.SUBMITTED: Text(
        "Dana Anda sedang dikembalikan.",
        "Your money is on its way back.",
    ),
    RefundState.FAILED: Text(
        "Percobaan terakhir tidak berhasil. Kami mencoba lagi secara otomatis.",
        "The last attempt failed. We are trying again automatically.",
    ),
    RefundState.NEEDS_ACCOUNT: Text(
        "Dana tidak dapat kembali lewat cara bayar semula. Masuk ke akun Anda dan sebutkan nomor "
        "rekening.",
        "The money cannot go back the way it was paid. Sign in and name a bank account.",
    ),
    RefundState.CONFIRMED: Text(
        "Dana sudah dikembalikan, dan bank sudah memastikannya.",
        "The money was sent back, and the bank has confirmed it.",
    ),
    RefundState.SUPERSEDED: Text(
        "Bank sendiri sudah mengembalikan dana kepada pembayar.",
        "The bank itself has already returned the money to the payer.",
    ),
}

Overdue = Annotated[
    bool, Field(description="The promised time has passed, and the money is not on its way")
]
ConfirmedAt = Annotated[datetime | None, Field(description="When the bank confirmed it")]


class RefundTerms(Answer):
    """What a refund needs, and how long it takes: by how the order is paid."""

    needs_account: bool = Field(
        description="The buyer names a bank account: the money cannot go back the way it came"
    )
    within_s: int = Field(
        description="From the request until the money is back; or, where an account is needed, "
        "from when it was named"
    )
    message: Message

    @classmethod
    def of(cls, method: Method, promises: RefundPromises, language: Language) -> "RefundTerms":
        to_account = needs_account(method)
        text = _TO_ACCOUNT if to_account else _TO_SOURCE
        return cls(
            needs_account=to_account,
            within_s=int(promises.of(method).total_seconds()),
            message=text.in_language(language).format(
                to_source=span(promises.to_source, language),
                to_account=span(promises.to_account, language),
            ),
        )


_TO_SOURCE = Text(
    "Jika Anda meminta dana kembali, dana masuk ke aplikasi atau rekening yang Anda pakai "
    "membayar, paling lambat {to_source} setelah diminta. Jika bank Anda tidak menerimanya, "
    "sebutkan rekening bank, dan dana masuk ke sana paling lambat {to_account} setelah itu.",
    "If you ask for a refund, the money returns to the app or account that you pay from within "
    "{to_source} of your request. If your bank does not take it back, name a bank account: it "
    "arrives there within {to_account} of that.",
)
_TO_ACCOUNT = Text(
    "Pembayaran lewat virtual account tidak dapat kembali ke asalnya. Jika Anda meminta dana "
    "kembali, sebutkan rekening bank, dan dana masuk ke sana paling lambat {to_account} setelah "
    "itu.",
    "A payment by virtual account cannot return to where it came from. If you ask for a refund, "
    "name a bank account: the money arrives there within {to_account} of that.",
)


class RefundRequest(Request):
    """Give back unused e-meterai of an order."""

    quantity: Annotated[int, Field(ge=1, le=8)]


class ClaimLinkRequest(Request):
    """Asks for a claim link: an empty object."""


class ClaimRequest(Request):
    """The account that a refund goes to. It is stored encrypted and deleted after 30 days."""

    # Not in its repr: Powertools logs a route's arguments at level DEBUG.
    token: Annotated[
        str,
        StringConstraints(max_length=64),
        Field(description="Of a claim link", repr=False),
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
        StringConstraints(min_length=1, max_length=60, pattern=NOT_BLANK),
        Field(
            description="The holder's name as the bank has it; case and titles do not matter",
            repr=False,
        ),
    ]

    @classmethod
    def of_form(cls, **fields: str) -> "ClaimRequest | frozenset[str]":
        """Or the names of the fields that are wrong, without what was in them."""
        try:
            return cls(**fields)
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_context=False, include_input=False)
            return frozenset(str(one["loc"][0]) for one in wrong)


class ClaimLinkAnswer(Answer):
    """A token with which the owner of a refund names, once, the account it goes to."""

    token: str = Field(repr=False)
    expires_at: datetime = Field(description="After that, ask for a new one")


class RefundStatusAnswer(Answer):
    """The state of a refund, for anyone who has its link. It does not say whose it is."""

    state: RefundState
    message: Message
    amount_idr: Rupiah
    created_at: datetime
    promised_by: PromisedBy
    overdue: Overdue
    confirmed_at: ConfirmedAt

    @classmethod
    def of(cls, refund: Refund, now: datetime, language: Language) -> "RefundStatusAnswer":
        promise = refund.timer if refund.state in MOVING else None
        return cls(
            state=refund.state,
            message=_MESSAGES[refund.state].in_language(language),
            amount_idr=refund.amount_idr,
            created_at=refund.created_at,
            promised_by=promise.deadline_at if promise else None,
            overdue=refund.is_overdue(now),
            confirmed_at=refund.confirmed_at,
        )


class RefundAnswer(RefundStatusAnswer):
    """A refund, as its owner sees it."""

    refund_id: RefundId
    order_id: OrderId
    reason: RefundReason
    quantity: Count = Field(description="E-meterai given back; 0: the payment had bought none")
    follow_url: str = Field(
        description="A page with the state, for anyone who has the link, for 90 days at least; "
        "needs no sign-in. Each answer has a link that is valid",
        repr=False,
    )
    position: Position
    estimate: Estimate
    poll_after_ms: PollAfter

    @classmethod
    def about(
        cls,
        refund: Refund,
        now: datetime,
        language: Language,
        follow_url: str,
        queue_position: QueuePosition | None = None,
    ) -> "RefundAnswer":
        """`queue_position`: among the refunds that wait to be sent to the gateway."""
        waits = refund.state is RefundState.DUE
        queue_position = queue_position if waits else None
        return cls(
            **dict(RefundStatusAnswer.of(refund, now, language)),
            refund_id=refund.refund_id,
            order_id=refund.order_id,
            reason=refund.reason,
            quantity=len(refund.slots),
            follow_url=follow_url,
            position=position_of(queue_position),
            estimate=estimate_of(queue_position),
            poll_after_ms=poll_after_ms(queue_position, 2_000) if refund.state in MOVING else None,
        )
