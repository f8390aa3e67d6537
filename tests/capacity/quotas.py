"""Limits by rate: what asks for more is refused, or has to wait for its turn."""

import math


class Quota:
    """A bucket that fills at `per_s` up to `burst`.

    `refused` and `first_refused_s` tell when it was first too small; `peak_per_s` is what was
    asked of it in its busiest interval between two calls of `close_interval`.
    """

    def __init__(self, name: str, per_s: float, burst: float | None = None) -> None:
        self.name = name
        self.per_s = per_s
        self.burst = per_s if burst is None else burst
        self.asked = 0.0
        self.refused = 0.0
        self.first_refused_s: float | None = None
        self.peak_per_s = 0.0
        self._level = self.burst
        self._filled_s = 0.0
        self._asked_before = 0.0

    def take_whole(self, now_s: float, count: int) -> int:
        """As many of `count` as there are whole ones; parts of one stay."""
        self._fill(now_s)
        taken = min(count, int(self._level))
        self.asked += taken
        self._level -= taken
        return taken

    def may_take(self, now_s: float, count: float) -> bool:
        """All of `count` or none."""
        self._fill(now_s)
        self.asked += count
        if self._level >= min(count, self.burst):
            self._level -= count
            return True
        self.refuse(now_s, count)
        return False

    def wait_s(self, now_s: float, count: float, patience_s: float) -> float | None:
        """How long the last of `count` must wait; None, and nothing taken, where that is more than
        callers have patience for (an SDK gives up after its tries)."""
        self._fill(now_s)
        self.asked += count
        wait_s = max(0.0, (count - self._level) / self.per_s)
        if wait_s > 0:
            self.refuse(now_s, min(count, count - self._level))
        if wait_s > patience_s:
            return None
        self._level -= count
        return wait_s

    def next_s(self, count: float) -> float:
        """How long until `count` will be there, if nobody else comes."""
        return max(0.0, (count - self._level) / self.per_s)

    def close_interval(self, length_s: float) -> float:
        """What was asked of it a second since the last call."""
        rate = (self.asked - self._asked_before) / length_s
        self._asked_before = self.asked
        self.peak_per_s = max(self.peak_per_s, rate)
        return rate

    def _fill(self, now_s: float) -> None:
        self._level = min(self.burst, self._level + self.per_s * (now_s - self._filled_s))
        self._filled_s = now_s

    def refuse(self, now_s: float, count: float) -> None:
        """Count a refusal."""
        if count > 0:
            self.refused += count
            if self.first_refused_s is None:
                self.first_refused_s = now_s


class GrowingQuota(Quota):
    """A table on demand: it takes twice its former peak, and half an hour to get used to one; never
    more than its keys' partitions take together."""

    def __init__(
        self, name: str, per_s: float, doubles_s: float, most_per_s: float = math.inf
    ) -> None:
        super().__init__(name, min(per_s, most_per_s))
        self._doubles_s = doubles_s
        self._most_per_s = most_per_s
        self._grown_s = 0.0

    def close_interval(self, length_s: float) -> float:
        rate = super().close_interval(length_s)
        if rate > self.per_s / 2 and self._filled_s - self._grown_s >= self._doubles_s:
            self.per_s = self.burst = min(2 * min(rate, self.per_s), self._most_per_s)
            self._grown_s = self._filled_s
        return rate


class Gate(Quota):
    """The API's quota. Besides requests that come one by one there are the looks of those who wait,
    a steady stream; where both are too much, each is refused alike."""

    def __init__(self, name: str, per_s: float, burst: float) -> None:
        super().__init__(name, per_s, burst)
        self._left_per_s = per_s

    def stream(self, now_s: float, looks_per_s: float, length_s: float) -> float:
        """The looks of the last `length_s`, and from now on as many; how many of them a second
        are let through."""
        self._fill(now_s)
        others_per_s = (self.asked - self._asked_before) / length_s
        offered = others_per_s + looks_per_s
        share = min(1.0, self.per_s / offered) if offered else 1.0
        self.asked += looks_per_s * length_s
        self.refuse(now_s, looks_per_s * (1 - share) * length_s)
        self._left_per_s = max(self.per_s - looks_per_s * share, 0.0)
        return looks_per_s * share

    def _fill(self, now_s: float) -> None:
        filled = self._level + self._left_per_s * (now_s - self._filled_s)
        self._level = min(self.burst, filled)
        self._filled_s = now_s
