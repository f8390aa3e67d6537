"""Timers in memory: the index may be stale, the item is not."""

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar, cast

from meterai.domain.orders.orders import Order
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.stampings import EMeterai
from tests.fakes.in_memory_state import InMemoryState, port_call
from tests.fakes.tables import LaggingIndex

K = TypeVar("K", bound=str)
V = TypeVar("V", Order, EMeterai, Refund)


@dataclass(frozen=True)
class MemoryTimerIndex(Generic[K, V]):
    """`MemoryTimerIndex(state, state.orders, state.orders_due)` and so on."""

    state: InMemoryState
    table: MutableMapping[K, V]
    index: LaggingIndex[K, V, datetime]

    @port_call
    def due(self, now: datetime) -> Iterable[str]:
        due = sorted((at, key) for key, at in self.index.entries().items() if at <= now)
        return [key for _, key in due]

    @port_call
    def move(self, item_id: str, seen: datetime, to: datetime) -> bool:
        key = cast("K", item_id)
        item = self.table.get(key)
        if item is None or item.timer is None or item.timer.next_check_at not in (seen, to):
            return False
        self.table[key] = replace(item, timer=replace(item.timer, next_check_at=to))
        return True
