"""The waiting room, while buying is paused."""

from datetime import datetime, timedelta

from pydantic import Field

from meterai.api.models import Answer, Message, PollAfter, Request
from meterai.api.queue_estimates import EstimateAnswer, PositionAnswer
from meterai.domain.waiting.admission_control import Admission
from meterai.domain.waiting.tickets import QueueTicket
from meterai.languages import Language, Text

MILLISECOND = timedelta(milliseconds=1)


class TicketRequest(Request):
    """Get a ticket, or the one that the account already holds: an empty object."""


class TicketAnswer(Answer):
    """A place in the waiting room, and whether its turn has come."""

    may_buy: bool = Field(
        description="Send POST /v1/orders now; if there is a ticket, send it in Meterai-Ticket"
    )
    expired: bool = Field(
        description="Its turn has passed: get a new ticket by POST /v1/waiting-room/tickets"
    )
    ticket: str | None = Field(description="null: no ticket is needed now", repr=False)
    issued_at: datetime | None
    position: PositionAnswer | None = Field(description="How many tickets are ahead")
    estimate: EstimateAnswer | None = Field(
        description="Until its turn; null: not known, because nobody is admitted at the moment"
    )
    message: Message
    poll_after_ms: PollAfter

    @classmethod
    def not_needed(cls, language: Language) -> "TicketAnswer":
        """Buying is not paused."""
        return cls(
            may_buy=True,
            expired=False,
            ticket=None,
            issued_at=None,
            position=None,
            estimate=None,
            message=_OPEN.in_language(language),
            poll_after_ms=None,
        )

    @classmethod
    def of(
        cls, place: QueueTicket, ticket: str, admission: Admission, language: Language
    ) -> "TicketAnswer":
        may_buy = admission.admits(place.issued_at)
        expired = admission.is_over(place.issued_at)
        waits = not may_buy and not expired
        wait = admission.wait_of(place.issued_at) if waits else None
        text = _EXPIRED if expired else _TURN if may_buy else _WAITS
        return cls(
            may_buy=may_buy,
            expired=expired,
            ticket=ticket,
            issued_at=place.issued_at,
            position=PositionAnswer.of(admission.position_of(place.issued_at)) if waits else None,
            estimate=None if wait is None else EstimateAnswer.of(wait),
            message=text.in_language(language),
            poll_after_ms=round(admission.ask_after(place.issued_at) / MILLISECOND)
            if waits
            else None,
        )


_OPEN = Text(
    "Anda dapat langsung membeli. Tiket tidak diperlukan.",
    "You can buy right away. No ticket is needed.",
)
_TURN = Text(
    "Sekarang giliran Anda. Silakan membeli dengan tiket ini.",
    "It is your turn. Buy now, with this ticket.",
)
_WAITS = Text(
    "Antrean Anda tersimpan di akun Anda. Halaman ini boleh ditutup, lalu dibuka lagi di ponsel "
    "mana pun.",
    "Your place is kept in your account. You may close this page and open it again on any phone.",
)
_EXPIRED = Text(
    "Giliran Anda sudah lewat. Ambil tiket baru.",
    "Your turn has passed. Get a new ticket.",
)
