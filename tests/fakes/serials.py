"""E-meterai in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from meterai.domain.orders.order_transitions import slots_taken, slots_voided
from meterai.domain.orders.orders import Order
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serial_transitions import (
    augmented,
    check_refund_is_of,
    claimed,
    is_augmented_already,
    is_stamped_already,
    is_voided_already,
    slots_of_stamping,
    stamped,
    voided,
)
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, VoidReason
from meterai.domain.timers import Timer
from meterai.ports import OrderMoved, Reserved
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemorySerials:
    state: InMemoryState

    @port_call
    def reserve(self, order: Order, emeterai: Sequence[EMeterai]) -> Reserved | OrderMoved:
        slots = slots_of_stamping(emeterai)
        existing = self._found([one.serial for one in emeterai])
        if existing:
            return Reserved((existing[0],))
        now = self.state.orders.get(order.order_id)
        if now is None or now.state is not order.state:
            return OrderMoved()
        after = slots_taken(now, slots)
        if after is None:
            return OrderMoved()
        self._write(emeterai)
        self.state.orders[order.order_id] = after
        return Reserved(tuple(emeterai))

    @port_call
    def get(self, serial: Serial) -> EMeterai | None:
        return self.state.serials.get(serial)

    @port_call
    def get_many(self, serials: Sequence[Serial]) -> tuple[EMeterai, ...]:
        return self._found(serials)

    @port_call
    def claim(
        self, serials: Sequence[Serial], now: datetime, until: datetime
    ) -> tuple[EMeterai, ...]:
        found = self._found(serials)
        after = [claimed(one, now, until) for one in found]
        if len(found) < len(serials) or not self._write(after):
            return ()
        return self._found(serials)

    @port_call
    def finish(
        self,
        emeterai: Sequence[EMeterai],
        output: Output,
        at: datetime,
        timer: Timer | None = None,
    ) -> bool:
        found = self._found([one.serial for one in emeterai])
        if len(found) < len(emeterai):
            return False
        return self._write([stamped(one, output, at, timer) for one in found]) or all(
            is_stamped_already(one, output) for one in found
        )

    @port_call
    def list_augmented(self, emeterai: Sequence[EMeterai], output: Output | None) -> bool:
        found = self._found([one.serial for one in emeterai])
        if len(found) < len(emeterai):
            return False
        is_as_read = all(
            one.outputs == read.outputs for one, read in zip(found, emeterai, strict=True)
        )
        return (is_as_read and self._write([augmented(one, output) for one in found])) or all(
            is_augmented_already(one, output) for one in found
        )

    @port_call
    def void(
        self,
        emeterai: Sequence[EMeterai],
        reason: VoidReason,
        now: datetime,
        *,
        code: str | None = None,
        refund: Refund | None = None,
    ) -> bool:
        slots = slots_of_stamping(emeterai)
        check_refund_is_of(emeterai, refund)
        found = self._found([one.serial for one in emeterai])
        order = self.state.orders.get(emeterai[0].order_id)
        if len(found) < len(emeterai) or order is None:
            return False
        refund_exists = refund is not None and refund.refund_id in self.state.refunds
        if all(is_voided_already(one, reason, code) for one in found):
            return refund is None or refund_exists
        is_as_read = all(
            one.claimed_until == read.claimed_until
            for one, read in zip(found, emeterai, strict=True)
        )
        after = slots_voided(order, slots, refund.refund_id if refund else None)
        if not is_as_read or after is None or refund_exists:
            return False
        if not self._write([voided(one, reason, now, code) for one in found]):
            return False
        self.state.orders[order.order_id] = after
        if refund is not None:
            self.state.refunds[refund.refund_id] = refund
        return True

    def _found(self, serials: Sequence[Serial]) -> tuple[EMeterai, ...]:
        return tuple(
            self.state.serials[serial] for serial in serials if serial in self.state.serials
        )

    def _write(self, emeterai: Sequence[EMeterai | None]) -> bool:
        """All of them, or none if one may not change so."""
        written = [one for one in emeterai if one is not None]
        if len(written) < len(emeterai):
            return False
        for one in written:
            self.state.serials[one.serial] = one
        return True
