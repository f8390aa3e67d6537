"""Reconciles a day and reads its report."""

from datetime import date, datetime, timedelta

from meterai.domain.days import day_of, end_of
from meterai.domain.reconciliation.day_reports import DayReport
from meterai.domain.reconciliation.discrepancies import Kind
from tests.unit.steps.in_memory_app import InMemoryApp


def today(app: InMemoryApp) -> date:
    return day_of(app.state.now)


def the_morning_after(day: date, hours: float = 3) -> datetime:
    return end_of(day) + timedelta(hours=hours)


def report(app: InMemoryApp, day: date, *, hours: float = 3) -> DayReport:
    """Reconciles `hours` after the end of the day, and reads the report."""
    app.state.now = max(app.state.now, the_morning_after(day, hours))
    app.reconcile()
    return app.state.day_reports[day]


def kinds(of: DayReport) -> list[Kind]:
    return [one.kind for one in of.differences]
