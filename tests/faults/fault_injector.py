"""Injects faults: at a port call, before it or after it, the planned fault happens."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from meterai.domain.errors import Unavailable
from tests.fakes.in_memory_state import Moment
from tests.faults.monitor import Monitor
from tests.unit.steps.message_pump import Crash, MessagePump


class Kind(StrEnum):
    CRASH = "crash"  # the function ends
    LOST_CONNECTION = (
        "lost_connection"  # before: the call did not happen; after: its response is lost
    )
    THROTTLE = "throttle"  # refused before it was executed
    LOST_DELIVERY = "lost_delivery"  # a crash whose message is never delivered again
    LOST_SEND = "lost_send"  # after a send: the message never arrives
    CONCURRENT_ACTION = "concurrent_action"  # another actor acts


SENDS = ("Lanes.check_order", "Lanes.stamp", "Lanes.refund", "Lanes.augment")


@dataclass
class FaultInjector:
    """The hook of the in-memory state. It counts the calls, injects each fault of the plan once,
    and lets the monitor check after every call. `concurrent_action` is the action of another
    actor."""

    monitor: Monitor
    pump: MessagePump
    plan: Mapping[tuple[int, Moment], Kind] = field(default_factory=dict)
    concurrent_action: Callable[[], None] = lambda: None
    calls: list[str] = field(default_factory=list)
    happened: Counter[Kind] = field(default_factory=Counter)
    _other_actor_acts: bool = False

    def __call__(self, moment: Moment, call: str) -> None:
        if moment == "after":
            self.monitor.check(call)
        if self._other_actor_acts:
            return
        if moment == "before":
            self.calls.append(call)
        kind = self.plan.get((len(self.calls) - 1, moment))
        if kind is not None:
            self.happened[kind] += 1
        match kind:
            case Kind.CRASH:
                raise Crash
            case Kind.LOST_DELIVERY:
                self.pump.letter_is_lost = True
                raise Crash
            case Kind.LOST_CONNECTION | Kind.THROTTLE:
                raise Unavailable(party=call)
            case Kind.LOST_SEND:
                self.monitor.lane_of(call).pop()
            case Kind.CONCURRENT_ACTION:
                self._let_other_actor_act()
            case None:
                pass

    def _let_other_actor_act(self) -> None:
        sweeping, self.monitor.sweeping = self.monitor.sweeping, False
        self._other_actor_acts = True
        try:
            self.concurrent_action()
        finally:
            self._other_actor_acts = False
            self.monitor.sweeping = sweeping
