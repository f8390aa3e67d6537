"""Accidents: at one call of a port, on one side of it, something happens that nobody asked for."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from meterai.domain.errors import Unavailable
from tests.fakes.in_memory_state import Moment
from tests.faults.watch import Watch
from tests.unit.steps.message_pump import Crash, MessagePump


class Kind(StrEnum):
    CRASH = "crash"  # the function ends
    LOSS = "loss"  # the connection does: before, nothing was asked; after, the answer is lost
    THROTTLE = "throttle"  # refused before it was executed
    DEATH = "death"  # a crash whose message never comes again
    LOST_LETTER = "lost_letter"  # after a send: what was sent never arrives
    MEANWHILE = "meanwhile"  # somebody else acts


SENDS = ("Lanes.check_order", "Lanes.stamp", "Lanes.refund", "Lanes.augment")


@dataclass
class Accidents:
    """The world's hook: counts the calls, lets the plan's accidents happen, each once, and has the
    watch look after every call. `meanwhile` is what somebody else does."""

    watch: Watch
    pump: MessagePump
    plan: Mapping[tuple[int, Moment], Kind] = field(default_factory=dict)
    meanwhile: Callable[[], None] = lambda: None
    calls: list[str] = field(default_factory=list)
    happened: Counter[Kind] = field(default_factory=Counter)
    _is_meanwhile: bool = False

    def __call__(self, moment: Moment, call: str) -> None:
        if moment == "after":
            self.watch.look(call)
        if self._is_meanwhile:
            return
        if moment == "before":
            self.calls.append(call)
        kind = self.plan.get((len(self.calls) - 1, moment))
        if kind is not None:
            self.happened[kind] += 1
        match kind:
            case Kind.CRASH:
                raise Crash
            case Kind.DEATH:
                self.pump.letter_is_lost = True
                raise Crash
            case Kind.LOSS | Kind.THROTTLE:
                raise Unavailable(party=call)
            case Kind.LOST_LETTER:
                self.watch.lane_of(call).pop()
            case Kind.MEANWHILE:
                self._let_it_happen()
            case None:
                pass

    def _let_it_happen(self) -> None:
        sweeping, self.watch.sweeping = self.watch.sweeping, False
        self._is_meanwhile = True
        try:
            self.meanwhile()
        finally:
            self._is_meanwhile = False
            self.watch.sweeping = sweeping
