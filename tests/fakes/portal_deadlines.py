"""What portals told of their deadlines, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.deadlines import Deadline
from tests.fakes.world import World, port_call


@dataclass(frozen=True)
class MemoryPortalDeadlines:
    world: World

    @port_call
    def put(self, deadline: Deadline) -> Deadline:
        standing = self.world.deadlines.get(deadline.portal)
        if standing is not None and standing.told_at > deadline.told_at:
            return standing
        self.world.deadlines[deadline.portal] = deadline
        return deadline

    @port_call
    def all(self) -> Sequence[Deadline]:
        return [one for one in self.world.deadlines.values() if one.deadline_at is not None]
