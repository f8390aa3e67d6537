"""The keys of deadline receipts in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.receipts import ReceiptKey
from tests.fakes.world import World, port_call


@dataclass(frozen=True)
class MemoryReceiptKeys:
    world: World

    @port_call
    def held(self) -> Sequence[ReceiptKey]:
        return self.world.receipt_keys

    @port_call
    def hold(self, keys: Sequence[ReceiptKey]) -> None:
        self.world.receipt_keys = tuple(keys)

    @port_call
    def publish(self, key_id: str, statement: str) -> None:
        self.world.receipt_statements[key_id] = statement

    @port_call
    def statement(self, key_id: str) -> str | None:
        return self.world.receipt_statements.get(key_id)
