"""E-meterai in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from meterai.domain.orders.orders import (
    DOCUMENT_PREFIX,
    Order,
    OrderState,
    Refunded,
    SlotUse,
    Taken,
)
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.domain.timers import Timer
from meterai.ports import OrderMoved, Reserved
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemorySerials:
    state: InMemoryState

    @port_call
    def reserve(self, order: Order, emeterai: Sequence[EMeterai]) -> Reserved | OrderMoved:
        _check_whole(emeterai)
        standing = self._standing([one.serial for one in emeterai])
        if standing:
            return Reserved((standing[0],))
        now = self.state.orders.get(order.order_id)
        if now is None or now.state is not order.state:
            return OrderMoved()
        if any(one.slot in now.slots for one in emeterai):
            return OrderMoved()
        self._write(*emeterai)
        taken = {one.slot: _taken(one) for one in emeterai}
        self.state.orders[order.order_id] = replace(now, slots={**now.slots, **taken})
        return Reserved(tuple(emeterai))

    @port_call
    def get(self, serial: Serial) -> EMeterai | None:
        return self.state.serials.get(serial)

    @port_call
    def get_many(self, serials: Sequence[Serial]) -> tuple[EMeterai, ...]:
        return self._standing(serials)

    @port_call
    def claim(
        self, serials: Sequence[Serial], now: datetime, until: datetime
    ) -> tuple[EMeterai, ...]:
        standing = self._standing(serials)
        if len(standing) < len(serials) or not all(one.may_be_voided(now) for one in standing):
            return ()
        if any(one.timer is not None and one.timer.deadline_at <= now for one in standing):
            return ()
        return self._write(*(replace(one, claimed_until=until) for one in standing))

    @port_call
    def finish(
        self,
        emeterai: Sequence[EMeterai],
        output: str,
        at: datetime,
        timer: Timer | None = None,
    ) -> bool:
        standing = self._standing([one.serial for one in emeterai])
        if len(standing) == len(emeterai) and all(
            one.state is SerialState.RESERVED for one in standing
        ):
            self._write(
                *(
                    replace(
                        one,
                        state=SerialState.STAMPED,
                        stamped_at=at,
                        outputs=(output,),
                        timer=timer if one.serial == one.stamping else None,
                        claimed_until=None,
                    )
                    for one in standing
                )
            )
            return True
        return len(standing) == len(emeterai) and all(output in one.outputs for one in standing)

    @port_call
    def list_augmented(self, emeterai: Sequence[EMeterai], output: str | None) -> bool:
        added = () if output is None else (output,)
        standing = self._standing([one.serial for one in emeterai])
        if [one.outputs for one in standing] == [one.outputs for one in emeterai]:
            self._write(
                *(replace(one, outputs=(*one.outputs, *added), timer=None) for one in standing)
            )
            return True
        return len(standing) == len(emeterai) and all(
            one.timer is None and set(added) <= set(one.outputs) for one in standing
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
        _check_whole(emeterai)
        _check_same_slots(emeterai, refund)
        standing = self._standing([one.serial for one in emeterai])
        if self._is_void_already(standing, emeterai, reason, code, refund):
            return True
        order = self.state.orders.get(emeterai[0].order_id)
        allowed = (
            order is not None
            and len(standing) == len(emeterai)
            and all(
                _as_it_was_read(one, read, now, code)
                for one, read in zip(standing, emeterai, strict=True)
            )
            and all(order.slots.get(one.slot) == _taken(one) for one in emeterai)
            and (refund is None or order.state is OrderState.PAID)
            and (refund is None or refund.refund_id not in self.state.refunds)
        )
        if not allowed or order is None:
            return False
        self._write(
            *(
                replace(
                    one,
                    state=SerialState.VOID,
                    void_reason=reason,
                    void_code=code,
                    timer=None,
                    claimed_until=None,
                )
                for one in standing
            )
        )
        voided = {one.slot for one in emeterai}
        slots: dict[int, SlotUse] = {n: use for n, use in order.slots.items() if n not in voided}
        if refund is not None:
            slots |= {slot: Refunded(refund.refund_id) for slot in voided}
            self.state.refunds[refund.refund_id] = refund
        self.state.orders[order.order_id] = replace(order, slots=slots)
        return True

    def _is_void_already(
        self,
        standing: Sequence[EMeterai],
        asked: Sequence[EMeterai],
        reason: VoidReason,
        code: str | None,
        refund: Refund | None,
    ) -> bool:
        return (
            len(standing) == len(asked)
            and all(
                (one.state, one.void_reason, one.void_code) == (SerialState.VOID, reason, code)
                for one in standing
            )
            and (refund is None or refund.refund_id in self.state.refunds)
        )

    def _standing(self, serials: Sequence[Serial]) -> tuple[EMeterai, ...]:
        return tuple(
            self.state.serials[serial] for serial in serials if serial in self.state.serials
        )

    def _write(self, *emeterai: EMeterai) -> tuple[EMeterai, ...]:
        for one in emeterai:
            self.state.serials[one.serial] = one
        return emeterai


def _check_whole(emeterai: Sequence[EMeterai]) -> None:
    if {one.serial for one in emeterai} != set(emeterai[0].serials):
        raise ValueError("a stamping is reserved and voided as a whole")


def _check_same_slots(emeterai: Sequence[EMeterai], refund: Refund | None) -> None:
    if refund is not None and set(refund.slots) != {one.slot for one in emeterai}:
        raise ValueError("the refund is not of the slots that are voided")


def _taken(emeterai: EMeterai) -> Taken:
    prefix = emeterai.document[:DOCUMENT_PREFIX]
    return Taken(emeterai.serial, emeterai.stamping, prefix, emeterai.bulk)


def _as_it_was_read(standing: EMeterai, read: EMeterai, now: datetime, code: str | None) -> bool:
    untouched = (
        standing.state is SerialState.RESERVED and standing.claimed_until == read.claimed_until
    )
    return untouched and (code is not None or not standing.is_claimed(now))
