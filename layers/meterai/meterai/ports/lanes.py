"""What starts work: the queues, and the timers for when a message is lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.payments import WebhookEvent
from meterai.domain.stamping.serials import Serial
from meterai.domain.waiting.queue_status import Lane


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A stamping taken out of the bulk lane for some minutes: it comes back unless deleted."""

    serials: tuple[Serial, ...]
    group: str  # the account, as the queues call it
    sent_at: datetime
    receipt: str


class Lanes(Protocol):
    """The queues. `account` is the fair-queue group: one cannot starve the others."""

    def webhook(self, gateway: str, body: str) -> None: ...

    def check_order(self, order_id: OrderId, account: str) -> None: ...

    def check_charge(self, gateway: str, about: WebhookEvent, account: str) -> None:
        """As a webhook of the gateway would, where none came."""
        ...

    def stamp(self, serials: Sequence[Serial], account: str, lane: Lane = Lane.STAMPING) -> None:
        """Into the stamping lane, the urgent or the bulk one
        (`domain/stamping/stamping_lanes.py`)."""
        ...

    def receive_bulk(self, most: int) -> Sequence[TakenOut]:
        """Up to so many, ten at most; none where none are at hand."""
        ...

    def stamp_taken(self, taken: Sequence[TakenOut]) -> None:
        """Into the stamping lane, each under its own account. Raises Unavailable where one of them
        did not get there; those that did are sent again without harm."""
        ...

    def delete(self, taken: Sequence[TakenOut]) -> None:
        """From the bulk lane. One that cannot be deleted now comes back."""
        ...

    def retry_after(self, receipt: str, after: timedelta, lane: Lane) -> None:
        """The message that a worker of the lane holds by this receipt comes again so much later."""
        ...

    def refund(self, refund_id: RefundId, account: str) -> None: ...

    def augment(self, serial: Serial, account: str) -> None: ...

    def is_idle(self, lane: Lane) -> bool:
        """Nothing waits in it: what was sent has been taken or is lost."""
        ...

    def waiting(self, lane: Lane) -> int:
        """About how many messages wait to be taken; seconds old, or worse."""
        ...


class TimerIndex(Protocol):
    """The timers of one kind of item."""

    def due(self, now: datetime) -> Iterable[str]:
        """Ids whose time has come, by the index, which may be stale: check the item itself."""
        ...

    def move(self, item_id: str, seen: datetime, to: datetime) -> bool:
        """Moves the timer forward, if it is still at `seen`."""
        ...
