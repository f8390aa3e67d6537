"""How a lane's flow is measured: the last one, a look at its queue, and what workers counted since.

The queue's depth is approximate (SQS says so: usually seconds old, up to a minute) and noisy; what
workers counted is exact, but told in lumps, and only where something waits. Each mends the other:
depth and count make the curve of arrivals, and how long things had lain there says where on that
curve the lane has come to.
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

SETTLED = timedelta(seconds=2)  # what was counted before has been told; a depth is about as old
LOST_AFTER = timedelta(seconds=30)  # without a look: what was counted meanwhile is not known
WINDOWS_S = (10.0, 30.0, 60.0)  # over which it is measured how fast a lane is drained
CARRIED_S = 10.0  # what was learned in an earlier rush weighs as so many seconds of this one
BEGUN_S = 0.1
LEARNED_S = 4.0  # the lumps of the first seconds tell no speed
STOPPED_S = 6.0  # nothing taken for so long, and for so many of its own beats: it stands still
TAKEN_BEFORE = timedelta(seconds=1)  # what a worker tells of two seconds, on average
MAX_POINTS = 60
NEWEST = 20  # of them stay as they were read
STRETCHES = 30


def first_status(lane: Lane, waiting: int, now: datetime) -> QueueStatus:
    """A lane nobody has looked at before."""
    at = now - SETTLED
    return QueueStatus(lane, at, waiting, curve=(CumulativePoint(at, waiting),), reached=at)


def next_status(
    before: QueueStatus, waiting: int, samples: Sequence[ThroughputSample], now: datetime
) -> QueueStatus:
    """The lane a moment later. `tallies`: what was told from `before.at` until `now - SETTLED`.

    A clock that was set back, or a long while without a look, begins the curve anew and keeps what
    is known of the speed.
    """
    at = now - SETTLED
    passed_s = (at - before.at).total_seconds()
    if not 0 < passed_s <= LOST_AFTER.total_seconds():
        return replace(first_status(before.lane, waiting, now), rates_per_s=before.rates_per_s)
    taken = sum(sample.taken for sample in samples)
    reached = _reached(before, samples, waiting, at)
    is_short = replace(before, waiting=waiting).is_short
    if is_short and (at - reached).total_seconds() <= MIN_QUEUED_S:
        # What was taken has not been told, so no curve can be made of it.
        calm = replace(first_status(before.lane, waiting, now), rates_per_s=before.rates_per_s)
        return replace(calm, reached=reached, busy_s=min(before.busy_s, CARRIED_S))
    dwells_s = _dwells(samples)
    drained = before.drained + taken
    flow = replace(
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
    return _with_rates(flow, taken, passed_s)


def _reached(
    before: QueueStatus, samples: Sequence[ThroughputSample], waiting: int, at: datetime
) -> datetime:
    """Up to where the lane has been taken: by the middle one of what was taken last."""
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


def _with_rates(flow: QueueStatus, taken: int, passed_s: float) -> QueueStatus:
    """How many are drained a second over each window, learned while the lane is busy alone: an idle
    one shows only what arrives. While nothing is taken nothing is learned, soon nothing told."""
    still_s = flow.still_s + passed_s
    rates = flow.rates_per_s
    if not taken:
        flow = replace(flow, still_s=still_s)
        return _told(flow)
    if not flow.busy_s:  # the first that is told was begun nobody knows when
        return _told(replace(flow, busy_s=BEGUN_S, still_s=0.0))
    spent_s = still_s if still_s <= _patience_s(flow) else passed_s
    busy_s = flow.busy_s + spent_s
    now_per_s = taken / spent_s
    if rates:
        # pragma: no mutate start: either way is right
        shares = [max(-math.expm1(-spent_s / w), min(1.0, spent_s / busy_s)) for w in WINDOWS_S]
        # pragma: no mutate end
        rates = tuple(
            rate + share * (now_per_s - rate) for rate, share in zip(rates, shares, strict=True)
        )
    else:
        rates = (now_per_s,) * len(WINDOWS_S)
    return _told(replace(flow, rates_per_s=rates, busy_s=busy_s, still_s=0.0))


def _told(flow: QueueStatus) -> QueueStatus:
    if not flow.rates_per_s or flow.busy_s < LEARNED_S or flow.still_s > _patience_s(flow):
        return flow
    low, high = min(flow.rates_per_s), max(flow.rates_per_s)
    return replace(flow, drained_low_per_s=low, drained_high_per_s=high)


def _patience_s(flow: QueueStatus) -> float:
    """A slow lane's next may be long in coming."""
    return max(STOPPED_S, STOPPED_S / min(flow.rates_per_s)) if flow.rates_per_s else STOPPED_S


def _with_point(
    curve: tuple[CumulativePoint, ...], point: CumulativePoint, reached: datetime
) -> tuple[CumulativePoint, ...]:
    """The curve with one point more, and without what lies well behind where the lane has come to.
    Of more than MOST_POINTS the older ones become the middles of equal stretches of time."""
    first = max(0, bisect_right(curve, reached, key=lambda one: one.at) - NEWEST)
    points = (*curve[first:], point)
    if len(points) <= MAX_POINTS:  # pragma: no mutate: either way is right
        return points
    older, newest = points[:-NEWEST], points[-NEWEST:]
    span_s = (older[-1].at - older[0].at).total_seconds()  # pragma: no mutate: coarseness alone
    # pragma: no mutate start: coarseness alone
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
