"""Who may buy now. Sales pause before money is taken that could not be served in time, and open
again step by step. Only purchases ask: paid work is always served.

One writer (`steps/publish_load_snapshot.py`) updates the admission once a second from what it
measured. People who wait have tickets (`domain/waiting/tickets.py`). A ticket may buy once the
**watermark** has passed the time at which it was issued. The curve of issued tickets says how far
the watermark moves to admit so many people. Where some have left, the lane stays short, and the
next ones are admitted sooner.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from meterai.domain.waiting.queue_status import CumulativePoint, QueueStatus, Range

# People admitted a second, in percent of the measured capacity of the stamping lane. A step takes
# CALM_FOR; 200 tests whether there are more workers by now. Sales close at once and open by steps.
LEVELS = (0, 12, 25, 50, 100, 200)
FULL = 100
CALM_FOR = timedelta(seconds=30)  # before each step up
MAX_WATERMARK_SAMPLES = 40
MAX_ORDER_POINTS = 30
MAX_ELAPSED = timedelta(seconds=60)
MAX_POLLS_PER_S = 500  # by all who wait, if no turn is missed by it; the API serves 2,500 in all
MIN_POLL = timedelta(seconds=5)
MAX_POLL = timedelta(minutes=30)
WAIT_RANGE_FACTOR = math.sqrt(3)  # of a wait's range, either way from its middle
MAX_ABANDONED_SHARE = 0.2  # of those who wait, who may have left
TICKET_VALIDITY = timedelta(minutes=10)
ORDER_LASTS = timedelta(minutes=15)  # by then it is paid or expired, as in the template
STAMPS_A_BUYER = 2.0  # two letters, in 2024
MIN_CAPACITY_PER_S = 0.1  # of a lane that has nearly stopped, to divide by
SETTLED = timedelta(seconds=3)  # by then the index has what was issued


@dataclass(frozen=True, slots=True)
class AdmissionPolicy:
    """Parameters that an operator decides."""

    longest_wait: timedelta = timedelta(seconds=300)  # for a stamp, if paid now
    holds: timedelta = TICKET_VALIDITY  # to buy, once it is a ticket's turn
    stamps_a_buyer: float = STAMPS_A_BUYER
    pays_within: timedelta = timedelta(seconds=90)  # most of those who pay at all
    capacity_per_s: float = 30.0  # stampings, until it has been measured


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
        return max(0.0, _by(self.issued, issued_at) - _by(self.issued, watermark))


@dataclass(frozen=True, slots=True)
class Admission:
    """`watermark`: tickets issued by then may buy. `over`: those issued by then have expired. While
    `is_open`, no ticket is needed."""

    level: int
    is_open: bool
    changed_at: datetime  # when the level last changed
    calm_since: datetime | None
    watermark: datetime
    over: datetime
    capacity_per_s: float  # stampings, as last measured while some waited
    orders: tuple[CumulativePoint, ...] = ()  # bought recently, and about to reach the lane
    marks: tuple[WatermarkSample, ...] = ()
    room: WaitingCurve | None = None  # while it is not open
    holds: timedelta = TICKET_VALIDITY

    def admits(self, issued_at: datetime) -> bool:
        return self.is_open or self.over < issued_at <= self.watermark

    def is_over(self, issued_at: datetime) -> bool:
        """Its turn has passed: its holder needs a new ticket."""
        return not self.is_open and issued_at <= self.over

    def wait_of(self, issued_at: datetime) -> Range | None:
        """Seconds until a ticket may buy, if the lane stays as calm as it is. None: not known,
        while nobody is admitted and the lane is not calm."""
        if self.room is None:
            return None
        ahead, wait_s = self.room.ahead_of(issued_at, self.watermark), 0.0
        for people_per_s, lasts_s in self._paces():
            if people_per_s and ahead <= people_per_s * lasts_s:
                wait_s += ahead / people_per_s
                low = max(1, math.ceil(wait_s / WAIT_RANGE_FACTOR))
                return Range(low, max(low, math.floor(wait_s * WAIT_RANGE_FACTOR)))
            ahead -= people_per_s * lasts_s
            wait_s += lasts_s
        return None

    def _paces(self) -> Iterator[tuple[float, float]]:
        """How many people are admitted a second, and for how many seconds. While the lane is calm
        the level rises step by step until it is FULL, and then stays."""
        level, full_per_s = self.level, self.capacity_per_s / STAMPS_A_BUYER
        if self.calm_since is not None:
            at = self.marks[-1].at if self.marks else self.changed_at
            lasts = CALM_FOR - (at - max(self.calm_since, self.changed_at))
            while level < FULL:
                yield level / 100 * full_per_s, max(0.0, lasts.total_seconds())
                level, lasts = LEVELS[LEVELS.index(level) + 1], CALM_FOR
        yield level / 100 * full_per_s, math.inf

    def position_of(self, issued_at: datetime) -> Range:
        """How many people are ahead of it. Some of them have left; it is not known how many."""
        ahead = 0.0 if self.room is None else self.room.ahead_of(issued_at, self.watermark)
        return Range(math.floor(ahead * (1 - MAX_ABANDONED_SHARE)), math.ceil(ahead))

    def ask_after(self, issued_at: datetime) -> timedelta:
        """When its holder should ask again.

        After half of the shortest time to its turn, at the highest level; later, if all who wait
        would poll more than `MAX_POLLS_PER_S`; but never so late that the turn could pass between
        two polls.
        """
        if self.room is None:
            return MIN_POLL
        max_per_s = LEVELS[-1] / 100 * self.capacity_per_s / STAMPS_A_BUYER
        soonest_s = self.room.ahead_of(issued_at, self.watermark) / max_per_s
        latest_s = soonest_s + self.holds.total_seconds() / 2
        after_s = min(max(soonest_s / 2, self.room.waiting / MAX_POLLS_PER_S), latest_s)
        return timedelta(
            seconds=min(max(after_s, MIN_POLL.total_seconds()), MAX_POLL.total_seconds())
        )


def open_from(now: datetime, policy: AdmissionPolicy) -> Admission:
    """The first admission: everybody may buy."""
    return Admission(
        level=LEVELS[-1],
        is_open=True,
        changed_at=now,
        calm_since=now,
        watermark=now,
        over=now,
        capacity_per_s=policy.capacity_per_s,
    )


def next_admission(
    before: Admission | None,
    stamping: QueueStatus,
    issued: Sequence[CumulativePoint],
    bought: int,
    deadlines: Mapping[str, datetime],
    now: datetime,
    policy: AdmissionPolicy,
    *,
    can_sign: bool = True,
) -> Admission:
    """The admission a second later. `issued`: the curve of tickets, up to about `SETTLED` ago;
    `bought`: e-meterai ordered since the last time. While nothing can be signed nobody may buy, as
    nobody knows for how long.

    After the clock was set back, nothing changes until it has caught up.
    """
    if before is None:
        return open_from(now, policy)
    if now <= before.changed_at:
        return before
    before = replace(
        before,
        capacity_per_s=_capacity(before, stamping),
        orders=_with(before.orders, bought, now, policy.pays_within),
    )
    level, calm_since = LEVELS[0], None
    if can_sign:
        level, calm_since = _level(before, stamping, deadlines, now, policy)
    if level != before.level:
        before = replace(before, level=level, changed_at=now)
    elif _has_more_capacity(before, calm_since, now, policy):
        before = replace(before, capacity_per_s=2 * before.capacity_per_s, changed_at=now)
    before = replace(before, calm_since=calm_since)
    # Open again once the lane can serve everybody and no ticket waits.
    somebody_waits = before.room is not None and before.room.waiting >= 1
    may_open = level >= FULL and (before.is_open or not somebody_waits)
    if may_open:
        return replace(before, is_open=True, watermark=now, marks=(), room=None)
    if before.is_open:  # it closes: buyers need a ticket from now on
        before = replace(before, is_open=False, watermark=now, over=now - policy.holds)
    return _moved_forward(before, issued, now, policy)


def pressure_s(admission: Admission, stamping: QueueStatus) -> float:
    """How long an applicant waits for a stamp: as measured, or as expected for a purchase now,
    whichever is longer. Recent orders, which are being paid, count as if they were in the lane
    already: they will be, before this decision has an effect there."""
    ahead = stamping.wait_of_next()
    if ahead is None:  # no measured rate: the age of what is taken now shows it
        reached = stamping.reached or stamping.at
        foreseen_s = max(0.0, (stamping.at - reached).total_seconds())
    else:
        foreseen_s = math.sqrt(ahead.low * ahead.high)
    orders = admission.orders
    coming = orders[-1].arrived - orders[0].arrived if orders else 0.0
    return max(stamping.dwell_p90_s, foreseen_s + coming / admission.capacity_per_s)


def _level(
    before: Admission,
    stamping: QueueStatus,
    deadlines: Mapping[str, datetime],
    now: datetime,
    policy: AdmissionPolicy,
) -> tuple[int, datetime | None]:
    """The level, and since when the lane has been calm enough for the next one."""
    limit_s = _limit_s(deadlines, now, policy)
    pressure = pressure_s(before, stamping)
    if pressure > limit_s:
        return LEVELS[0], None
    if pressure > limit_s / 2:  # keep the level, but not above the capacity of the lane
        return (before.level if before.is_open else min(before.level, FULL)), None
    calm_since = before.calm_since or now
    if now - max(calm_since, before.changed_at) < CALM_FOR or before.level == LEVELS[-1]:
        return before.level, calm_since
    return LEVELS[LEVELS.index(before.level) + 1], calm_since


def _limit_s(deadlines: Mapping[str, datetime], now: datetime, policy: AdmissionPolicy) -> float:
    """The longest wait that is allowed: before a portal's deadline no longer than the time left, so
    that no money is taken for a stamp that would be too late. Past deadlines are ignored."""
    left = [at - now for at in deadlines.values() if at > now]
    return max(CALM_FOR, min([policy.longest_wait, *left])).total_seconds()


def _has_more_capacity(
    before: Admission, calm_since: datetime | None, now: datetime, policy: AdmissionPolicy
) -> bool:
    """Whether the lane has more capacity than was measured.

    So many were admitted, at the highest level, that most buyers have paid, and the lane is still
    short; a short lane cannot be measured. If the assumption is wrong, the lane grows and is
    measured. Above the configured capacity it is made only after all orders are paid or expired:
    payments may be late.
    """
    if before.is_open or calm_since is None:  # below the highest level it would have risen by now
        return False
    is_known = before.capacity_per_s < policy.capacity_per_s
    paid_after = policy.pays_within if is_known else ORDER_LASTS
    return now - max(calm_since, before.changed_at) >= paid_after + CALM_FOR


def _capacity(before: Admission, stamping: QueueStatus) -> float:
    """What the lane took while something waited in it. The rate of an empty lane only shows how few
    came, not its capacity."""
    measured = math.sqrt(stamping.drained_low_per_s * stamping.drained_high_per_s)
    is_full = stamping.waiting > 0 and measured > 0
    return max(MIN_CAPACITY_PER_S, measured if is_full else before.capacity_per_s)


def _with(
    orders: tuple[CumulativePoint, ...], bought: int, now: datetime, kept: timedelta
) -> tuple[CumulativePoint, ...]:
    """The curve of stampings bought, with one more point, from the last point before `kept` on."""
    total = (orders[-1].arrived if orders else 0.0) + bought
    thinned = orders[:-1] if _is_crowded(orders, kept) else orders
    grown = (*thinned, CumulativePoint(now, total))
    old = [point for point in grown if now - point.at >= kept]
    return (*old[-1:], *(point for point in grown if now - point.at < kept))


def _is_crowded(points: tuple[CumulativePoint, ...], kept: timedelta) -> bool:
    return len(points) > 1 and points[-1].at - points[-2].at < kept / MAX_ORDER_POINTS


def _moved_forward(
    before: Admission, issued: Sequence[CumulativePoint], now: datetime, policy: AdmissionPolicy
) -> Admission:
    """The watermark moved forward by as many people as may be admitted in the time since."""
    last = before.marks[-1].at if before.marks else before.changed_at
    elapsed_s = min(max(0.0, (now - last).total_seconds()), MAX_ELAPSED.total_seconds())
    people_per_s = before.level / 100 * before.capacity_per_s / policy.stamps_a_buyer
    watermark = max(before.watermark, _when(issued, before, people_per_s * elapsed_s, now))
    marks = _thinned((*before.marks, WatermarkSample(now, watermark)), now, policy.holds)
    over = max([before.over, *(mark.watermark for mark in marks if now - mark.at >= policy.holds)])
    waiting = max(0.0, _by(issued, now) - _by(issued, watermark))
    return replace(
        before,
        watermark=watermark,
        over=over,
        marks=marks,
        room=WaitingCurve(math.ceil(waiting), tuple(issued)),
        holds=policy.holds,
    )


def _when(
    issued: Sequence[CumulativePoint], before: Admission, people: float, now: datetime
) -> datetime:
    """The time by which so many more tickets than at the watermark had been issued; never later
    than what the index is sure to have."""
    settled = now - SETTLED
    if people <= 0:
        return before.watermark
    wanted = _by(issued, before.watermark) + people
    place = bisect_left(issued, wanted, key=lambda point: point.arrived)
    if place == len(issued):
        return max(before.watermark, settled)
    # There is a point before, with fewer than wanted, so the curve rises here.
    start, after = issued[place - 1], issued[place]
    part = (wanted - start.arrived) / (after.arrived - start.arrived)
    return min(start.at + part * (after.at - start.at), settled)


def _by(issued: Sequence[CumulativePoint], at: datetime) -> float:
    """Tickets issued by then: linear between the points, constant outside."""
    place = bisect_left(issued, at, key=lambda point: point.at)
    if place == len(issued):
        return issued[-1].arrived if issued else 0.0  # pragma: no mutate: only differences count
    after = issued[place]
    if place == 0:
        return after.arrived
    before = issued[place - 1]
    part = (at - before.at) / (after.at - before.at)
    return before.arrived + part * (after.arrived - before.arrived)


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
