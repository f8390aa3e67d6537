"""Who may buy now. Buying pauses before money is taken that could not be served in time, and while
it is paused, the lane is kept busy. Only purchases ask: paid work is always served.

One writer (`steps/publish_load_snapshot.py`) updates the admission once a second from what it
measured. It is a window: what is on its way to the stamping lane is kept at what the lane makes in
about a quarter of the longest wait. Each second as many people are admitted as the lane serves, and
more or fewer where the window is not full or too full.

People who wait have tickets (`domain/waiting/tickets.py`). A ticket may buy once the **watermark**
has passed the time at which it was issued. The curve of issued tickets says how far the watermark
moves to admit so many people.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from meterai.domain.waiting.demand import (
    ORDER_LASTS,
    PAYS_WITHIN,
    Arrivals,
    AskedFor,
    Demand,
    counted_by,
    queue_found,
)
from meterai.domain.waiting.pace import MAX_PACE, MIN_SETTLES_S, Pace
from meterai.domain.waiting.queue_status import CumulativePoint, QueueStatus, Range

WINDOW = 0.24  # of the longest wait: what is kept on its way
CALM_FOR = timedelta(seconds=30)
MAX_WATERMARK_SAMPLES = 40
MAX_ELAPSED = timedelta(seconds=60)
MAX_POLLS_PER_S = 500  # by all who wait, if no turn is missed by it; the API serves 2,500 in all
MIN_POLL = timedelta(seconds=5)
MAX_POLL = timedelta(minutes=30)
WAIT_RANGE_FACTOR = math.sqrt(3)  # of a wait's range, either way from its middle
MAX_ABANDONED_SHARE = 0.2  # of those who wait, who may have left
TICKET_VALIDITY = timedelta(minutes=10)
STAMPS_A_BUYER = 2.0  # two letters, in 2024
MIN_ORDERED_EACH, MAX_ORDERED_EACH = 0.2, 8.0  # e-meterai of a person admitted
BUYS_WITHIN_S = 40  # of being admitted
ORDERED_OVER = timedelta(minutes=2)  # how many a person orders is learned
MAX_USUAL_OVER_S = 120.0
MIN_CAPACITY_PER_S = 0.1  # of a lane that has nearly stopped, to divide by
TICKETS_SETTLED = timedelta(seconds=3)  # by then the index has what was issued


@dataclass(frozen=True, slots=True)
class AdmissionPolicy:
    """Parameters that an operator decides."""

    longest_wait: timedelta = timedelta(seconds=300)  # for a stamp, if paid now
    holds: timedelta = TICKET_VALIDITY  # to buy, once it is a ticket's turn
    stamps_a_buyer: float = STAMPS_A_BUYER
    capacity_per_s: float = 30.0  # stampings, until it has been measured
    order_lasts: timedelta = ORDER_LASTS


@dataclass(frozen=True, slots=True)
class WatermarkSample:
    """The watermark as it was at `at`."""

    at: datetime
    watermark: datetime


@dataclass(frozen=True, slots=True)
class WaitingCurve:
    """The people who wait: how many, and the curve of issued tickets."""

    waiting: int
    issued: tuple[CumulativePoint, ...]

    def ahead_of(self, issued_at: datetime, watermark: datetime) -> float:
        return max(0.0, counted_by(self.issued, issued_at) - counted_by(self.issued, watermark))


@dataclass(frozen=True, slots=True)
class Admission:
    """`watermark`: tickets issued by then may buy. `over`: those issued by then have expired. While
    `is_open`, no ticket is needed."""

    is_open: bool
    changed_at: datetime  # when it last opened or closed
    watermark: datetime
    over: datetime
    capacity_per_s: float  # stampings, as last measured while some waited
    usual_per_s: float  # the same, on average
    usual_over_s: float = 0.0
    demand: Demand = field(default_factory=Demand)
    short_since: datetime | None = None  # the lane has no queue, although people wait
    pace: Pace | None = None  # while it is not open
    marks: tuple[WatermarkSample, ...] = ()
    room: WaitingCurve | None = None  # while it is not open
    holds: timedelta = TICKET_VALIDITY

    def admits(self, issued_at: datetime) -> bool:
        return self.is_open or self.over < issued_at <= self.watermark

    def is_over(self, issued_at: datetime) -> bool:
        """Its turn has passed: its holder needs a new ticket."""
        return not self.is_open and issued_at <= self.over

    def wait_of(self, issued_at: datetime) -> Range | None:
        """Seconds until a ticket may buy, if the lane and the people stay as they are. None: not
        known, while nobody may buy."""
        if self.room is None or self.pace is None:
            return None
        wait_s = self.pace.wait_s(self.room.ahead_of(issued_at, self.watermark))
        low = max(1, math.ceil(wait_s / WAIT_RANGE_FACTOR))
        return Range(low, max(low, math.floor(wait_s * WAIT_RANGE_FACTOR)))

    def position_of(self, issued_at: datetime) -> Range:
        """How many people are ahead of it. Some of them have left; it is not known how many."""
        ahead = 0.0 if self.room is None else self.room.ahead_of(issued_at, self.watermark)
        return Range(math.floor(ahead * (1 - MAX_ABANDONED_SHARE)), math.ceil(ahead))

    def ask_after(self, issued_at: datetime) -> timedelta:
        """When its holder should ask again.

        After half of the shortest time to its turn, at the highest pace; later, if all who wait
        would poll more than `MAX_POLLS_PER_S`; but never so late that the turn could pass between
        two polls.
        """
        if self.room is None or self.pace is None:
            return MIN_POLL
        max_per_s = MAX_PACE * self.pace.people_per_s
        soonest_s = self.room.ahead_of(issued_at, self.watermark) / max_per_s
        latest_s = soonest_s + self.holds.total_seconds() / 2
        after_s = min(max(soonest_s / 2, self.room.waiting / MAX_POLLS_PER_S), latest_s)
        return timedelta(
            seconds=min(max(after_s, MIN_POLL.total_seconds()), MAX_POLL.total_seconds())
        )


def open_from(now: datetime, policy: AdmissionPolicy) -> Admission:
    """The first admission: everybody may buy."""
    return Admission(
        is_open=True,
        changed_at=now,
        watermark=now,
        over=now,
        capacity_per_s=policy.capacity_per_s,
        usual_per_s=policy.capacity_per_s,
    )


def next_admission(
    before: Admission | None,
    stamping: QueueStatus,
    issued: Sequence[CumulativePoint],
    ordered: int,
    asked: AskedFor,
    deadlines: Mapping[str, datetime],
    now: datetime,
    policy: AdmissionPolicy,
) -> Admission:
    """The admission a second later. `issued`: the curve of tickets, up to about `TICKETS_SETTLED`
    ago; `ordered`: e-meterai ordered since the last time; `asked`: stampings that reached the lane.

    After the clock was set back, nothing changes until it has caught up.
    """
    if before is None:
        return open_from(now, policy)
    if now <= before.changed_at:
        return before
    capacity_per_s = _capacity(before, stamping, now, policy)
    before = replace(
        _with_usual(before, stamping, capacity_per_s),
        short_since=_short_since(before, stamping, now, capacity_per_s),
        demand=before.demand.after(ordered, asked, now, capacity_per_s, policy.order_lasts),
    )
    limit_s = _limit_s(deadlines, now, policy)
    if before.is_open:
        if pressure_s(before, stamping, now) <= limit_s:
            return replace(before, watermark=now)
        # It closes: buyers need a ticket from now on.
        before = replace(
            before, is_open=False, changed_at=now, watermark=now, over=now - policy.holds
        )
    admitted = _admitted(before, issued)
    ordered_each = _ordered_each(before, admitted, now, policy)
    pace = _pace(before, stamping, admitted, ordered_each, limit_s, now)
    # Open again once nobody waits and the window has room. The last to come are not seen at once.
    somebody_waits = before.room is None or before.room.waiting >= 1
    if pace.missing >= 0 and not somebody_waits and now - before.changed_at >= CALM_FOR:
        return replace(
            before, is_open=True, changed_at=now, watermark=now, marks=(), room=None, pace=None
        )
    return _moved_forward(replace(before, pace=pace), issued, now, policy)


def pressure_s(admission: Admission, stamping: QueueStatus, now: datetime) -> float:
    """How long an applicant waits for a stamp: as measured, or as expected for a purchase now,
    whichever is longer. Orders that are likely to be paid count as if they were in the lane."""
    coming = sum(one.count for one in admission.demand.on_its_way(now, 1.0, None))
    return max(stamping.dwell_p90_s, _queue_s(stamping) + coming / admission.capacity_per_s)


def _queue_s(stamping: QueueStatus) -> float:
    """How long what reaches the lane now waits there."""
    ahead = stamping.wait_of_next()
    if ahead is None:  # no measured rate: the age of what is taken now shows it
        reached = stamping.reached or stamping.at
        return max(0.0, (stamping.at - reached).total_seconds())
    return math.sqrt(ahead.low * ahead.high)


def _pace(
    before: Admission,
    stamping: QueueStatus,
    admitted: Sequence[CumulativePoint],
    ordered_each: float,
    limit_s: float,
    now: datetime,
) -> Pace:
    """How many people may be admitted: as many as the lane serves, and what is missing from the
    window when those who are admitted now reach the lane."""
    demand, per_s = before.demand, before.capacity_per_s
    share = demand.share_asked(before.changed_at, now, per_s)
    asked_each = ordered_each * share
    lag_s = demand.likely_lag_s
    settles_s = max(MIN_SETTLES_S, lag_s)
    if stamping.dwell_p90_s > limit_s:  # whatever is expected, they wait too long now
        missing, idle_s = -2 * per_s * settles_s, 0.0
    else:
        coming = demand.on_its_way(now, share, before.changed_at - PAYS_WITHIN)
        to_order = [
            Arrivals(lag_s + BUYS_WITHIN_S * left, people * left * asked_each)
            for left, people in _still_to_order(admitted, now)
        ]
        queue = _queue_s(stamping) * per_s
        found = queue_found(queue, [*coming, *to_order], per_s, lag_s + BUYS_WITHIN_S)
        missing = WINDOW * limit_s * per_s - found
        first_s = min((one.after_s for one in coming if one.count >= 1), default=0.0)
        idle_s = 0.0 if stamping.waiting else first_s
    return Pace(
        per_s / asked_each,
        before.usual_per_s / asked_each,
        missing / asked_each,
        settles_s,
        idle_s,
    )


def _still_to_order(
    admitted: Sequence[CumulativePoint], now: datetime
) -> list[tuple[float, float]]:
    """Of those admitted a short while ago: the share that has not ordered yet, and how many they
    are; the longest ago first."""
    steps = 4
    ages_s = [BUYS_WITHIN_S * (steps - n) / steps for n in range(steps + 1)]
    counts = [counted_by(admitted, now - timedelta(seconds=age)) for age in ages_s]
    return [((2 * n + 1) / (2 * steps), counts[n + 1] - counts[n]) for n in range(steps)]


def _admitted(before: Admission, issued: Sequence[CumulativePoint]) -> list[CumulativePoint]:
    """The curve of people admitted, counted as the curve of tickets counts."""
    return [CumulativePoint(mark.at, counted_by(issued, mark.watermark)) for mark in before.marks]


def _ordered_each(
    before: Admission, admitted: Sequence[CumulativePoint], now: datetime, policy: AdmissionPolicy
) -> float:
    """How many e-meterai a person orders who was admitted: some have left."""
    buys = timedelta(seconds=BUYS_WITHIN_S / 2)
    # Who was admitted is known for as long as a ticket holds: so long are marks kept.
    first = max(before.changed_at + buys, now - min(ORDERED_OVER, before.holds - buys))
    if first >= now:
        return policy.stamps_a_buyer
    people = counted_by(admitted, now - buys) - counted_by(admitted, first - buys)
    ordered = counted_by(before.demand.ordered, now) - counted_by(before.demand.ordered, first)
    assumed = 20 * before.capacity_per_s / policy.stamps_a_buyer  # people
    each = (policy.stamps_a_buyer * assumed + ordered) / (assumed + people)
    return min(MAX_ORDERED_EACH, max(MIN_ORDERED_EACH, each))


def _limit_s(deadlines: Mapping[str, datetime], now: datetime, policy: AdmissionPolicy) -> float:
    """The longest wait that is allowed: before a portal's deadline no longer than the time left, so
    that no money is taken for a stamp that would be too late. Past deadlines are ignored."""
    left = [at - now for at in deadlines.values() if at > now]
    return max(CALM_FOR, min([policy.longest_wait, *left])).total_seconds()


def _short_since(
    before: Admission, stamping: QueueStatus, now: datetime, capacity_per_s: float
) -> datetime | None:
    """Since when the lane has no queue although people wait; anew once more capacity is assumed."""
    if before.is_open or not stamping.is_short or not (before.room and before.room.waiting):
        return None
    return now if capacity_per_s > before.capacity_per_s else before.short_since or now


def _capacity(
    before: Admission, stamping: QueueStatus, now: datetime, policy: AdmissionPolicy
) -> float:
    """What the lane took while something waited in it. The rate of an empty lane only shows how few
    came, not its capacity.

    A lane that stays short, although so many were admitted as it was thought to serve, has more
    capacity than was measured. If that is wrong, the lane grows and is measured. Above the
    configured capacity it is assumed only after all orders are paid or expired: payments may be
    late.
    """
    measured = math.sqrt(stamping.drained_low_per_s * stamping.drained_high_per_s)
    if stamping.waiting > 0 and measured > 0:
        return max(MIN_CAPACITY_PER_S, measured)
    if before.short_since is not None:
        is_known = before.capacity_per_s < policy.capacity_per_s
        paid_after = timedelta(seconds=before.demand.long_lag_s) if is_known else policy.order_lasts
        if now - before.short_since >= paid_after + CALM_FOR:
            return 2 * before.capacity_per_s
    return max(MIN_CAPACITY_PER_S, before.capacity_per_s)


def _with_usual(before: Admission, stamping: QueueStatus, capacity_per_s: float) -> Admission:
    """The capacity on average: workers come and go, and who waits long meets both. Never far from
    what is measured now."""
    usual, over_s = before.usual_per_s, before.usual_over_s
    if stamping.waiting and stamping.drained_low_per_s:
        over_s = min(over_s + 1.0, MAX_USUAL_OVER_S)
        usual += (capacity_per_s - usual) / over_s
    elif capacity_per_s != before.capacity_per_s:
        usual, over_s = capacity_per_s, 0.0  # assumed, and not measured
    usual = min(max(usual, capacity_per_s / 2), 2 * capacity_per_s)
    return replace(before, capacity_per_s=capacity_per_s, usual_per_s=usual, usual_over_s=over_s)


def _moved_forward(
    before: Admission, issued: Sequence[CumulativePoint], now: datetime, policy: AdmissionPolicy
) -> Admission:
    """The watermark moved forward by as many people as may be admitted in the time since."""
    last = before.marks[-1].at if before.marks else before.changed_at
    elapsed_s = min(max(0.0, (now - last).total_seconds()), MAX_ELAPSED.total_seconds())
    people = before.pace.now_per_s * elapsed_s if before.pace else 0.0
    watermark = max(before.watermark, _when(issued, before.watermark, people, now))
    marks = _thinned((*before.marks, WatermarkSample(now, watermark)), now, policy.holds)
    over = max([before.over, *(mark.watermark for mark in marks if now - mark.at >= policy.holds)])
    waiting = max(0.0, counted_by(issued, now) - counted_by(issued, watermark))
    return replace(
        before,
        watermark=watermark,
        over=over,
        marks=marks,
        room=WaitingCurve(math.ceil(waiting), tuple(issued)),
        holds=policy.holds,
    )


def _when(
    issued: Sequence[CumulativePoint], watermark: datetime, people: float, now: datetime
) -> datetime:
    """The time by which so many more tickets than by the watermark had been issued; never later
    than what the index is sure to have."""
    settled = now - TICKETS_SETTLED
    if people <= 0:
        return watermark
    wanted = counted_by(issued, watermark) + people
    place = bisect_left(issued, wanted, key=lambda point: point.arrived)
    if place == len(issued):
        return max(watermark, settled)
    # There is a point before, with fewer than wanted, so the curve rises here.
    start, after = issued[place - 1], issued[place]
    part = (wanted - start.arrived) / (after.arrived - start.arrived)
    return min(start.at + part * (after.at - start.at), settled)


def _thinned(
    marks: Sequence[WatermarkSample], now: datetime, holds: timedelta
) -> tuple[WatermarkSample, ...]:
    """Enough samples to know the watermark `holds` ago: the newest, of the older ones one for each
    part of that time, and the last that is older."""
    part = holds / (MAX_WATERMARK_SAMPLES - 4)
    kept: list[WatermarkSample] = []
    for mark in marks[:-1]:
        if not kept or mark.at - kept[-1].at >= part:
            kept.append(mark)
    old = [mark for mark in kept if now - mark.at >= holds]
    return (*old[-1:], *(mark for mark in kept if now - mark.at < holds), marks[-1])
