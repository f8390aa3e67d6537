"""Portals' reported deadlines in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.waiting.deadlines import Deadline
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryPortalDeadlines:
    state: InMemoryState

    @port_call
    def put(self, deadline: Deadline) -> Deadline:
        standing = self.state.deadlines.get(deadline.portal)
        if standing is not None and standing.reported_at > deadline.reported_at:
            return standing
        self.state.deadlines[deadline.portal] = deadline
        return deadline

    @port_call
    def all(self) -> Sequence[Deadline]:
        return [one for one in self.state.deadlines.values() if one.deadline_at is not None]
