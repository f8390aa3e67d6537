"""What may happen to messages: taken out of turn, taken twice, lost, swept for."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

from meterai.domain.days import day_of
from meterai.domain.errors import MeteraiError
from meterai.domain.reconciliation.day_reports import begun
from meterai.domain.refunds.refunds import Refund
from meterai.messages import WebhookReceived
from meterai.steps.reconcile import compare_next_window
from tests.fakes.in_memory_state import Letter
from tests.faults.harness import Town
from tests.faults.random_fault_plan import Choice, Weather
from tests.unit.steps.message_pump import Crash, NeverQuietError

T = TypeVar("T")


class Lanes:
    """A town whose plan is the weather. What may happen answers whether it did: where there was
    nothing to choose from, nothing has. `happened`: what did, by name. `refused`: what was asked
    for and not given."""

    def __init__(self, town: Town, chance: Choice) -> None:
        self.town = town
        self.chance = chance
        self.app, self.state, self.pump = town.app, town.state, town.pump
        weather = town.accidents.plan
        if not isinstance(weather, Weather):
            raise TypeError(weather)
        self.weather = weather
        self.weather.accidents = town.accidents
        self.refused: Counter[str] = Counter()
        self.happened: Counter[str] = Counter()
        town.accidents.meanwhile = self._meanwhile

    def deliver(self) -> bool:
        self.pump.deliver()
        return True

    def deliver_out_of_turn(self) -> bool:
        found = self._any_letter()
        if found is not None:
            lane, letter = found
            lane.remove(letter)
            self.pump._hand_over(lane, letter)
        return found is not None

    def deliver_and_keep(self) -> bool:
        """Delivered once more later: at least once is what SQS promises."""
        found = self._any_letter()
        if found is not None:
            self.pump._hand_over(*found)
        return found is not None

    def lose(self) -> bool:
        found = self._any_letter()
        if found is None or isinstance(found[1].message, WebhookReceived):
            return False
        found[0].remove(found[1])
        return True

    def sweep(self) -> bool:
        self.pump._wake()
        self.pump.sweep()
        return True

    def choose(self, options: Sequence[T]) -> T | None:
        return self.chance.choice(list(options)) if options else None

    def dead_notices_are_looked_at(self) -> None:
        """An alarm told somebody, who has them delivered again."""
        dead = [one for one in self.pump.dead if isinstance(one.message, WebhookReceived)]
        self.state.payments_lane.extend(dead)

    def nobody_tells_and_every_day_is_reconciled(self) -> None:
        """Every notice that was not heard is lost for ever: what the clocks do not find, the
        gateway's record does."""
        with suppress(NeverQuietError):
            self.pump.until_quiet()
        settled = {one.settled_at for one in self.state.charges.values() if one.settled_at}
        for day in sorted({day_of(at) for at in settled}):
            report = begun(day, 2, self.state.now)
            while not report.is_finished:
                report = compare_next_window(report, self.app.reconciling)

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
        in_hand, lost = self.pump.in_hand, self.pump.letter_is_lost
        try:
            self.chance.choice([self.deliver_out_of_turn, self.deliver_and_keep, self.sweep])()
        finally:
            self.pump.in_hand, self.pump.letter_is_lost = in_hand, lost

    def _any_letter(self) -> tuple[deque[Letter], Letter] | None:
        state = self.state
        lanes = [
            state.payments_lane,
            state.refunds_lane,
            state.urgent_lane,
            state.stamping_lane,
            state.augmentation_lane,
        ]
        return self.choose([(lane, letter) for lane in lanes for letter in lane])

    def _refunds(self) -> list[Refund]:
        return list(self.state.refunds.values())

    def _try(self, act: Callable[[], object]) -> bool:
        """It was asked for, whatever came of it."""
        try:
            act()
        except MeteraiError as refusal:
            self.refused[refusal.code] += 1
        except Crash:
            self.refused["crash"] += 1
        return True
