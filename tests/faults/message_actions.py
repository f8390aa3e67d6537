"""Actions on messages: delivered out of order, delivered twice, lost, sent by the sweep."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from typing import TypeVar

from meterai.domain.days import day_of
from meterai.domain.errors import MeteraiError
from meterai.domain.reconciliation.day_reports import begun
from meterai.messages import WebhookReceived
from meterai.steps.reconcile import compare_next_window
from tests.fakes.in_memory_state import Letter
from tests.faults.harness import Harness
from tests.faults.random_fault_plan import RandomFaultPlan
from tests.unit.steps.in_memory_app import WINDOW
from tests.unit.steps.message_pump import Crash, NeverIdleError

T = TypeVar("T")


class MessageActions:
    """Needs a harness whose plan is a `RandomFaultPlan`. An action returns whether it did
    anything. `happened`: how often each action did, by name."""

    def __init__(self, harness: Harness, chance: Random) -> None:
        self.harness = harness
        self.chance = chance
        self.app, self.state, self.pump = harness.app, harness.state, harness.pump
        fault_plan = harness.injector.plan
        if not isinstance(fault_plan, RandomFaultPlan):
            raise TypeError(fault_plan)
        self.fault_plan = fault_plan
        self.fault_plan.injector = harness.injector
        self.happened: Counter[str] = Counter()
        harness.injector.concurrent_action = self._another_worker_acts

    def deliver(self) -> bool:
        self.pump.deliver()
        return True

    def deliver_out_of_turn(self) -> bool:
        found = self._any_message()
        if found is not None:
            lane, letter = found
            lane.remove(letter)
            self.pump._hand_over(lane, letter)
        return found is not None

    def deliver_twice(self) -> bool:
        """The message stays in its lane: SQS promises at least one delivery."""
        found = self._any_message()
        if found is not None:
            self.pump._hand_over(*found)
        return found is not None

    def lose(self) -> bool:
        found = self._any_message()
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

    def redrive_dead_webhooks(self) -> None:
        """As an operator does after the dead-letter queue's alarm."""
        dead = [one for one in self.pump.dead if isinstance(one.message, WebhookReceived)]
        self.state.payments_lane.extend(dead)

    def lose_all_webhooks_and_reconcile_every_day(self) -> None:
        """A payment that no timer finds is found in the gateway's settlement records."""
        with suppress(NeverIdleError):
            self.pump.until_idle()
        settled = {one.settled_at for one in self.state.charges.values() if one.settled_at}
        for day in sorted({day_of(at) for at in settled}):
            report = begun(day, 2, self.state.now)
            while not report.is_finished:
                report = compare_next_window(report, self.app.ports, self.state.now, window=WINDOW)

    def _another_worker_acts(self) -> None:
        """Another worker acts while a step is in progress."""
        in_hand, lost = self.pump.in_hand, self.pump.letter_is_lost
        try:
            self.chance.choice([self.deliver_out_of_turn, self.deliver_twice, self.sweep])()
        finally:
            self.pump.in_hand, self.pump.letter_is_lost = in_hand, lost

    def _any_message(self) -> tuple[deque[Letter], Letter] | None:
        state = self.state
        lanes = [
            state.payments_lane,
            state.refunds_lane,
            state.urgent_lane,
            state.stamping_lane,
            state.augmentation_lane,
        ]
        return self.choose([(lane, letter) for lane in lanes for letter in lane])

    def _try(self, act: Callable[[], object]) -> bool:
        """Counts as tried, whether it succeeded, was refused or crashed."""
        with suppress(MeteraiError, Crash):
            act()
        return True
