"""The waiting room in memory."""

from dataclasses import dataclass, replace
from datetime import datetime

from meterai.domain.identity import OrderId
from meterai.domain.waiting import WaitingPlace
from tests.fakes.world import World, port_call


@dataclass(frozen=True)
class MemoryWaitingRoom:
    world: World

    @port_call
    def take(self, place: WaitingPlace, over: datetime) -> WaitingPlace:
        standing = self.world.places.get(place.account)
        if standing is not None and standing.issued_at > over and standing.used_by is None:
            return standing
        self.world.places[place.account] = place
        return place

    @port_call
    def use(self, place: WaitingPlace, order_id: OrderId) -> bool:
        standing = self.world.places.get(place.account)
        if standing is None or standing.issued_at != place.issued_at:
            return False
        if standing.used_by not in (None, order_id):
            return False
        self.world.places[place.account] = replace(standing, used_by=order_id)
        return True

    @port_call
    def release(self, account: str, order_id: OrderId) -> None:
        standing = self.world.places.get(account)
        if standing is not None and standing.used_by == order_id:
            self.world.places[account] = replace(standing, used_by=None)

    @port_call
    def issued(self, after: datetime, until: datetime) -> int:
        entries = self.world.places_by_issue.entries().values()
        return sum(after < issued_at <= until for issued_at in entries)
