"""How long each lane is, as shown to everybody who waits.

Times are those at which a message was sent to its queue. A lane is described by two cumulative
curves (Newell): how many messages had arrived by a time, and up to which time all have been taken.
The difference is what is ahead of a message; how fast it is taken is measured.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import mul

MAX_ESTIMATE_AGE = timedelta(seconds=15)
"""From an older status no wait is estimated."""
MIN_QUEUED_S = 2.0
"""Below this dwell a queue counts as empty, and workers report nothing."""
CALM_WAIT_S = (1, 3)  # the wait that is shown while a lane is short
MAX_SHORT_WAITING = 10  # so many messages do not make a queue
MAX_RANGE_FACTOR = 3  # the high end of a range of waits over its low end

# How far a measurement may be wrong, either way. Chosen on some curves of arrivals, and tested on
# others (tests/unit/domain/test_queue_estimates.py).
COUNT_ERROR = 1.3  # of the number ahead: a factor
BATCH_ERROR_S = 2.0  # of the time of taking: workers take batches, and report every two seconds
DEPTH_ERROR = 0.02  # of the lane's depth, which is read once a second and smoothed
SMOOTHING = timedelta(seconds=10)  # readings so far around a moment are averaged
MIN_POINTS = 4  # of a curve, to have a slope
MAX_CURVE_ERROR = 0.5  # of the depth; if it is off by more, the lane is not taken in order

MAX_WAIT_S = 7 * 86_400.0


class Lane(StrEnum):
    """A queue with its own concurrency, in the order in which they recover."""

    PAYMENTS = "payments"
    REFUNDS = "refunds"
    URGENT = "urgent"
    STAMPING = "stamping"
    PURCHASES = "purchases"  # has no queue: sales are reported under this name
    ASKED_FOR = "asked"  # nor has this: stampings on their way to their lane
    BULK = "bulk"
    AUGMENTATION = "augmentation"


@dataclass(frozen=True, slots=True)
class Range:
    """From low to high, both inclusive; in whole seconds, or a whole number of messages."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ThroughputSample:
    """What one worker took from a lane in the seconds up to `at`.

    `dwells_s`: how long the messages had been in the queue, sorted, one for each account, and only
    some of them where they are many.
    """

    lane: Lane
    at: datetime
    instance: str
    taken: int
    accounts: int
    dwells_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CumulativePoint:
    """How many had arrived by `at`. The count starts anywhere: only differences have a meaning."""

    at: datetime
    arrived: float


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """One lane as it was at `at`, a moment before the snapshot, so that late samples are in it."""

    lane: Lane
    at: datetime
    waiting: int = 0
    drained_low_per_s: float = 0.0  # 0: not known
    drained_high_per_s: float = 0.0
    dwell_p50_s: float = 0.0
    dwell_p90_s: float = 0.0
    curve: tuple[CumulativePoint, ...] = ()
    reached: datetime | None = None  # what was sent by then has been taken
    # The state of the estimator (`domain/waiting/throughput_estimator.py`).
    drained: float = 0.0  # counted from the same start as the curve
    rates_per_s: tuple[float, ...] = ()
    busy_s: float = 0.0
    still_s: float = 0.0

    @property
    def is_short(self) -> bool:
        """So few wait that they are taken in a moment, as far as is known."""
        return self.waiting <= max(
            MAX_SHORT_WAITING, MIN_QUEUED_S * max(self.rates_per_s, default=0.0)
        )

    def ahead_of(self, sent_at: datetime) -> Range:
        """How many are ahead of what was sent then."""
        return _spread(self._ahead(sent_at))

    def wait_of(self, sent_at: datetime, now: datetime) -> Range | None:
        """Seconds from now until what was sent then is taken, rounded up. None: the speed of the
        lane has not been measured yet."""
        return self._wait(self._ahead(sent_at), now)

    def wait_of_next(self) -> Range | None:
        """The same, for what is sent as the snapshot is made."""
        return self._wait(self._ahead(self.at), self.at)

    def _ahead(self, sent_at: datetime) -> float:
        """What had arrived by then, less what has been taken.

        What has been taken is known twice: as a count, and as the time up to which the lane is
        taken, which is a point on the curve. The curve has errors, so the two differ. Near that
        point the curve is used, at the end of the curve the count, and between them a mixture.
        """
        if len(self.curve) < MIN_POINTS:  # too few for a slope
            return 0.0 if self.is_short else float(self.waiting)
        reached = self.reached or self.curve[0].at
        taken = arrived_by(self.curve, reached)
        off = self.drained - taken
        if abs(off) <= MAX_CURVE_ERROR * self.waiting and reached < self.at:
            taken += off * min(1.0, max(0.0, (sent_at - reached) / (self.at - reached)))
        return max(0.0, arrived_by(self.curve, min(sent_at, self.at + MAX_ESTIMATE_AGE)) - taken)

    def _wait(self, ahead: float, now: datetime) -> Range | None:
        if len(self.curve) < 2:  # a lane that is short, or whose queue has only just begun
            return Range(*CALM_WAIT_S) if self.is_short else None
        if ahead < 1:  # pragma: no mutate: either way is right
            return Range(*CALM_WAIT_S)
        if not self.drained_low_per_s:
            return None
        since_s = max(0.0, (now - self.at).total_seconds())
        error_s = BATCH_ERROR_S + DEPTH_ERROR * self.waiting / self.drained_high_per_s
        low_s = ahead / COUNT_ERROR / self.drained_high_per_s - since_s - error_s
        high_s = ahead * COUNT_ERROR / self.drained_low_per_s - since_s + error_s
        likely_s = ahead / math.sqrt(self.drained_low_per_s * self.drained_high_per_s) - since_s
        return _in_whole_seconds(low_s, likely_s, high_s)


