"""Portals' deadlines: one for each portal; the last report counts."""

from dataclasses import replace
from datetime import timedelta

from meterai.domain.waiting.deadlines import Deadline
from tests.contract.backends import Backend
from tests.contract.factories import MINUTE, NOW

REPORTED = Deadline("sscasn", NOW + timedelta(days=7), honours_receipts=False, reported_at=NOW)


def test_there_is_none_before_the_first_report(backend: Backend) -> None:
    assert list(backend.portal_deadlines.all()) == []


def test_a_report_may_be_repeated(backend: Backend) -> None:
    assert backend.portal_deadlines.put(REPORTED) == REPORTED
    assert backend.portal_deadlines.put(REPORTED) == REPORTED
    assert list(backend.portal_deadlines.all()) == [REPORTED]


def test_each_portal_has_its_own_deadline_even_if_it_is_past(backend: Backend) -> None:
    other = Deadline("lpdp", NOW - MINUTE, honours_receipts=True, reported_at=NOW)
    for one in (REPORTED, other):
        backend.portal_deadlines.put(one)
    found = {one.portal: one for one in backend.portal_deadlines.all()}
    assert found == {"sscasn": REPORTED, "lpdp": other}


def test_a_later_report_wins_in_any_order_of_arrival(backend: Backend) -> None:
    later = replace(
        REPORTED, deadline_at=NOW + MINUTE, honours_receipts=True, reported_at=NOW + MINUTE
    )
    assert backend.portal_deadlines.put(REPORTED) == REPORTED
    assert backend.portal_deadlines.put(later) == later
    assert backend.portal_deadlines.put(REPORTED) == later
    assert list(backend.portal_deadlines.all()) == [later]
    last = replace(
        REPORTED, reported_at=NOW + 2 * MINUTE
    )  # a report that no longer honours receipts
    assert backend.portal_deadlines.put(last) == last


def test_a_removed_deadline_is_not_brought_back_by_an_earlier_report(backend: Backend) -> None:
    removed = replace(REPORTED, deadline_at=None, reported_at=NOW + MINUTE)
    backend.portal_deadlines.put(REPORTED)
    assert backend.portal_deadlines.put(removed) == removed
    assert list(backend.portal_deadlines.all()) == []
    assert backend.portal_deadlines.put(REPORTED) == removed
    assert list(backend.portal_deadlines.all()) == []
