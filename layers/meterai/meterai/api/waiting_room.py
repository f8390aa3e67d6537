"""The waiting room, while buying is paused."""

from datetime import datetime, timedelta

from pydantic import Field

from meterai.api.models import Answer, PollAfter, Request
from meterai.api.queue_estimates import EstimateAnswer, PositionAnswer
from meterai.domain.waiting.admission_control import Admission
from meterai.domain.waiting.tickets import QueueTicket

MILLISECOND = timedelta(milliseconds=1)


class TicketRequest(Request):
    """Takes a place, or finds the one that is held: an empty object."""


class TicketAnswer(Answer):
    """A place in the waiting room, and whether it is its turn."""

    may_buy: bool = Field(
        description="Send POST /v1/orders now, with the ticket, if there is one, in Meterai-Ticket"
    )
    over: bool = Field(
        description="Its turn came and went: take a new place by POST /v1/waiting-room/tickets"
    )
    ticket: str | None = Field(description="null: nobody needs one at this moment")
    issued_at: datetime | None
    position: PositionAnswer | None = Field(description="How many stand before it")
    estimate: EstimateAnswer | None = Field(
        description="How long until its turn; null: not known, since nobody is let in just now"
    )
    says: str = Field(description="How it stands and what to do, in plain words")
    says_id: str = Field(description="The same in Indonesian")
    poll_after_ms: PollAfter

    @classmethod
    def needless(cls) -> "TicketAnswer":
        """Nobody waits: everybody may buy."""
        says, says_id = _OPEN
        return cls(
            may_buy=True,
            over=False,
            ticket=None,
            issued_at=None,
            position=None,
            estimate=None,
            says=says,
            says_id=says_id,
            poll_after_ms=None,
        )

    @classmethod
    def of(cls, place: QueueTicket, ticket: str, admission: Admission) -> "TicketAnswer":
        may_buy = admission.admits(place.issued_at)
        over = admission.is_over(place.issued_at)
        waits = not may_buy and not over
        wait = admission.wait_of(place.issued_at) if waits else None
        says, says_id = _OVER if over else _TURN if may_buy else _WAITS
        return cls(
            may_buy=may_buy,
            over=over,
            ticket=ticket,
            issued_at=place.issued_at,
            position=PositionAnswer.of(admission.position_of(place.issued_at)) if waits else None,
            estimate=None if wait is None else EstimateAnswer.of(wait),
            says=says,
            says_id=says_id,
            poll_after_ms=round(admission.ask_after(place.issued_at) / MILLISECOND)
            if waits
            else None,
        )


_OPEN = (
    "Everybody may buy. No ticket is needed.",
    "Semua orang dapat membeli. Tiket tidak diperlukan.",
)
_TURN = (
    "It is your turn. Buy now, with this ticket.",
    "Sekarang giliran Anda. Silakan membeli dengan tiket ini.",
)
_WAITS = (
    "You hold a place. You may close this page: your place is kept, also for another phone.",
    "Nomor antrean Anda tersimpan, juga untuk ponsel lain. Halaman ini boleh ditutup.",
)
_OVER = (
    "Your turn came and its time to buy is over. Take a new place.",
    "Giliran Anda sudah lewat dan waktu membelinya habis. Ambil nomor antrean baru.",
)
