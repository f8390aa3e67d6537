"""One Lambda function: its concurrency and its cold starts."""

from collections import deque

from tests.capacity.limits import LIMITS, Limits
from tests.capacity.quotas import Quota

IDLE_MINUTES = 10  # an idle environment is kept this long; AWS publishes no number


class Function:
    """`reserved` is its ReservedConcurrentExecutions."""

    def __init__(
        self, name: str, reserved: int, *, cold_s: float, memory_mb: int, limits: Limits = LIMITS
    ) -> None:
        self.name = name
        self.reserved = reserved
        self.cold_s = cold_s
        self.memory_mb = memory_mb
        self.running = 0
        self.max_running = 0
        self.invoked = 0
        self.cold_starts = 0
        self.busy_s = 0.0
        self.refusals = Quota(f"{name} concurrency", reserved)
        self._growth = Quota(
            f"{name} environments", limits.environments_added, limits.environments_burst
        )
        self._environments = 0
        self._peaks: deque[int] = deque([0], maxlen=IDLE_MINUTES)

    @property
    def free(self) -> int:
        return self.reserved - self.running

    def begin(self, now_s: float, count: int, calls: int | None = None) -> float | None:
        """Run `count` at once. The seconds that cold starts add on average; None, and none runs,
        if that exceeds the reservation or the scaling rate. `calls`: how many calls they are."""
        cold = max(0, self.running + count - self._environments)
        if count > self.free or not self._growth.may_take(now_s, cold):
            self.refusals.refuse(now_s, count)
            return None
        self._environments += cold
        self.cold_starts += cold
        self.invoked += count if calls is None else calls
        self.running += count
        self.max_running = max(self.max_running, self.running)
        self._peaks[-1] = max(self._peaks[-1], self.running)
        return self.cold_s * cold / count if count else 0.0

    def end(self, count: int, took_s: float) -> None:
        self.running -= count
        self.busy_s += count * took_s

    def pass_minute(self) -> None:
        """Remove the environments that were idle for IDLE_MINUTES."""
        self._environments = min(self._environments, max(self._peaks))
        self._peaks.append(self.running)
