"""Read a ticket of the waiting room: whose turn it is. Only the snapshot is read, which every
instance has: a million clients may poll."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from meterai.domain.errors import NotFound, TicketInvalid
from meterai.domain.signed_tokens import TokenSigner
from meterai.domain.waiting.admission_control import Admission
from meterai.domain.waiting.load_snapshot import LoadSnapshot, paused
from meterai.domain.waiting.tickets import QueueTicket, parse_ticket


class ReadTicketPorts(Protocol):
    @property
    def token_signer(self) -> TokenSigner: ...
    @property
    def snapshot(self) -> LoadSnapshot | None: ...


@dataclass(frozen=True, slots=True)
class HeldTicket:
    """A ticket, its signed text, and who may buy at present."""

    ticket: QueueTicket
    text: str
    admission: Admission


def read_ticket(
    account: str, text: str, ports: ReadTicketPorts, now: datetime
) -> HeldTicket | None:
    """None while buying is not paused: then no ticket is needed. Raises NotFound, for another
    account's as for one that never was."""
    try:
        ticket = parse_ticket(text, account, ports.token_signer)
    except TicketInvalid:
        raise NotFound from None
    admission = paused(ports.snapshot, now)
    return None if admission is None else HeldTicket(ticket, text, admission)
