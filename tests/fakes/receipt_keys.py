"""The keys of deadline receipts in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.stamping.receipts import ReceiptKey
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryReceiptKeys:
    state: InMemoryState

    @port_call
    def held(self) -> Sequence[ReceiptKey]:
        return self.state.receipt_keys

    @port_call
    def hold(self, keys: Sequence[ReceiptKey]) -> None:
        self.state.receipt_keys = tuple(keys)

    @port_call
    def publish(self, key_id: str, statement: str) -> None:
        self.state.receipt_statements[key_id] = statement

    @port_call
    def statement(self, key_id: str) -> str | None:
        return self.state.receipt_statements.get(key_id)
