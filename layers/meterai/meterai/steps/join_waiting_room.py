"""Join the waiting room, or get the ticket that the account holds already: asking again, from
another device or after closing the page, keeps the same place."""

from datetime import datetime
from typing import Protocol

from meterai.domain.signed_tokens import TokenSigner
from meterai.domain.waiting.load_snapshot import LoadSnapshot, paused
from meterai.domain.waiting.tickets import QueueTicket, ticket_text, whole_milliseconds
from meterai.ports import WaitingRoom
from meterai.steps.read_ticket import HeldTicket


class JoinWaitingRoomPorts(Protocol):
    @property
    def waiting_room(self) -> WaitingRoom: ...
    @property
    def token_signer(self) -> TokenSigner: ...
    @property
    def snapshot(self) -> LoadSnapshot | None: ...


def join_waiting_room(
    account: str, ports: JoinWaitingRoomPorts, now: datetime
) -> HeldTicket | None:
    """The account's one ticket while buying is paused; None while no ticket is needed.

    May be repeated without limit: a ticket that is still valid, and has bought nothing, is kept.
    """
    admission = paused(ports.snapshot, now)
    if admission is None:
        return None
    ticket = ports.waiting_room.take(QueueTicket(account, whole_milliseconds(now)), admission.over)
    return HeldTicket(ticket, ticket_text(ticket, ports.token_signer), admission)
