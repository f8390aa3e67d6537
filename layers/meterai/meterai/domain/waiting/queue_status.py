"""How long the lanes are: what is told to everybody who waits, from one snapshot a second old.

Times are those at which a message was sent to its queue. A lane is told by two curves (Newell's
cumulative ones): how many had arrived by a time, and until when everything that was sent has been
taken. What lies between the two stands before whoever asks; how fast it is taken is measured.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meterai.domain.waiting.admission_control import Admission

FRESH = timedelta(seconds=15)  # older ones tell nobody how long to wait
TRUSTED = timedelta(seconds=60)  # older ones close nothing: a dead gauge must not shut the office

CALM_S = (1, 3)  # what is told where nothing waits
LONG_S = 2.0  # whoever waits for longer waits: then workers tell what they take
FEW = 10  # so many waiting are no queue
WIDEST = 3  # the high end of a range is at most so many times the low one

# How far a measure may be wrong, either way. Chosen on some curves of arrivals, and tried on others
# (tests/unit/domain/test_queue_estimates.py).
COUNT_ERROR = 1.3  # of how many stand before: a factor
LUMP_S = 2.0  # of when they are taken: workers take batches, and tell of them so often
DEPTH_ERROR = 0.02  # of the lane's depth, which is read once a second and smoothed
SMOOTHED = timedelta(seconds=10)  # readings so far around are one in the curve
FEWEST = 4  # of them that tell how it rises
ONE_SIDED = 0.5  # a curve that is off by more of the depth: the lane does not take in turn

PASSED = timedelta(seconds=30)  # whoever came so long before those who are taken is out of turn

MAX_WAIT_S = 7 * 86_400.0
MIN_POLL = timedelta(seconds=1)
MAX_POLL = timedelta(minutes=5)
UNKNOWN_WAIT_S = 20.0  # for how long to wait where nobody knows, before asking again
POLLS_PER_S = (
    100  # of all who stand in a lane: those at its end ask more seldom than those in front
)


class Lane(StrEnum):
    """A queue with its own concurrency, in the order in which they recover."""

    PAYMENTS = "payments"
    REFUNDS = "refunds"
    URGENT = "urgent"
    STAMPING = "stamping"
    PURCHASES = "purchases"  # without a queue: what is sold is told of, and nothing lies in it
    BULK = "bulk"
    AUGMENTATION = "augmentation"


@dataclass(frozen=True, slots=True)
class Range:
    """From low to high, both meant inclusively; in whole seconds, or in whole things."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ThroughputSample:
    """What one worker took from a lane in the seconds up to `at`.

    `dwells_s`: how long it had lain there, sorted, one for each account, thinned to a few.
    """

    lane: Lane
    at: datetime
    instance: str
    taken: int
    accounts: int
    dwells_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CumulativePoint:
    """By `at` so many had arrived, counted from anywhere: only differences mean something."""

    at: datetime
    arrived: float


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """One lane as it was at `at`, a moment before the snapshot: what was told late is in it."""

    lane: Lane
    at: datetime
    waiting: int = 0
    drained_low_per_s: float = 0.0  # 0: not known
    drained_high_per_s: float = 0.0
    dwell_p50_s: float = 0.0
    dwell_p90_s: float = 0.0
    curve: tuple[CumulativePoint, ...] = ()
    reached: datetime | None = None  # what was sent by then has been taken
    # What the next measuring goes on from (`domain/waiting/throughput_estimator.py`).
    drained: float = 0.0  # counted from where the curve is counted from
    rates_per_s: tuple[float, ...] = ()
    busy_s: float = 0.0
    still_s: float = 0.0

    @property
    def is_short(self) -> bool:
        """So few wait that they are taken in a moment; as far as one knows."""
        return self.waiting <= max(FEW, LONG_S * max(self.rates_per_s, default=0.0))

    def ahead_of(self, sent_at: datetime) -> Range:
        """How many stand before what was sent then."""
        return _spread(self._ahead(sent_at))

    def wait_of(self, sent_at: datetime, now: datetime) -> Range | None:
        """Seconds from now until what was sent then is taken, begun ones counted whole. None: how
        fast the lane is has not been measured yet."""
        return self._wait(self._ahead(sent_at), now)

    def wait_of_next(self) -> Range | None:
        """The same, for what is sent as the snapshot is made."""
        return self._wait(self._ahead(self.at), self.at)

    def _ahead(self, sent_at: datetime) -> float:
        """What had arrived by then, less what has been taken. Of that two things are known, its
        number, and its place on the curve; the curve is wrong, so they do not agree. Close to where
        the lane has come to the place serves better, and at the curve's end the number."""
        if len(self.curve) < FEWEST:  # they tell no rise yet
            return 0.0 if self.is_short else float(self.waiting)
        reached = self.reached or self.curve[0].at
        taken = arrived_by(self.curve, reached)
        off = self.drained - taken
        if abs(off) <= ONE_SIDED * self.waiting and reached < self.at:
            taken += off * min(1.0, max(0.0, (sent_at - reached) / (self.at - reached)))
        return max(0.0, arrived_by(self.curve, min(sent_at, self.at + FRESH)) - taken)

    def _wait(self, ahead: float, now: datetime) -> Range | None:
        if len(self.curve) < 2:  # a lane that is short, or whose queue has only just begun
            return Range(*CALM_S) if self.is_short else None
        if ahead < 1:  # pragma: no mutate: either way is right
            return Range(*CALM_S)
        if not self.drained_low_per_s:
            return None
        since_s = max(0.0, (now - self.at).total_seconds())
        error_s = LUMP_S + DEPTH_ERROR * self.waiting / self.drained_high_per_s
        low_s = ahead / COUNT_ERROR / self.drained_high_per_s - since_s - error_s
        high_s = ahead * COUNT_ERROR / self.drained_low_per_s - since_s + error_s
        likely_s = ahead / math.sqrt(self.drained_low_per_s * self.drained_high_per_s) - since_s
        return _in_whole_seconds(low_s, likely_s, high_s)


