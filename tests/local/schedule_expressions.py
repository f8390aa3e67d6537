"""`rate(5 minutes)` and `cron(0 17 ? * MON-FRI *)`: computes the next time.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.local.errors import TemplateError

NextTime = Callable[[datetime], datetime]

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((.+)\)")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")  # numbered from 1, as AWS does
_SEARCH_DAYS = 366 * 5


def next_time(expression: str, timezone: str) -> NextTime:
    """A function from a moment to the first occurrence after it.

    A rate counts from the moment given. `at(...)`, and `L`, `W` and `#` in a cron expression,
    are not handled.
    """
    if match := _RATE.fullmatch(expression):
        count, unit = match.groups()
        period = timedelta(**{f"{unit}s": int(count)})
        return lambda after: after + period
    if match := _CRON.fullmatch(expression):
        return _Cron(match.group(1), ZoneInfo(timezone)).next_time
    raise TemplateError(f"the schedule {expression!r} is not handled: rate(...) or cron(...)")


class _Cron:
    """Six fields: minutes hours day-of-month month day-of-week year."""

    def __init__(self, expression: str, zone: ZoneInfo) -> None:
        fields = expression.split()
        if len(fields) != 6:
            raise TemplateError(f"cron({expression}) has {len(fields)} fields, not 6")
        self._expression, self._zone = expression, zone
        self._minutes = _values(fields[0], 0, 59)
        self._hours = _values(fields[1], 0, 23)
        self._days = _values(fields[2], 1, 31)
        self._months = _values(fields[3], 1, 12, _MONTHS)
        self._weekdays = _values(fields[4], 1, 7, _DAYS)
        self._years = _values(fields[5], 1970, 2199)

    def next_time(self, after: datetime) -> datetime:
        local = after.astimezone(self._zone)
        start = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
        for ahead in range(_SEARCH_DAYS):
            day = (start + timedelta(days=ahead)).replace(hour=0, minute=0)
            if not self._has_day(day):
                continue
            for hour in sorted(self._hours):
                for minute in sorted(self._minutes):
                    moment = day.replace(hour=hour, minute=minute)
                    if moment >= start:
                        return moment
        raise TemplateError(f"cron({self._expression}) never comes")

    def _has_day(self, day: datetime) -> bool:
        weekday = day.isoweekday() % 7 + 1
        return (
            day.year in self._years
            and day.month in self._months
            and day.day in self._days
            and weekday in self._weekdays
        )


def _values(field: str, low: int, high: int, names: tuple[str, ...] = ()) -> set[int]:
    values: set[int] = set()
    for part in field.upper().split(","):
        span, _, step = part.partition("/")
        if span in {"*", "?"}:
            first, last = low, high
        elif "-" in span:
            first, last = (_number(end, names, low) for end in span.split("-"))
        else:
            first = _number(span, names, low)
            last = high if step else first
        values.update(range(first, last + 1, int(step or 1)))
    return values


def _number(text: str, names: tuple[str, ...], low: int) -> int:
    if text in names:
        return names.index(text) + low
    if not text.isdigit():
        raise TemplateError(f"{text!r} in a cron expression is not handled")
    return int(text)
