"""When people arrive: the registration of 2024, and the targets.

Published by the agencies and the press: how many had submitted at some moments, and that more than
a million stampings were made on each of 6 and 7 September. **The hours between are inferred**: no
hourly curve was published. The shapes here fit what is published, and the peaks that the targets
assume: an hour of 2.5 times the day's mean, and a minute of three times the hour's.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import pairwise

INFERRED = (
    "The hourly arrival curve is inferred. Published are daily counts, and how many had submitted "
    "at a few moments; hours and minutes follow a shape that fits them."
)
WIB = timezone(timedelta(hours=7))
HOUR_S = 3_600
DAY_S = 86_400
STAMPS_A_PERSON = 2  # the application and the statement; some needed three

OPENED = datetime(2024, 8, 20, tzinfo=WIB)
# Submitted by then. The counts of 4 September (noon is our guess) and of the end are published.
# Those of the two midnights between are inferred from the count of 6 September, 20:00 (1,535,206),
# and from 1.05 million stampings on that day and as many on the next.
SUBMITTED = (
    (OPENED, 0),
    (datetime(2024, 9, 4, 12, tzinfo=WIB), 952_581),
    (datetime(2024, 9, 6, tzinfo=WIB), 1_115_000),
    (datetime(2024, 9, 8, tzinfo=WIB), 2_165_000),
    (datetime(2024, 9, 11, tzinfo=WIB), 3_570_000),
)
NOT_SUBMITTED = 1_744_000  # of 3,279,427 registered, when the deadline of 6 September was moved

# A day, hour by hour (WIB), in means: a dip at night, working hours, and 2.5 at 20:00.
# fmt: off
DAY = (
    0.45, 0.25, 0.15, 0.12, 0.15, 0.30, 0.50, 0.75, 1.05, 1.30, 1.45, 1.30,
    1.15, 1.25, 1.35, 1.25, 1.20, 1.10, 1.30, 1.95, 2.50, 1.45, 1.00, 0.73,
)
# fmt: on
# Before a fixed deadline: the share of those still missing in each of the last eight hours.
LAST_HOURS = (0.04, 0.05, 0.07, 0.10, 0.13, 0.16, 0.20, 0.25)
PEAK_MINUTE = 3.0  # times the hour's mean, in the middle of the hour


@dataclass(frozen=True, slots=True)
class Curve:
    """People a second, constant between its `starts_s`, the last of which is the end."""

    name: str
    starts_s: tuple[float, ...]
    people_per_s: tuple[float, ...]
    deadline_s: float | None = None

    def at(self, now_s: float) -> float:
        place = bisect_right(self.starts_s, now_s) - 1
        return self.people_per_s[place] if 0 <= place < len(self.people_per_s) else 0.0

    @property
    def ends_s(self) -> float:
        return self.starts_s[-1]

    @property
    def people(self) -> float:
        spans = zip(self.starts_s, self.starts_s[1:], self.people_per_s, strict=False)
        return sum((end - start) * rate for start, end, rate in spans)

    @property
    def peak_per_s(self) -> float:
        return max(self.people_per_s)

    @property
    def peak_hour_per_s(self) -> float:
        """Mean of the busiest hour that begins where the rate changes."""
        return max(self._mean(start) for start in self.starts_s[:-1])

    def _mean(self, start_s: float) -> float:
        edges = [edge for edge in self.starts_s if start_s <= edge < start_s + HOUR_S]
        ends = [*edges[1:], min(start_s + HOUR_S, self.ends_s)]
        people = sum(self.at(a) * (b - a) for a, b in zip(edges, ends, strict=True))
        return people / HOUR_S


def weeks() -> Curve:
    """20 August to 10 September 2024, as if the service had never been down."""
    hours = []
    for (start, before), (end, after) in pairwise(SUBMITTED):
        count = round((end - start) / timedelta(hours=1))
        # Until 4 September it grows by a fifth each day; later it is steady, as the daily counts.
        growth = 1.2 if start == OPENED else 1.0
        weights = [
            growth ** (hour / 24) * DAY[(start + timedelta(hours=hour)).hour]
            for hour in range(count)
        ]
        hours += [(after - before) * weight / sum(weights) / HOUR_S for weight in weights]
    return _with_peak_minutes("20 August to 10 September 2024", hours)


def last_hours() -> Curve:
    """6 September 2024 from 16:00, if the deadline had stayed at midnight. All inferred."""
    hours = [NOT_SUBMITTED * share / HOUR_S for share in LAST_HOURS]
    return _with_peak_minutes(
        "the last hours without the extension", hours, deadline_s=len(hours) * HOUR_S
    )


def hour_and_minute(name: str, stamps_per_s: float, peak_stamps_per_s: float) -> Curve:
    """A target: an hour at one rate, with one minute at another in its middle."""
    rate, peak = stamps_per_s / STAMPS_A_PERSON, peak_stamps_per_s / STAMPS_A_PERSON
    return Curve(name, (0, 1_800, 1_860, HOUR_S), (rate, peak, rate))


def flood(name: str, stamps_per_s: float, for_s: float) -> Curve:
    """Far more than the system can serve, from the first second."""
    return Curve(name, (0, for_s), (stamps_per_s / STAMPS_A_PERSON,))


def _with_peak_minutes(name: str, hours: list[float], deadline_s: float | None = None) -> Curve:
    """Each hour with one minute of three times the mean, and the rest evenly lower."""
    rest = (60 - PEAK_MINUTE) / 59
    starts: list[float] = []
    rates: list[float] = []
    for number, rate in enumerate(hours):
        start = number * HOUR_S
        starts += [start, start + 1_800, start + 1_860]
        rates += [rate * rest, rate * PEAK_MINUTE, rate * rest]
    return Curve(name, (*starts, len(hours) * HOUR_S), tuple(rates), deadline_s)


def people_of_a_day(curve: Curve, day: int) -> float:
    """People on the day that begins `day` days after the curve."""
    edges = [edge for edge in curve.starts_s if day * DAY_S <= edge <= (day + 1) * DAY_S]
    spans = pairwise(edges)
    return math.fsum((end - start) * curve.at(start) for start, end in spans)
