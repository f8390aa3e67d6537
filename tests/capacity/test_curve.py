"""The curves fit what is known of 2024; the hours between are inferred."""

from datetime import datetime

import pytest

from tests.capacity.curve import (
    HOUR_S,
    OPENED,
    STAMPS_A_PERSON,
    WIB,
    Curve,
    last_hours,
    people_of_a_day,
    weeks,
)


def _people_by(curve: Curve, when: datetime) -> float:
    until_s = (when - OPENED).total_seconds()
    ends = [min(end, until_s) for end in curve.starts_s[1:]]
    spans = zip(curve.starts_s, ends, curve.people_per_s, strict=False)
    return sum(max(0.0, end - start) * rate for start, end, rate in spans)


@pytest.mark.parametrize(
    ("when", "submitted"),
    [
        (datetime(2024, 9, 4, 12, tzinfo=WIB), 952_581),
        (datetime(2024, 9, 6, 20, tzinfo=WIB), 1_535_206),
        (datetime(2024, 9, 11, tzinfo=WIB), 3_570_000),
    ],
)
def test_the_weeks_pass_through_the_published_counts(when: datetime, submitted: int) -> None:
    assert _people_by(weeks(), when) == pytest.approx(submitted, rel=0.03)


@pytest.mark.parametrize("day", [17, 18])
def test_more_than_a_million_stampings_came_on_6_and_on_7_september(day: int) -> None:
    assert STAMPS_A_PERSON * people_of_a_day(weeks(), day) > 1_000_000


def test_the_busiest_hour_and_minute_are_those_of_the_target() -> None:
    assert STAMPS_A_PERSON * weeks().peak_hour_per_s == pytest.approx(30, rel=0.05)
    assert STAMPS_A_PERSON * weeks().peak_per_s == pytest.approx(90, rel=0.05)


def test_without_the_extension_a_quarter_comes_in_the_last_hour() -> None:
    curve = last_hours()
    assert STAMPS_A_PERSON * curve.peak_hour_per_s == pytest.approx(242, rel=0.01)
    assert STAMPS_A_PERSON * curve.peak_per_s == pytest.approx(727, rel=0.01)
    assert curve.people == pytest.approx(1_744_000)
    assert curve.deadline_s == 8 * HOUR_S
