"""What is on its way to the stamping lane: what was ordered, and when it is asked for.

Ordered is not paid, and paid is not asked for. Two cumulative curves say how many e-meterai were
ordered and how many stampings were asked for, and the time from the one to the other is reported
with each. So it is learned how many of those ordered are asked for, and after how long.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter

from meterai.domain.waiting.queue_status import CumulativePoint

ORDER_LASTS = timedelta(minutes=15)  # by then it is paid or expired; `OrderExpiresS` says it
PAYS_WITHIN = timedelta(seconds=90)  # of the order: most of those who pay at all
LEARNED_OVER = timedelta(minutes=5)
MIN_SHARE_ASKED = 1 / 3  # fewer may be a pause: if all came at once, the lane would overflow
MIN_SPACING_S = 3.0  # of the newest orders
MIN_ASKED_SPACING_S = 15.0
SPACING_SHARE = 0.2  # of a point's age: older ones lie further apart

_AT = attrgetter("at")


@dataclass(frozen=True, slots=True)
class Arrivals:
    """So many stampings are expected in the lane, so long from now."""

    after_s: float
    count: float


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Stampings that reached their lane. `lags_s`: how long after their orders, of some of them."""

    count: int = 0
    lags_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """`lag_p50_s`, `lag_p90_s`: from an order until it is asked for; 0 until it was learned."""

    ordered: tuple[CumulativePoint, ...] = ()
    asked: tuple[CumulativePoint, ...] = ()
    lag_p50_s: float = 0.0
    lag_p90_s: float = 0.0

    @property
    def likely_lag_s(self) -> float:
        """Not below half of `PAYS_WITHIN`: those who are quick are seen first."""
        return max(self.lag_p50_s, PAYS_WITHIN.total_seconds() / 2)

    @property
    def long_lag_s(self) -> float:
        return max(self.lag_p90_s, PAYS_WITHIN.total_seconds())

    def _usual_lag_s(self, now: datetime) -> float:
        """About the mean, once those who are slow have been seen as well."""
        seen_for = now - self.asked[0].at if self.asked else timedelta(0)
        mean_s = (self.lag_p50_s + self.lag_p90_s) / 2
        return mean_s if mean_s and seen_for >= PAYS_WITHIN else self.likely_lag_s

    def after(
        self,
        ordered: int,
        asked: AskedFor,
        now: datetime,
        capacity_per_s: float,
        order_lasts: timedelta,
    ) -> "Demand":
        """A moment later, with what was reported since. `capacity_per_s` says how much is much."""
        learned = replace(
            self,
            ordered=_with(self.ordered, ordered, now, order_lasts, MIN_SPACING_S),
            asked=_with(self.asked, asked.count, now, LEARNED_OVER, MIN_ASKED_SPACING_S),
        )
        if not asked.lags_s:
            return learned
        lags = sorted(min(lag, order_lasts.total_seconds()) for lag in asked.lags_s)
        # The first is believed at once; later ones weigh as much as 20 seconds of the lane's work.
        weight = asked.count / (asked.count + 20 * capacity_per_s) if self.lag_p90_s else 1.0
        return replace(
            learned,
            lag_p50_s=self.lag_p50_s + weight * (_quantile(lags, 0.5) - self.lag_p50_s),
            lag_p90_s=self.lag_p90_s + weight * (_quantile(lags, 0.9) - self.lag_p90_s),
        )

    def share_asked(self, since: datetime, now: datetime, capacity_per_s: float) -> float:
        """Of what is ordered, the share that is asked for. `since`: before then not everything was
        reported. All of it, until so much was reported as the lane makes in 20 seconds."""
        first = max(since, now - LEARNED_OVER)
        lag = timedelta(seconds=self._usual_lag_s(now))
        ordered = counted_by(self.ordered, now - lag) - counted_by(self.ordered, first - lag)
        asked = counted_by(self.asked, now) - counted_by(self.asked, first)
        assumed = 20 * capacity_per_s
        return min(1.0, max(MIN_SHARE_ASKED, (assumed + asked) / (assumed + ordered)))

    def on_its_way(
        self, now: datetime, share: float, kept_since: datetime | None
    ) -> list[Arrivals]:
        """What was ordered and is likely still to be asked for. While no lag was learned yet, what
        was ordered since `kept_since` is kept until its order has expired: payments may be
        late."""
        if self.lag_p90_s:
            kept_since = None
        lags = list(self._lags())
        found = []
        for age_s, count, at in _cohorts(self.ordered, now):
            coming = [(lag_s - age_s, part) for part, lag_s in lags if lag_s > age_s]
            if kept_since is not None and at >= kept_since:
                gone = 1.0 - sum(part for _, part in coming)
                coming.append((0.0, gone))
            found += [Arrivals(after_s, count * share * part) for after_s, part in coming]
        return found

    def _lags(self) -> Iterator[tuple[float, float]]:
        """The times from order to stamping, by the share that takes so long: a few points of the
        distribution whose middle and ninth tenth are known."""
        half_s, more_s = self.likely_lag_s, self.long_lag_s - self.likely_lag_s
        yield 0.25, 0.6 * half_s
        yield 0.25, half_s
        yield 0.2, half_s + 0.4 * more_s
        yield 0.2, self.long_lag_s
        yield 0.1, 1.4 * self.long_lag_s


