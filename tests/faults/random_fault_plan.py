"""Random faults by a seed, at any call of any port, until they are stopped."""

from collections.abc import Iterator, Mapping
from random import Random

from meterai.messages import WebhookReceived
from tests.fakes.in_memory_state import Moment
from tests.faults.fault_injector import SENDS, FaultInjector, Kind

AT_ANY_CALL: Mapping[Moment, tuple[Kind, ...]] = {
    "before": (Kind.CRASH, Kind.LOST_CONNECTION, Kind.THROTTLE, Kind.CONCURRENT_ACTION),
    "after": (Kind.CRASH, Kind.LOST_CONNECTION),
}


class RandomFaultPlan(Mapping[tuple[int, Moment], Kind]):
    """A plan that is drawn as the run proceeds: each side of each call is drawn once."""

    def __init__(self, chance: Random, faults_per_1000: int) -> None:
        self.chance = chance
        self.faults_per_1000 = faults_per_1000
        self.injector: FaultInjector | None = None
        self.unavailable_party: str | None = None  # parties that answer no call at all
        self._at: dict[tuple[int, Moment], Kind] = {}

    def stop(self) -> None:
        self.faults_per_1000, self.unavailable_party = 0, None

    def __getitem__(self, when: tuple[int, Moment]) -> Kind:
        kind = self._drawn(when[1])
        if kind is None:
            raise KeyError(when)
        self._at[when] = kind
        return kind

    def __iter__(self) -> Iterator[tuple[int, Moment]]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)

    def _drawn(self, moment: Moment) -> Kind | None:
        if self.injector is None:
            return None
        call = self.injector.calls[-1] if self.injector.calls else ""
        is_away = self.unavailable_party and call.startswith(self.unavailable_party)
        if moment == "before" and is_away:
            return Kind.THROTTLE
        if self.faults_per_1000 == 0 or self.chance.randrange(1_000) >= self.faults_per_1000:
            return None
        return self.chance.choice([*AT_ANY_CALL[moment], *self._losable(moment, call)])

    def _losable(self, moment: Moment, call: str) -> Iterator[Kind]:
        """Any message but a webhook: a webhook is queued before the gateway gets its 200, and an
        order that is not pending has no timer that would find its payment."""
        if self.injector is None:
            return
        letter = self.injector.pump.in_hand
        if letter is not None and not isinstance(letter.message, WebhookReceived):
            yield Kind.LOST_DELIVERY
        if moment == "after" and call in SENDS:
            yield Kind.LOST_SEND
