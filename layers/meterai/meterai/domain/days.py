"""A day of the gateways and of the ledger: from midnight to midnight in WIB."""

from datetime import date, datetime, time, timedelta, timezone

WIB = timezone(timedelta(hours=7))  # western Indonesian time, which has no daylight saving time


def day_of(at: datetime) -> date:
    return at.astimezone(WIB).date()


def beginning_of(day: date) -> datetime:
    return datetime.combine(day, time(), WIB)


def end_of(day: date) -> datetime:
    """The first moment that is no longer of the day."""
    return beginning_of(day + timedelta(days=1))
