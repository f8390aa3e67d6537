"""How the status of a lane is measured: from the last status, the queue's depth and what workers
reported since.

The depth is approximate (SQS: usually seconds old, up to a minute) and noisy. What workers report
is exact, but comes in batches, and only where something waits. Each corrects the other: depth and
count give the curve of arrivals, and the dwell times say up to where on it the lane is taken.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from itertools import accumulate, groupby

from meterai.domain.waiting.queue_status import (
    MIN_QUEUED_S,
    CumulativePoint,
    Lane,
    QueueStatus,
    ThroughputSample,
)

SETTLED = timedelta(seconds=2)  # by then samples have arrived; a depth is about as old
MAX_GAP = timedelta(seconds=30)  # between two measurements; after a longer one counts are lost
WINDOWS_S = (10.0, 30.0, 60.0)  # over which it is measured how fast a lane is drained
MAX_CARRIED_S = 10.0  # an earlier rush weighs as so many seconds of this one
BEGUN_S = 0.1
MIN_BUSY_S = 4.0  # the batches of the first seconds show no speed
STOPPED_S = 6.0  # nothing taken for so long, and for six times its usual interval: it has stopped
TAKEN_BEFORE = timedelta(seconds=1)  # the mean age of what a worker reports every two seconds
MAX_POINTS = 60
MIN_NEWEST_POINTS = 20  # stay as they were read
STRETCHES = 30


def first_status(lane: Lane, waiting: int, now: datetime) -> QueueStatus:
    """A lane that was not measured before."""
    at = now - SETTLED
    return QueueStatus(lane, at, waiting, curve=(CumulativePoint(at, waiting),), reached=at)


def next_status(
    before: QueueStatus, waiting: int, samples: Sequence[ThroughputSample], now: datetime
) -> QueueStatus:
    """The lane a moment later. `samples`: those from `before.at` until `now - SETTLED`.

    After a clock that was set back, or a long gap, the curve begins anew and the speed is kept.
    """
    at = now - SETTLED
    passed_s = (at - before.at).total_seconds()
    if not 0 < passed_s <= MAX_GAP.total_seconds():
        return replace(first_status(before.lane, waiting, now), rates_per_s=before.rates_per_s)
    taken = sum(sample.taken for sample in samples)
    reached = _reached(before, samples, waiting, at)
    is_short = replace(before, waiting=waiting).is_short
    if is_short and (at - reached).total_seconds() <= MIN_QUEUED_S:
        # Workers report nothing of a short lane, so there is no curve.
        calm = replace(first_status(before.lane, waiting, now), rates_per_s=before.rates_per_s)
        return replace(calm, reached=reached, busy_s=min(before.busy_s, MAX_CARRIED_S))
    dwells_s = _dwells(samples)
    drained = before.drained + taken
    status = replace(
        before,
        at=at,
        waiting=waiting,
        drained_low_per_s=0.0,
        drained_high_per_s=0.0,
        dwell_p50_s=_quantile(dwells_s, 0.5) if dwells_s else before.dwell_p50_s,
        dwell_p90_s=_quantile(dwells_s, 0.9) if dwells_s else before.dwell_p90_s,
        curve=_with_point(before.curve, CumulativePoint(at, drained + waiting), reached),
        reached=reached,
        drained=drained,
    )
    return _with_rates(status, taken, passed_s)


def _reached(
    before: QueueStatus, samples: Sequence[ThroughputSample], waiting: int, at: datetime
) -> datetime:
    """The time up to which the lane is taken: the median of what was taken last."""
    sent = [
        (
            (sample.at - TAKEN_BEFORE - timedelta(seconds=dwell_s)).timestamp(),
            sample.accounts / len(sample.dwells_s),
        )
        for sample in samples
        for dwell_s in sample.dwells_s
    ]
    if sent:
        return min(datetime.fromtimestamp(_quantile(sent, 0.5), at.tzinfo), at)
    return (
        at
        if before.reached is None or replace(before, waiting=waiting).is_short
        else before.reached
    )


def _with_rates(status: QueueStatus, taken: int, passed_s: float) -> QueueStatus:
    """How many are drained a second over each window. Learned only while the lane is busy: an idle
    lane shows only what arrives. While nothing is taken nothing is learned, and soon no
    rate is shown."""
    still_s = status.still_s + passed_s
    rates = status.rates_per_s
    if not taken:
        status = replace(status, still_s=still_s)
        return _with_range(status)
    if not status.busy_s:  # the first report began at an unknown time
        return _with_range(replace(status, busy_s=BEGUN_S, still_s=0.0))
    spent_s = still_s if still_s <= _stopped_after_s(status) else passed_s
    busy_s = status.busy_s + spent_s
    now_per_s = taken / spent_s
    if rates:
        # pragma: no mutate start, either way is right
        shares = [max(-math.expm1(-spent_s / w), min(1.0, spent_s / busy_s)) for w in WINDOWS_S]
        # pragma: no mutate end
        rates = tuple(
            rate + share * (now_per_s - rate) for rate, share in zip(rates, shares, strict=True)
        )
    else:
        rates = (now_per_s,) * len(WINDOWS_S)
    return _with_range(replace(status, rates_per_s=rates, busy_s=busy_s, still_s=0.0))


def _with_range(status: QueueStatus) -> QueueStatus:
    if (
        not status.rates_per_s
        or status.busy_s < MIN_BUSY_S
        or status.still_s > _stopped_after_s(status)
    ):
        return status
    low, high = min(status.rates_per_s), max(status.rates_per_s)
    return replace(status, drained_low_per_s=low, drained_high_per_s=high)


def _stopped_after_s(status: QueueStatus) -> float:
    """In a slow lane the next may take long."""
    return max(STOPPED_S, STOPPED_S / min(status.rates_per_s)) if status.rates_per_s else STOPPED_S


def _with_point(
    curve: tuple[CumulativePoint, ...], point: CumulativePoint, reached: datetime
) -> tuple[CumulativePoint, ...]:
    """The curve with one point more, and without what was taken long ago. Above MAX_POINTS,
    older points become the middles of equal stretches of time."""
    first = max(0, bisect_right(curve, reached, key=lambda one: one.at) - MIN_NEWEST_POINTS)
    points = (*curve[first:], point)
    if len(points) <= MAX_POINTS:  # pragma: no mutate: either way is right
        return points
    older, newest = points[:-MIN_NEWEST_POINTS], points[-MIN_NEWEST_POINTS:]
    span_s = (older[-1].at - older[0].at).total_seconds()  # pragma: no mutate: coarseness alone
    # pragma: no mutate start, coarseness alone
    stretch_s = 2 ** math.ceil(math.log2(max(2.0, span_s / STRETCHES)))
    # pragma: no mutate end
    stretches = groupby(older, key=lambda one: one.at.timestamp() // stretch_s)
    return (*(reduce(_between, stretch) for _, stretch in stretches), *newest)


def _between(one: CumulativePoint, other: CumulativePoint) -> CumulativePoint:
    return CumulativePoint(one.at + (other.at - one.at) / 2, (one.arrived + other.arrived) / 2)


def _dwells(samples: Iterable[ThroughputSample]) -> list[tuple[float, float]]:
    return [
        (dwell_s, sample.accounts / len(sample.dwells_s))
        for sample in samples
        for dwell_s in sample.dwells_s
    ]


def _quantile(weighted: Iterable[tuple[float, float]], share: float) -> float:
    """The value up to which so much of the weight lies. There is at least one."""
    ordered = sorted(weighted)
    weights = list(accumulate(weight for _, weight in ordered))
    return ordered[bisect_left(weights, share * weights[-1])][0]
