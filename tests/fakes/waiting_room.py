"""The waiting room in memory."""

from dataclasses import dataclass, replace
from datetime import datetime

from meterai.domain.id_derivation import OrderId
from meterai.domain.waiting.tickets import QueueTicket
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryWaitingRoom:
    state: InMemoryState

    @port_call
    def take(self, ticket: QueueTicket, over: datetime) -> QueueTicket:
        standing = self.state.places.get(ticket.account)
        if standing is not None and standing.issued_at > over and standing.used_by is None:
            return standing
        self.state.places[ticket.account] = ticket
        return ticket

    @port_call
    def use(self, ticket: QueueTicket, order_id: OrderId) -> bool:
        standing = self.state.places.get(ticket.account)
        if standing is None or standing.issued_at != ticket.issued_at:
            return False
        if standing.used_by not in (None, order_id):
            return False
        self.state.places[ticket.account] = replace(standing, used_by=order_id)
        return True

    @port_call
    def release(self, account: str, order_id: OrderId) -> None:
        standing = self.state.places.get(account)
        if standing is not None and standing.used_by == order_id:
            self.state.places[account] = replace(standing, used_by=None)

    @port_call
    def issued(self, after: datetime, until: datetime) -> int:
        entries = self.state.places_by_issue.entries().values()
        return sum(after < issued_at <= until for issued_at in entries)
