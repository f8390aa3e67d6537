"""The switch of buying in memory."""

from dataclasses import dataclass

from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryBuyingSwitch:
    state: InMemoryState

    @port_call
    def is_off(self) -> bool:
        return self.state.buying_is_off
