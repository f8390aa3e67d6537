"""Rate limits: a request above the rate is refused, or waits."""

import math


class Quota:
    """A token bucket that fills at `per_s` up to `burst`.

    `peak_per_s` is the demand in the busiest interval between two calls of `close_interval`.
    """

    def __init__(self, name: str, per_s: float, burst: float | None = None) -> None:
        self.name = name
        self.per_s = per_s
        self.burst = per_s if burst is None else burst
        self.requested = 0.0
        self.refused = 0.0
        self.first_refused_s: float | None = None
        self.peak_per_s = 0.0
        self._level = self.burst
        self._filled_s = 0.0
        self._requested_before = 0.0

    def take_whole(self, now_s: float, count: int) -> int:
        """As many of `count` as there are whole tokens."""
        self._fill(now_s)
        taken = min(count, int(self._level))
        self.requested += taken
        self._level -= taken
        return taken

    def may_take(self, now_s: float, count: float) -> bool:
        """All of `count` or none."""
        self._fill(now_s)
        self.requested += count
        if self._level >= min(count, self.burst):
            self._level -= count
            return True
        self.refuse(now_s, count)
        return False

    def wait_s(self, now_s: float, count: float, max_wait_s: float) -> float | None:
        """How long the last of `count` must wait; None, and nothing taken, if that is longer than
        `max_wait_s`: an SDK gives up after its retries."""
        self._fill(now_s)
        self.requested += count
        wait_s = max(0.0, (count - self._level) / self.per_s)
        if wait_s > 0:
            self.refuse(now_s, min(count, count - self._level))
        if wait_s > max_wait_s:
            return None
        self._level -= count
        return wait_s

    def next_s(self, count: float) -> float:
        """How long until there are `count`, if nothing else takes any."""
        return max(0.0, (count - self._level) / self.per_s)

    def close_interval(self, length_s: float) -> float:
        """The demand per second since the last call."""
        rate = (self.requested - self._requested_before) / length_s
        self._requested_before = self.requested
        self.peak_per_s = max(self.peak_per_s, rate)
        return rate

    def _fill(self, now_s: float) -> None:
        self._level = min(self.burst, self._level + self.per_s * (now_s - self._filled_s))
        self._filled_s = now_s

    def refuse(self, now_s: float, count: float) -> None:
        """Count `count` as refused."""
        if count > 0:
            self.refused += count
            if self.first_refused_s is None:
                self.first_refused_s = now_s


class GrowingQuota(Quota):
    """A table on demand: it takes up to twice its previous peak, and adapts within half an hour.
    It never takes more than the partitions of its keys together."""

    def __init__(
        self, name: str, per_s: float, doubles_s: float, max_per_s: float = math.inf
    ) -> None:
        super().__init__(name, min(per_s, max_per_s))
        self._doubles_s = doubles_s
        self._max_per_s = max_per_s
        self._grown_s = 0.0

    def close_interval(self, length_s: float) -> float:
        rate = super().close_interval(length_s)
        if rate > self.per_s / 2 and self._filled_s - self._grown_s >= self._doubles_s:
            self.per_s = self.burst = min(2 * min(rate, self.per_s), self._max_per_s)
            self._grown_s = self._filled_s
        return rate


class ApiQuota(Quota):
    """The API's quota. It serves single requests and a steady stream of polls. When both together
    exceed it, the same share of each is refused."""

    def __init__(self, name: str, per_s: float, burst: float) -> None:
        super().__init__(name, per_s, burst)
        self._left_per_s = per_s

    def stream(self, now_s: float, polls_per_s: float, length_s: float) -> float:
        """The polls of the last `length_s`, and as many from now on. How many of them a second
        are served."""
        self._fill(now_s)
        others_per_s = (self.requested - self._requested_before) / length_s
        offered = others_per_s + polls_per_s
        share = min(1.0, self.per_s / offered) if offered else 1.0
        self.requested += polls_per_s * length_s
        self.refuse(now_s, polls_per_s * (1 - share) * length_s)
        self._left_per_s = max(self.per_s - polls_per_s * share, 0.0)
        return polls_per_s * share

    def _fill(self, now_s: float) -> None:
        filled = self._level + self._left_per_s * (now_s - self._filled_s)
        self._level = min(self.burst, filled)
        self._filled_s = now_s
