"""E-meterai: one item each, from the moment a stamping asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from meterai.domain.orders.orders import Order
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, VoidReason
from meterai.domain.timers import Timer


@dataclass(frozen=True, slots=True)
class Reserved:
    """The slots were taken and the e-meterai written, now or by an earlier try."""

    emeterai: tuple[EMeterai, ...]


@dataclass(frozen=True, slots=True)
class OrderMoved:
    """The order is no longer as it was read: read it again and decide again."""


class Serials(Protocol):
    def reserve(self, order: Order, emeterai: Sequence[EMeterai]) -> Reserved | OrderMoved:
        """Takes the slots of `order`, in the state it was read, and writes the e-meterai: one
        transaction. If the first serial exists already, answers it alone, as it is."""
        ...

    def get(self, serial: Serial) -> EMeterai | None: ...

    def get_many(self, serials: Sequence[Serial]) -> tuple[EMeterai, ...]:
        """In the order of the request; unknown ones are left out."""
        ...

    def claim(
        self, serials: Sequence[Serial], now: datetime, until: datetime
    ) -> tuple[EMeterai, ...]:
        """Takes all of them for one worker until then, if all are reserved, none is claimed, and
        the promised time is not over (then the money goes back). Answers them, or nothing."""
        ...

    def finish(
        self,
        emeterai: Sequence[EMeterai],
        output: Output,
        at: datetime,
        timer: Timer | None = None,
    ) -> bool:
        """reserved -> stamped, with the file that was stored; claims removed, and the timer; or the
        timer set to `timer` where the file is still to be augmented. True also if they are so
        already; False if one was voided."""
        ...

    def list_augmented(self, emeterai: Sequence[EMeterai], output: Output | None) -> bool:
        """The augmented file listed beside the stamped one (None: there was nothing to add), timer
        removed. True also if it is so already."""
        ...

    def void(
        self,
        emeterai: Sequence[EMeterai],
        reason: VoidReason,
        now: datetime,
        *,
        code: str | None = None,
        refund: Refund | None = None,
    ) -> bool:
        """reserved -> void and the slots freed, or given to `refund`, which is written too: one
        transaction. Only as they were read: unclaimed, with a claim that lapsed by `now`, or, with
        `code` (the document was refused), by the worker whose claim they still have."""
        ...
