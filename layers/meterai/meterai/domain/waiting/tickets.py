"""A place in the waiting room: one for each account, kept when the tab closes or the phone dies.

Its ticket is a signed text that says when the place was taken. Whether it may buy follows from that
time and the admission's watermark alone: nobody's place is looked up while he waits.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meterai.domain.errors import TicketInvalid
from meterai.domain.id_derivation import IdDeriver, OrderId

_EPOCH = datetime.fromtimestamp(0, UTC)

TICKET = re.compile(r"([0-9]{13})\.([A-Z2-7]{26})", re.ASCII)


@dataclass(frozen=True, slots=True)
class QueueTicket:
    """`issued_at` is in whole milliseconds, as its ticket says it."""

    account: str
    issued_at: datetime
    used_by: OrderId | None = None  # the order that was bought with it


def whole_milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1_000 * 1_000)


def ticket_text(place: QueueTicket, id_deriver: IdDeriver) -> str:
    """At most 40 characters. It serves the account that it was issued to, and nobody else."""
    issued = str(round(place.issued_at.timestamp() * 1_000))
    return f"{issued}.{_mark(place.account, issued, id_deriver)}"


def parse_ticket(ticket: str, account: str, id_deriver: IdDeriver) -> QueueTicket:
    """Raises TicketInvalid: not one of ours, or somebody else's, which answer alike."""
    parts = TICKET.fullmatch(ticket)
    if parts is None:
        raise TicketInvalid
    issued, mark = parts.groups()
    if not hmac.compare_digest(mark, _mark(account, issued, id_deriver)):
        raise TicketInvalid
    return QueueTicket(
        account, datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(issued))
    )


def _mark(account: str, issued: str, id_deriver: IdDeriver) -> str:
    return id_deriver.signature("a place in the waiting room", account, issued)