def arrived_by(curve: Sequence[CumulativePoint], at: datetime) -> float:
    """The curve at that moment: a straight line through its nearest points, the nearest counting
    most (local regression), since each of them is a noisy reading. After the last as it rose."""
    middle = min(max(at, curve[0].at), curve[-1].at)
    near = [point for point in curve if abs(point.at - middle) <= SMOOTHED]
    if len(near) < FEWEST:  # pragma: no mutate: either way is right
        near = sorted(curve, key=lambda point: abs(point.at - middle))[:FEWEST]
    later_s = [(point.at - at).total_seconds() for point in near]
    reach_s = max(map(abs, later_s)) * 1.1 + 1.0
    weights = [1.0 - abs(x) / reach_s for x in later_s]
    total = sum(weights)
    mean_s: float = sum(map(mul, weights, later_s)) / total
    # pragma: no mutate start: one length
    mean = sum(w * point.arrived for w, point in zip(weights, near, strict=True)) / total
    # pragma: no mutate end
    # pragma: no mutate start: one length
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
    """Begun seconds count whole: from 2 to 6 are waits of more than 1 s and up to 6 s. A range that
    would be wider than WIDEST loses as large a part of what is below the likely wait as of what is
    above it: short waits are wrong by so many seconds, long ones by so many parts."""
    after_s = low_s
    if high_s > WIDEST * (low_s + 1):  # pragma: no mutate: either way is right
        below_s, above_s = likely_s - low_s, high_s - likely_s
        after_s = (below_s * (high_s - WIDEST) + above_s * low_s) / (above_s + WIDEST * below_s)
    low = min(max(1, round(after_s) + 1), round(MAX_WAIT_S))
    high = min(max(math.ceil(high_s), WIDEST), round(MAX_WAIT_S))
    return Range(low, max(low, min(high, WIDEST * low)))


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """How something stands that waits. `wait` None: it is not known how fast the lane is."""

    ahead: Range
    wait: Range | None

    @property
    def poll_after(self) -> timedelta:
        """When to ask again: after about a quarter of the least that is still to be waited, and so
        seldom that a lane which stands still, full of people, is not asked for by all at once."""
        quarter_s = (UNKNOWN_WAIT_S if self.wait is None else self.wait.low) / 4
        after = timedelta(seconds=max(quarter_s, self.ahead.high / POLLS_PER_S))
        return min(max(after, MIN_POLL), MAX_POLL)


@dataclass(frozen=True, slots=True)
class LoadSnapshot:
    """All lanes at one moment, and what was decided from them."""

    at: datetime
    lanes: Mapping[Lane, QueueStatus]
    admission: "Admission | None" = None
    deadlines: Mapping[str, datetime] = field(default_factory=dict)  # by portal; past ones too
    honouring: frozenset[str] = frozenset()  # portals that take a receipt for being in time

    def is_fresh(self, now: datetime) -> bool:
        """Recent enough to tell somebody how long to wait."""
        return abs(now - self.at) <= FRESH

    def is_trusted(self, now: datetime) -> bool:
        """Recent enough to refuse anybody anything."""
        return abs(now - self.at) <= TRUSTED

    def queue_position(self, lane: Lane, sent_at: datetime, now: datetime) -> QueuePosition | None:
        """Of what was sent to the lane then. None: nothing recent is known of the lane, or it has
        long passed what still waits, which must have stumbled or was not sent yet; and of bulk,
        which goes as others leave room, so that nobody can say."""
        flow = self.lanes.get(lane)
        if flow is None or lane is Lane.BULK or not self.is_fresh(now):
            return None
        if flow.reached is not None and flow.reached - sent_at > PASSED:
            return None
        return QueuePosition(flow.ahead_of(sent_at), flow.wait_of(sent_at, now))
