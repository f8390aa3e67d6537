"""A day's reconciliation report: which days are due, how far it is, what is still open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from meterai.domain.days import beginning_of, day_of, end_of
from meterai.domain.reconciliation.day_reports import (
    MAX_LIST,
    READY_AFTER,
    Compared,
    begun,
    days_to_check,
    is_begun_late,
    last_ready_day,
)
from meterai.domain.reconciliation.discrepancies import REMEDIES, Discrepancy, Kind, Resolver
from meterai.domain.reconciliation.performance import Performance, PublicDay
from meterai.pages.reconciliation_report import report_page

DAY = date(2026, 11, 23)
NOW = end_of(DAY) + READY_AFTER
TEN_MINUTES = timedelta(minutes=10)


def difference(kind: Kind, order_id: str = "ord_A") -> Discrepancy:
    return Discrepancy(kind, order_id, "midtrans#tx-1", None, "settled, Rp24000", "<nothing>")


def test_a_day_is_from_midnight_to_midnight_in_wib() -> None:
    assert beginning_of(DAY) == datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert end_of(DAY) - beginning_of(DAY) == timedelta(days=1)
    assert day_of(beginning_of(DAY)) == DAY
    assert day_of(end_of(DAY) - timedelta(microseconds=1)) == DAY
    assert day_of(end_of(DAY)) == DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "look"),
    [
        (timedelta(hours=3) - timedelta(microseconds=1), None),
        (timedelta(hours=3), 1),
        (timedelta(hours=27) - timedelta(microseconds=1), 1),
        (timedelta(hours=27), 2),
        (timedelta(days=6, hours=23), 2),
        (timedelta(days=7), None),
    ],
)
def test_which_run_a_day_is_due_for(since: timedelta, look: int | None) -> None:
    assert dict(days_to_check(end_of(DAY) + since)).get(DAY) == look


def test_the_oldest_day_comes_first_and_none_is_begun_after_its_second_run() -> None:
    days = [day for day, _ in days_to_check(NOW)]
    assert days == sorted(days)
    assert len(days) == 7
    begun_now = [day for day in days if not is_begun_late(day, NOW)]
    assert begun_now == [DAY - timedelta(days=1), DAY]


def test_a_day_is_compared_window_by_window_and_no_window_passes_its_end() -> None:
    report, windows = begun(DAY, 1, NOW), 0
    while not report.is_finished:
        begins, ends = report.window(TEN_MINUTES)
        assert begins == report.done_until
        report = report.with_window(ends, Compared(rows=1), (), NOW)
        windows += 1
    assert (windows, report.compared.rows, report.done_until) == (144, 144, end_of(DAY))
    odd = begun(DAY, 1, NOW).with_window(end_of(DAY) - timedelta(minutes=1), Compared(), (), NOW)
    assert odd.window(TEN_MINUTES)[1] == end_of(DAY)


def test_counts_are_added_up_and_the_report_has_its_time() -> None:
    report = begun(DAY, 1, NOW)
    assert (report.done_until, report.written_at) == (beginning_of(DAY), NOW)
    later, until = NOW + TEN_MINUTES, end_of(DAY)
    report = report.with_window(until, Compared(1, 2, 3, 4, 5, 6), (), NOW)
    report = report.with_window(until, Compared(10, 20, 30, 40, 50, 60), (), later)
    assert report.compared == Compared(11, 22, 33, 44, 55, 66)
    assert report.written_at == later


def test_all_differences_are_counted_and_a_limited_number_is_listed() -> None:
    many = tuple(difference(Kind.NOT_OURS, f"ord_{n}") for n in range(MAX_LIST + 5))
    report = begun(DAY, 1, NOW).with_window(end_of(DAY), Compared(), many, NOW)
    assert report.counts == {Kind.NOT_OURS: MAX_LIST + 5}
    assert len(report.differences) == MAX_LIST
    assert "5 more are counted" in report_page(report)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_remedy_and_is_open_when_it_should_be(kind: Kind) -> None:
    one, remedy = difference(kind), REMEDIES[kind]
    assert len(remedy.says) > 40
    assert one.is_open(is_last_check=False) == (remedy.by is Resolver.A_PERSON)
    assert one.is_open(is_last_check=True) == (remedy.by is not Resolver.ITSELF)


def test_the_page_names_each_difference_its_remedy_and_who_resolves_it() -> None:
    report = begun(DAY, 2, NOW).with_window(
        end_of(DAY),
        Compared(1_234, 1, 1, 2, 24_000, 12_000),
        (difference(Kind.UNKNOWN_PAYMENT), difference(Kind.SETTLED_LATER)),
        NOW,
    )
    page = report_page(report)
    for said in (
        "Reconciliation of 2026-11-23",
        "the second, a day later",
        "1,234",
        "Rp24,000",
        "1 of unknown payment",
        "1 of settled later",
        REMEDIES[Kind.UNKNOWN_PAYMENT].says.split("&")[0][:40],
        "It is still unresolved: an operator has to act now",
        "midtrans#tx-1",
        "&lt;nothing&gt;",
    ):
        assert said in page, said
    assert "<nothing>" not in page


def test_the_page_of_an_unfinished_day_says_how_far_it_is_and_what_is_missing() -> None:
    report = begun(DAY, 1, NOW).with_window(
        beginning_of(DAY) + timedelta(hours=7), Compared(), (), NOW
    )
    assert "Compared until 2026-11-23 07:00 WIB" in report_page(report)
    assert "statement of midtrans is missing" in report_page(replace(report, missing=("midtrans",)))


def test_a_days_figures_may_be_expected_three_hours_after_its_end() -> None:
    assert last_ready_day(NOW) == DAY
    assert last_ready_day(NOW - timedelta(microseconds=1)) == DAY - timedelta(days=1)


def test_a_day_is_public_once_all_of_it_is_compared() -> None:
    report = begun(DAY, 1, NOW)
    noon = beginning_of(DAY) + timedelta(hours=12)
    half = report.with_window(noon, Compared(), (), NOW, Performance(paid=2))
    assert half.public_day is None
    told = (difference(Kind.NOT_OURS),)
    whole = half.with_window(end_of(DAY), Compared(), told, NOW, Performance(paid=3))
    assert whole.public_day == PublicDay(DAY, 1, NOW, Performance(paid=5), differences=1)


def test_a_day_that_was_begun_before_it_was_counted_is_never_public() -> None:
    old = replace(begun(DAY, 1, NOW), performance=None)
    whole = old.with_window(end_of(DAY), Compared(), (), NOW, Performance(paid=3))
    assert (whole.performance, whole.public_day) == (None, None)
