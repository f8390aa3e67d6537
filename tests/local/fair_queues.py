"""Fair queues: which tenant's messages are delivered first. This is our model, not AWS's code.

Neither moto nor ministack has fair queues. AWS documents what they do but not exactly how ("these
thresholds are approximate"). This models the documentation as it is written:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html

- A tenant is noisy with more than 10 % of the messages in flight and at least 30 of its own, or
  with more than 10 % of the time that consumers recently spent.
- The others' messages go first. Among noisy tenants the one with the fewest in flight does.
- It is noisy until its backlog is gone, or until it has sent nothing for five minutes.

Two guesses: time spent fades to a half in ten seconds, and a message in flight between two receives
is being worked on.

Standard library only: `fair_ministack.py` imports it in ministack's own environment.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

SHARE = 0.10
MIN_IN_FLIGHT = 30
QUIET_AFTER_S = 300.0
HALF_LIFE_S = 10.0

T = TypeVar("T")


class QueuePosition(NamedTuple, Generic[T]):
    """A message as its queue sees it. `tenant`: its group, or the message itself where it has
    none."""

    tenant: str
    sent_at_s: float
    in_flight: bool
    message: T


@dataclass
class FairQueue:
    """What one queue knows about its tenants."""

    noisy: set[str] = field(default_factory=set)
    _spent_s: dict[str, float] = field(default_factory=dict)  # by consumers for each tenant, fading
    _held: Mapping[str, int] = field(default_factory=dict)  # in flight after the last receive
    _looked_at_s: float | None = None

    def in_turn(self, messages: Iterable[QueuePosition[T]], now_s: float) -> list[T]:
        """All messages, those first that are to be delivered first."""
        seen = list(messages)
        in_flight = Counter(one.tenant for one in seen if one.in_flight)
        self._spend(now_s)
        self._judge(seen, in_flight, now_s)

        def turn(one: QueuePosition[T]) -> tuple[bool, int, float]:
            is_noisy = one.tenant in self.noisy
            return is_noisy, in_flight[one.tenant] if is_noisy else 0, one.sent_at_s

        return [one.message for one in sorted(seen, key=turn)]

    def record_in_flight(self, in_flight: Mapping[str, int]) -> None:
        """The number in flight of each tenant, after a receive."""
        self._held = in_flight

    def _spend(self, now_s: float) -> None:
        passed_s = 0.0 if self._looked_at_s is None else max(0.0, now_s - self._looked_at_s)
        fading = 0.5 ** (passed_s / HALF_LIFE_S)
        self._spent_s = {
            tenant: self._spent_s.get(tenant, 0.0) * fading + self._held.get(tenant, 0) * passed_s
            for tenant in self._spent_s.keys() | self._held.keys()
        }
        self._looked_at_s = now_s

    def _judge(
        self, seen: Iterable[QueuePosition[T]], in_flight: Mapping[str, int], now_s: float
    ) -> None:
        all_in_flight, all_spent_s = sum(in_flight.values()), sum(self._spent_s.values())
        self.noisy |= {
            tenant
            for tenant, count in in_flight.items()
            if count >= MIN_IN_FLIGHT and count > SHARE * all_in_flight
        }
        self.noisy |= {
            tenant for tenant, spent_s in self._spent_s.items() if spent_s > SHARE * all_spent_s
        }
        waiting = {one.tenant for one in seen if not one.in_flight}
        sending = {one.tenant for one in seen if now_s - one.sent_at_s < QUIET_AFTER_S}
        self.noisy &= waiting & sending
