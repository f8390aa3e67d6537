"""The waiting room: who has a ticket, and since when."""

from datetime import datetime
from typing import Protocol

from meterai.domain.id_derivation import OrderId
from meterai.domain.waiting.tickets import QueueTicket


class WaitingRoom(Protocol):
    def take(self, ticket: QueueTicket, over: datetime) -> QueueTicket:
        """Stores it, unless its account holds one that still counts: issued after `over`, and
        nothing bought with it. Answers the one that is valid."""
        ...

    def use(self, ticket: QueueTicket, order_id: OrderId) -> bool:
        """Bound to this order. True also where it is so already; False where it serves another
        order, or its account has a newer ticket by now."""
        ...

    def release(self, account: str, order_id: OrderId) -> None:
        """The ticket that is bound to this order may be used for another. Nothing where the account
        has none, or one that is bound to another order."""
        ...

    def issued(self, after: datetime, until: datetime) -> int:
        """How many of the stored tickets were issued after `after` and up to `until`. From an
        index: the last seconds may be missing."""
        ...