def arrived_by(curve: Sequence[CumulativePoint], at: datetime) -> float:
    """The curve at that moment: a straight line through the nearest points, the nearest weighing
    most (local regression), since each is a noisy reading. After the last point, extrapolated."""
    middle = min(max(at, curve[0].at), curve[-1].at)
    near = [point for point in curve if abs(point.at - middle) <= SMOOTHING]
    if len(near) < MIN_POINTS:  # pragma: no mutate: either way is right
        near = sorted(curve, key=lambda point: abs(point.at - middle))[:MIN_POINTS]
    later_s = [(point.at - at).total_seconds() for point in near]
    reach_s = max(map(abs, later_s)) * 1.1 + 1.0
    weights = [1.0 - abs(x) / reach_s for x in later_s]
    total = sum(weights)
    mean_s: float = sum(map(mul, weights, later_s)) / total
    # pragma: no mutate start, one length
    mean = sum(w * point.arrived for w, point in zip(weights, near, strict=True)) / total
    # pragma: no mutate end
    # pragma: no mutate start, one length
    spread = sum(w * (x - mean_s) ** 2 for w, x in zip(weights, later_s, strict=True))
    # pragma: no mutate end
    rise = sum(
        w * (x - mean_s) * (point.arrived - mean)  # pragma: no mutate: same sum
        for w, x, point in zip(weights, later_s, near, strict=True)  # pragma: no mutate: one length
    )
    return mean - mean_s * max(0.0, rise / spread if spread else 0.0)


def _spread(count: float) -> Range:
    return Range(math.floor(count / COUNT_ERROR), math.ceil(count * COUNT_ERROR))


def _in_whole_seconds(low_s: float, likely_s: float, high_s: float) -> Range:
    """Rounded up: "2 to 6" means more than 1 s and up to 6 s.

    A range wider than MAX_RANGE_FACTOR is cut at both ends, by the same part of what lies below the
    likely wait as of what lies above it.
    """
    after_s, factor = low_s, MAX_RANGE_FACTOR
    if high_s > factor * (low_s + 1):  # pragma: no mutate: either way is right
        below_s, above_s = likely_s - low_s, high_s - likely_s
        after_s = (below_s * (high_s - factor) + above_s * low_s) / (above_s + factor * below_s)
    low = min(max(1, round(after_s) + 1), round(MAX_WAIT_S))
    high = min(max(math.ceil(high_s), factor), round(MAX_WAIT_S))
    return Range(low, max(low, min(high, factor * low)))
