"""A day that is reconciled: what a test asks of its report."""

from datetime import date, datetime, timedelta

from meterai.domain.day_reports import DayReport
from meterai.domain.days import day_of, end_of
from meterai.domain.differences import Kind
from tests.unit.steps.office import Office


def today(office: Office) -> date:
    return day_of(office.world.now)


def the_morning_after(day: date, hours: float = 3) -> datetime:
    return end_of(day) + timedelta(hours=hours)


def report(office: Office, day: date, *, hours: float = 3) -> DayReport:
    """Of reconciling so long after the day's end."""
    office.world.now = max(office.world.now, the_morning_after(day, hours))
    office.reconcile()
    return office.world.day_reports[day]


def kinds(of: DayReport) -> list[Kind]:
    return [one.kind for one in of.differences]
