"""Weather: accidents by a seed, at any call of any port, until it clears up."""

from collections.abc import Iterator, Mapping
from typing import Protocol, TypeVar

from meterai.messages import WebhookReceived
from tests.fakes.in_memory_state import Moment
from tests.faults.fault_injector import SENDS, Accidents, Kind

T = TypeVar("T")
CALM = 1_000  # of so many moments `badness` are bad
AT_ANY_CALL: Mapping[Moment, tuple[Kind, ...]] = {
    "before": (Kind.CRASH, Kind.LOSS, Kind.THROTTLE, Kind.MEANWHILE),
    "after": (Kind.CRASH, Kind.LOSS),
}


class Choice(Protocol):
    """Chance, or somebody who looks for trouble."""

    def choice(self, options: list[T], /) -> T: ...

    def randrange(self, below: int, /) -> int: ...


class Weather(Mapping[tuple[int, Moment], Kind]):
    """A plan of accidents that is made up as it goes: each moment is asked about once."""

    def __init__(self, chance: Choice, badness: int) -> None:
        self.chance = chance
        self.badness = badness
        self.accidents: Accidents | None = None
        self.away: str | None = None  # the party that does not answer at all
        self._at: dict[tuple[int, Moment], Kind] = {}

    def clears_up(self) -> None:
        self.badness, self.away = 0, None

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
        if self.accidents is None:
            return None
        call = self.accidents.calls[-1] if self.accidents.calls else ""
        if moment == "before" and self.away and call.startswith(self.away):
            return Kind.THROTTLE
        if self.badness == 0 or self.chance.randrange(CALM) >= self.badness:
            return None
        return self.chance.choice([*AT_ANY_CALL[moment], *self._losable(moment, call)])

    def _losable(self, moment: Moment, call: str) -> Iterator[Kind]:
        """A gateway's notice is queued before the gateway is thanked, and an order that is not
        pending has no clock to find its money by: what is lost is never that."""
        if self.accidents is None:
            return
        letter = self.accidents.pump.in_hand
        if letter is not None and not isinstance(letter.message, WebhookReceived):
            yield Kind.DEATH
        if moment == "after" and call in SENDS:
            yield Kind.LOST_LETTER
