"""Portals' deadlines: one a portal, and the last that was told counts."""

from dataclasses import replace
from datetime import timedelta

from meterai.domain.waiting.deadlines import Deadline
from tests.contract.backends import Backend
from tests.contract.factories import MINUTE, NOW

TOLD = Deadline("sscasn", NOW + timedelta(days=7), honours_receipts=False, told_at=NOW)


def test_before_any_was_told_there_is_none(backend: Backend) -> None:
    assert list(backend.portal_deadlines.all()) == []


def test_what_was_told_stands_however_often_it_is_told(backend: Backend) -> None:
    assert backend.portal_deadlines.put(TOLD) == TOLD
    assert backend.portal_deadlines.put(TOLD) == TOLD
    assert list(backend.portal_deadlines.all()) == [TOLD]


def test_each_portal_has_its_own_be_it_past(backend: Backend) -> None:
    other = Deadline("lpdp", NOW - MINUTE, honours_receipts=True, told_at=NOW)
    for one in (TOLD, other):
        backend.portal_deadlines.put(one)
    found = {one.portal: one for one in backend.portal_deadlines.all()}
    assert found == {"sscasn": TOLD, "lpdp": other}


def test_a_later_telling_wins_in_whatever_order_they_come(backend: Backend) -> None:
    later = replace(TOLD, deadline_at=NOW + MINUTE, honours_receipts=True, told_at=NOW + MINUTE)
    assert backend.portal_deadlines.put(TOLD) == TOLD
    assert backend.portal_deadlines.put(later) == later
    assert backend.portal_deadlines.put(TOLD) == later
    assert list(backend.portal_deadlines.all()) == [later]
    last = replace(TOLD, told_at=NOW + 2 * MINUTE)  # which honours no receipts any more
    assert backend.portal_deadlines.put(last) == last


def test_one_that_was_removed_is_not_brought_back_by_an_earlier_telling(backend: Backend) -> None:
    removed = replace(TOLD, deadline_at=None, told_at=NOW + MINUTE)
    backend.portal_deadlines.put(TOLD)
    assert backend.portal_deadlines.put(removed) == removed
    assert list(backend.portal_deadlines.all()) == []
    assert backend.portal_deadlines.put(TOLD) == removed
    assert list(backend.portal_deadlines.all()) == []
