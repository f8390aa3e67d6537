"""What sets work going: the queues, and the clocks for when a message is lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from meterai.domain.flow import Lane
from meterai.domain.identity import OrderId, RefundId
from meterai.domain.payments import Notice
from meterai.domain.serials import Serial


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A stamping taken out of the bulk lane for some minutes: it comes back unless struck off."""

    serials: tuple[Serial, ...]
    group: str  # the account, as the queues call it
    sent_at: datetime
    receipt: str


class Lanes(Protocol):
    """The queues. `account` is the fair-queue group: one cannot starve the others."""

    def notice(self, gateway: str, body: str) -> None: ...

    def look_at_order(self, order_id: OrderId, account: str) -> None: ...

    def look_at_charge(self, gateway: str, about: Notice, account: str) -> None:
        """As a notice of the gateway's would, where none came."""
        ...

    def stamp(self, serials: Sequence[Serial], account: str, lane: Lane = Lane.STAMPING) -> None:
        """Into the stamping lane, the urgent or the bulk one (`domain/stamping_lanes.py`)."""
        ...

    def take_from_bulk(self, most: int) -> Sequence[TakenOut]:
        """Up to so many, ten at most; none where none are at hand."""
        ...

    def stamp_taken(self, taken: Sequence[TakenOut]) -> None:
        """Into the stamping lane, each under its own account. Raises Unavailable where one of them
        did not get there; those that did are sent again without harm."""
        ...

    def strike_off(self, taken: Sequence[TakenOut]) -> None:
        """Off the bulk lane for good. One that cannot be struck off now comes back."""
        ...

    def come_again(self, receipt: str, after: timedelta, lane: Lane) -> None:
        """The message that a worker of the lane holds by this receipt comes again so much later."""
        ...

    def refund(self, refund_id: RefundId, account: str) -> None: ...

    def preserve(self, serial: Serial, account: str) -> None: ...

    def is_at_rest(self, lane: Lane) -> bool:
        """Nothing waits in it: what was sent has been taken or is lost."""
        ...

    def waiting(self, lane: Lane) -> int:
        """About how many messages wait to be taken; seconds old, or worse."""
        ...


class Clocks(Protocol):
    """The alarm clocks of one kind of item."""

    def due(self, now: datetime) -> Iterable[str]:
        """Ids whose time has come, by the index: may be stale, look at the item itself."""
        ...

    def move(self, item_id: str, seen: datetime, to: datetime) -> bool:
        """Sets the clock on, if it still stands as it was seen."""
        ...
