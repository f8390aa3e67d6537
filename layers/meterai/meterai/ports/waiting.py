"""The waiting room: who stands in it, and since when."""

from datetime import datetime
from typing import Protocol

from meterai.domain.id_derivation import OrderId
from meterai.domain.waiting.tickets import QueueTicket


class WaitingRoom(Protocol):
    def take(self, place: QueueTicket, over: datetime) -> QueueTicket:
        """Stores it, unless its account holds one that still counts: issued after `over`, and
        nothing bought with it. Answers the one that stands."""
        ...

    def use(self, place: QueueTicket, order_id: OrderId) -> bool:
        """Bound to this order. True also where it is so already; False where it serves another
        order, or its account holds another place by now."""
        ...

    def release(self, account: str, order_id: OrderId) -> None:
        """The place that is bound to this order may be used for another. Nothing where the account
        has none, or one that is bound to another order."""
        ...

    def issued(self, after: datetime, until: datetime) -> int:
        """How many of the places that stand were issued after the one and up to the other. From an
        index: the last seconds may be missing."""
        ...