def counted_by(curve: Sequence[CumulativePoint], at: datetime) -> float:
    """How many by then: linear between the points, constant outside."""
    place = bisect_left(curve, at, key=_AT)
    if place == len(curve):
        return curve[-1].arrived if curve else 0.0  # pragma: no mutate: only differences count
    after = curve[place]
    if place == 0:
        return after.arrived
    before = curve[place - 1]
    part = (at - before.at) / (after.at - before.at)
    return before.arrived + part * (after.arrived - before.arrived)


def queue_found(
    waiting: float, coming: Sequence[Arrivals], capacity_per_s: float, after_s: float
) -> float:
    """How many are ahead of what reaches the lane so long from now: the queue of now, worked off
    at the lane's speed, and what comes meanwhile (Lindley's recursion)."""
    queue, at_s = waiting, 0.0
    for one in sorted(coming, key=lambda one: one.after_s):
        if one.after_s > after_s:
            break
        queue = max(0.0, queue - capacity_per_s * (one.after_s - at_s)) + one.count
        at_s = one.after_s
    return max(0.0, queue - capacity_per_s * (after_s - at_s))


def _cohorts(
    curve: Sequence[CumulativePoint], now: datetime
) -> Iterator[tuple[float, float, datetime]]:
    """The age of what was ordered between two points, how much, and until when; oldest first."""
    for i in range(1, len(curve)):
        start, end = curve[i - 1], curve[i]
        middle = start.at + (end.at - start.at) / 2
        yield max(0.0, (now - middle).total_seconds()), end.arrived - start.arrived, end.at


def _with(
    curve: Sequence[CumulativePoint], count: int, now: datetime, kept: timedelta, spacing_s: float
) -> tuple[CumulativePoint, ...]:
    """The curve with one more point, from the last point before `kept` on; older points are kept
    further apart."""
    *older, newest = curve or (CumulativePoint(now - timedelta(seconds=1), 0.0),)
    spaced: list[CumulativePoint] = []
    for point in older:
        least_s = max(spacing_s, SPACING_SHARE * (now - point.at).total_seconds())
        if _is_apart(point, spaced, least_s):
            spaced.append(point)
    if _is_apart(newest, spaced, spacing_s):
        spaced.append(newest)
    old = [point for point in spaced if now - point.at >= kept]
    new = [point for point in spaced if now - point.at < kept]
    return (*old[-1:], *new, CumulativePoint(now, newest.arrived + count))


def _is_apart(point: CumulativePoint, spaced: Sequence[CumulativePoint], least_s: float) -> bool:
    return not spaced or (point.at - spaced[-1].at).total_seconds() >= least_s


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, math.floor(share * len(ordered)))]
