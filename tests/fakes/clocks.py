"""Alarm clocks in memory: the index may be stale, the item is not."""

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar, cast

from meterai.domain.orders import Order
from meterai.domain.refunds import Refund
from meterai.domain.stampings import EMeterai
from tests.fakes.tables import LaggingIndex
from tests.fakes.world import World, port_call

K = TypeVar("K", bound=str)
V = TypeVar("V", Order, EMeterai, Refund)


@dataclass(frozen=True)
class MemoryClocks(Generic[K, V]):
    """`MemoryClocks(world, world.orders, world.orders_due)` and so on."""

    world: World
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
        if item is None or item.clock is None or item.clock.due_at not in (seen, to):
            return False
        self.table[key] = replace(item, clock=replace(item.clock, due_at=to))
        return True
