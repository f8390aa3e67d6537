"""The report of one day's reconciliation: how far it is, what was compared, what differs.

A day is compared window by window, and the report is written after each: a run that is cut off
continues where the last report ends. It is compared twice, the morning after and a day later: what
was to put itself right has done so by then, or is for a person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from meterai.domain.days import beginning_of, day_of, end_of
from meterai.domain.reconciliation.discrepancies import Discrepancy, Kind
from meterai.domain.reconciliation.performance import Performance, PublicDay

READY_AFTER = timedelta(hours=3)  # after its day a gateway's record is complete
CHECK_AGAIN_AFTER = timedelta(hours=27)
UNFINISHED_DAYS = 7  # so long a day waits for its record
MAX_LIST = 1_000  # differences that a report spells out; all are counted

ReconciliationPass = Literal[1, 2]

_NOTHING = Performance()


@dataclass(frozen=True, slots=True)
class Compared:
    """How much of each was held against the other."""

    rows: int = 0
    payments: int = 0
    orders: int = 0
    emeterai: int = 0
    gateway_idr: int = 0  # of payments on the gateway's record
    ours_idr: int = 0  # of the day's payments as we wrote them

    def __add__(self, other: "Compared") -> "Compared":
        return Compared(
            self.rows + other.rows,
            self.payments + other.payments,
            self.orders + other.orders,
            self.emeterai + other.emeterai,
            self.gateway_idr + other.gateway_idr,
            self.ours_idr + other.ours_idr,
        )


@dataclass(frozen=True, slots=True)
class DayReport:
    """`done_until`: all before it is compared. `missing`: gateways whose record is not there.
    `performance` None: the day was begun before it was counted."""

    day: date
    look: ReconciliationPass
    done_until: datetime
    written_at: datetime
    compared: Compared = Compared()
    differences: tuple[Discrepancy, ...] = ()
    counts: Mapping[Kind, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    performance: Performance | None = None

    @property
    def is_finished(self) -> bool:
        return self.done_until >= end_of(self.day)

    @property
    def open_discrepancies(self) -> tuple[Discrepancy, ...]:
        """Those for a person, as far as they are spelt out."""
        return tuple(one for one in self.differences if one.is_open(is_last_check=self.look == 2))

    @property
    def public_day(self) -> PublicDay | None:
        """What everybody may see of it, once all of it is compared."""
        if self.performance is None or not self.is_finished:
            return None
        waiting = len(self.open_discrepancies)
        return PublicDay(self.day, self.look, self.written_at, self.performance, waiting)

    def window(self, longest: timedelta) -> tuple[datetime, datetime]:
        return self.done_until, min(self.done_until + longest, end_of(self.day))

    def with_window(
        self,
        until: datetime,
        compared: Compared,
        differences: tuple[Discrepancy, ...],
        written_at: datetime,
        performance: Performance = _NOTHING,
    ) -> "DayReport":
        counts = dict(self.counts)
        for one in differences:
            counts[one.kind] = counts.get(one.kind, 0) + 1
        return replace(
            self,
            done_until=until,
            written_at=written_at,
            compared=self.compared + compared,
            differences=(self.differences + differences)[:MAX_LIST],
            counts=counts,
            missing=(),
            performance=None if self.performance is None else self.performance + performance,
        )


def begun(day: date, look: ReconciliationPass, now: datetime) -> DayReport:
    start = beginning_of(day)
    return DayReport(day, look, done_until=start, written_at=now, performance=Performance())


def days_to_check(now: datetime) -> Iterator[tuple[date, ReconciliationPass]]:
    """Which days, and by which look, the oldest first."""
    today = day_of(now)
    for age in range(UNFINISHED_DAYS, 0, -1):
        day = today - timedelta(days=age)
        since = now - end_of(day)
        if since >= READY_AFTER:
            yield day, 2 if since >= CHECK_AGAIN_AFTER else 1


def is_begun_late(day: date, now: datetime) -> bool:
    """A day before the system existed, or before it reconciled: it is not begun now."""
    return now - end_of(day) >= CHECK_AGAIN_AFTER + timedelta(days=1)


def last_ready_day(now: datetime) -> date:
    """The last day that may be compared already."""
    yesterday = day_of(now) - timedelta(days=1)
    is_ready = now - end_of(yesterday) >= READY_AFTER
    return yesterday if is_ready else yesterday - timedelta(days=1)
