"""What may happen to messages: taken out of turn, taken twice, lost, swept for."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from meterai.domain.errors import MeteraiError
from meterai.domain.refunds import Refund
from meterai.messages import NoticeArrived
from tests.fakes.world import Letter
from tests.faults.town import Town
from tests.faults.weather import Choice, Weather
from tests.unit.steps.postman import Crash

T = TypeVar("T")


class Lanes:
    """A town whose plan is the weather. `refused`: what was asked for and not given."""

    def __init__(self, town: Town, chance: Choice) -> None:
        self.town = town
        self.chance = chance
        self.office, self.world, self.postman = town.office, town.world, town.postman
        weather = town.accidents.plan
        if not isinstance(weather, Weather):
            raise TypeError(weather)
        self.weather = weather
        self.weather.accidents = town.accidents
        self.refused: Counter[str] = Counter()
        town.accidents.meanwhile = self._meanwhile

    def deliver(self) -> None:
        self.postman.deliver()

    def deliver_out_of_turn(self) -> None:
        if (found := self._any_letter()) is not None:
            lane, letter = found
            lane.remove(letter)
            self.postman._hand_over(lane, letter)

    def deliver_and_keep(self) -> None:
        """Delivered once more later: at least once is what SQS promises."""
        if (found := self._any_letter()) is not None:
            self.postman._hand_over(*found)

    def lose(self) -> None:
        found = self._any_letter()
        if found is not None and not isinstance(found[1].message, NoticeArrived):
            found[0].remove(found[1])

    def sweep(self) -> None:
        self.postman._wake()
        self.postman.sweep()

    def choose(self, options: Sequence[T]) -> T | None:
        return self.chance.choice(list(options)) if options else None

    def dead_notices_are_looked_at(self) -> None:
        """An alarm told somebody, who has them delivered again."""
        dead = [one for one in self.postman.dead if isinstance(one.message, NoticeArrived)]
        self.world.payments_lane.extend(dead)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        badness, away = self.weather.badness, self.weather.away
        self.weather.clears_up()
        try:
            yield
        finally:
            self.weather.badness, self.weather.away = badness, away

    def _meanwhile(self) -> None:
        """Another worker, in the middle of somebody's work."""
        in_hand, lost = self.postman.in_hand, self.postman.letter_is_lost
        try:
            self.chance.choice([self.deliver_out_of_turn, self.deliver_and_keep, self.sweep])()
        finally:
            self.postman.in_hand, self.postman.letter_is_lost = in_hand, lost

    def _any_letter(self) -> tuple[deque[Letter], Letter] | None:
        world = self.world
        lanes = [
            world.payments_lane,
            world.refunds_lane,
            world.stamping_lane,
            world.preservation_lane,
        ]
        return self.choose([(lane, letter) for lane in lanes for letter in lane])

    def _refunds(self) -> list[Refund]:
        return list(self.world.refunds.values())

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except MeteraiError as refusal:
            self.refused[refusal.code] += 1
        except Crash:
            self.refused["crash"] += 1
