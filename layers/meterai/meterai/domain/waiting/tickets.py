"""Tickets of the waiting room: one for each account, kept when the browser is closed.

A ticket is a signed text with the time it was issued. Whether it may buy follows from that time and
the admission's watermark alone: while people wait, no ticket is looked up.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meterai.domain.errors import TicketInvalid
from meterai.domain.id_derivation import OrderId
from meterai.domain.signed_tokens import TokenKind, TokenSigner

_EPOCH = datetime.fromtimestamp(0, UTC)

TICKET = TokenKind("a place in the waiting room", shown="([0-9]{13})")


@dataclass(frozen=True, slots=True)
class QueueTicket:
    """`issued_at` is in whole milliseconds, as its ticket says it."""

    account: str
    issued_at: datetime
    used_by: OrderId | None = None  # the order that was bought with it


def whole_milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1_000 * 1_000)


def ticket_text(ticket: QueueTicket, signer: TokenSigner) -> str:
    """At most 44 characters. It is valid only for the account that it was issued to."""
    issued = str(round(ticket.issued_at.timestamp() * 1_000))
    return TICKET.token(signer, issued, bound_to=(ticket.account,))


def parse_ticket(ticket: str, account: str, signer: TokenSigner) -> QueueTicket:
    """Raises TicketInvalid if it was not issued here, or to another account: both answer alike."""
    shown = TICKET.read(ticket, signer, bound_to=(account,))
    if shown is None:
        raise TicketInvalid
    return QueueTicket(account, _EPOCH + timedelta(milliseconds=int(shown[0])))
