"""Leases in memory."""

from dataclasses import dataclass
from datetime import datetime

from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryLeases:
    state: InMemoryState

    @port_call
    def take(self, task: str, holder: str, now: datetime, until: datetime) -> bool:
        held = self.state.leases.get(task)
        if held is not None and held[1] > now and held[0] != holder:
            return False
        self.state.leases[task] = (holder, until)
        return True

    @port_call
    def give_back(self, task: str, holder: str) -> None:
        if self.state.leases.get(task, ("",))[0] == holder:
            del self.state.leases[task]
