"""Tallies and the snapshot in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meterai.domain.flow import Snapshot, Tally
from tests.fakes.world import World, port_call

SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class MemoryGauges:
    world: World

    @port_call
    def tell(self, tally: Tally) -> None:
        self.world.tallies[tally.at, tally.instance, tally.lane] = tally

    @port_call
    def tallies(self, since: datetime, until: datetime) -> Sequence[Tally]:
        return [one for one in self.world.tallies.values() if since <= one.at < until]

    @port_call
    def put_snapshot(self, snapshot: Snapshot) -> bool:
        standing = self.world.snapshot
        if standing is not None and snapshot.at < standing.at <= snapshot.at + SOON:
            return False
        self.world.snapshot = snapshot
        return True

    @port_call
    def snapshot(self) -> Snapshot | None:
        return self.world.snapshot
