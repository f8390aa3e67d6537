"""Drafts: each change is the next version, and a change that was made already changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from meterai.domain.drafts.draft_errors import DraftOrdered
from meterai.domain.drafts.drafts import (
    DRAFT_LASTS,
    Draft,
    DraftDocument,
    changed,
    draft_ends_at,
    newest_first,
    ordered,
    reopened,
    with_choices,
    with_document,
    without_document,
)
from meterai.domain.errors import NotFound, TooManyDocuments
from meterai.domain.id_derivation import DraftId, OrderId
from meterai.domain.orders.orders import MAX_QUANTITY
from meterai.domain.orders.payments import Method
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
EMPTY = Draft(DraftId("drf_1"), "sri", NOW, NOW)
PLACE = Placement(page=1, x_pt=72.0, y_pt=72.0, side_pt=72.0)
SERIAL = Serial("3TX8BV7ANJY8HJMLT3VVQI")
ORDER = OrderId("ord_1")


def a_document(number: int = 1) -> DraftDocument:
    return DraftDocument(f"{number:064x}", f"surat {number}.pdf", 1_000)


LETTER, STATEMENT = a_document(1), a_document(2)
TWO = with_document(with_document(EMPTY, LETTER, NOW), STATEMENT, NOW)


def test_a_change_is_the_next_version_and_says_when() -> None:
    after = changed(EMPTY, LATER, portal="sscasn")
    assert after == replace(EMPTY, portal="sscasn", changed_at=LATER, version=2)


def test_a_change_to_what_it_is_already_is_no_change() -> None:
    assert changed(EMPTY, LATER, portal=None, method=Method.QRIS) is EMPTY


def test_a_clock_that_is_behind_does_not_turn_the_last_change_back() -> None:
    assert changed(EMPTY, NOW - DRAFT_LASTS, portal="sscasn").changed_at == NOW


def test_a_draft_ends_90_days_after_its_last_change() -> None:
    assert draft_ends_at(changed(EMPTY, LATER, portal="sscasn")) == LATER + timedelta(days=90)


def test_documents_come_in_the_order_of_their_uploads() -> None:
    assert TWO.documents == (LETTER, STATEMENT)
    assert (TWO.document(1), TWO.document(2)) == (LETTER, STATEMENT)


@pytest.mark.parametrize("number", [-1, 0, 3])
def test_a_document_that_is_not_there_is_not_found(number: int) -> None:
    with pytest.raises(NotFound):
        TWO.document(number)


def test_the_same_file_again_keeps_its_place_and_its_name() -> None:
    placed = with_choices(TWO, LETTER.sha256, NOW, placement=PLACE)
    assert with_document(placed, replace(LETTER, name="again.pdf"), LATER) is placed


def test_a_draft_holds_as_many_documents_as_an_order_has_emeterai() -> None:
    full = EMPTY
    for number in range(MAX_QUANTITY):
        full = with_document(full, a_document(number), NOW)
    with pytest.raises(TooManyDocuments) as refusal:
        with_document(full, a_document(MAX_QUANTITY), NOW)
    assert refusal.value.values == {"max_documents": MAX_QUANTITY}
    assert with_document(full, a_document(0), LATER) is full


def test_a_document_is_removed_and_removing_it_again_is_no_change() -> None:
    left = without_document(TWO, LETTER.sha256, LATER)
    assert (left.documents, left.version) == ((STATEMENT,), TWO.version + 1)
    assert without_document(left, LETTER.sha256, LATER) is left


def test_choices_are_those_of_one_document() -> None:
    placed = with_choices(TWO, STATEMENT.sha256, LATER, placement=PLACE, repair=True)
    assert placed.documents == (LETTER, replace(STATEMENT, placement=PLACE, repair=True))
    assert with_choices(placed, STATEMENT.sha256, LATER, placement=PLACE) is placed


def test_choices_for_a_document_that_was_removed_are_not_found() -> None:
    with pytest.raises(NotFound):
        with_choices(TWO, a_document(3).sha256, LATER, placement=PLACE)


def test_it_is_ready_when_every_document_has_its_place() -> None:
    one = with_choices(TWO, LETTER.sha256, NOW, placement=PLACE)
    both = with_choices(one, STATEMENT.sha256, NOW, placement=PLACE)
    assert [draft.is_ready for draft in (EMPTY, TWO, one, both)] == [False, False, False, True]


STAMPINGS = {LETTER.sha256: SERIAL}


def test_an_order_names_its_stampings_and_how_it_is_paid() -> None:
    bought = ordered(TWO, ORDER, 1, LATER, stampings=STAMPINGS, method=Method.VIRTUAL_ACCOUNT)
    assert (bought.order_id, bought.attempt) == (ORDER, 1)
    assert [one.stamping for one in bought.documents] == [SERIAL, None]
    assert bought.method is Method.VIRTUAL_ACCOUNT


def test_a_repeated_order_is_no_change() -> None:
    bought = ordered(TWO, ORDER, 1, LATER, stampings=STAMPINGS)
    assert ordered(bought, ORDER, 1, LATER, stampings=STAMPINGS) is bought


def test_another_attempt_forgets_what_was_requested_for_the_order_before() -> None:
    bought = ordered(TWO, ORDER, 1, NOW, stampings=STAMPINGS)
    again = ordered(bought, OrderId("ord_2"), 2, LATER, stampings={})
    assert (again.order_id, again.attempt) == ("ord_2", 2)
    assert [one.stamping for one in again.documents] == [None, None]


def test_a_click_of_an_earlier_attempt_does_not_bring_its_order_back() -> None:
    bought = ordered(TWO, ORDER, 1, NOW, stampings={})
    again = ordered(bought, OrderId("ord_2"), 2, NOW, stampings={})
    assert ordered(again, ORDER, 1, LATER, stampings=STAMPINGS) is again
    given_up = reopened(bought, ORDER, LATER)
    assert ordered(given_up, ORDER, 1, LATER, stampings=STAMPINGS) is given_up


def test_documents_stay_as_they_were_ordered() -> None:
    bought = ordered(TWO, ORDER, 1, NOW, stampings=STAMPINGS)
    with pytest.raises(DraftOrdered):
        with_document(bought, a_document(3), LATER)
    with pytest.raises(DraftOrdered):
        without_document(bought, LETTER.sha256, LATER)
    with pytest.raises(DraftOrdered):
        with_choices(bought, LETTER.sha256, LATER, placement=PLACE)
    assert with_document(bought, LETTER, LATER) is bought


def test_what_was_given_up_can_be_changed_and_is_its_next_attempt() -> None:
    bought = ordered(TWO, ORDER, 1, NOW, stampings=STAMPINGS)
    given_up = reopened(bought, ORDER, LATER)
    assert (given_up.order_id, given_up.attempt) == (None, 1)
    assert [one.stamping for one in given_up.documents] == [None, None]
    assert reopened(given_up, ORDER, LATER) is given_up
    assert without_document(given_up, LETTER.sha256, LATER).documents == (STATEMENT,)


def test_those_changed_last_come_first() -> None:
    older = replace(EMPTY, draft_id=DraftId("drf_0"), changed_at=NOW - timedelta(days=1))
    other = replace(EMPTY, draft_id=DraftId("drf_2"))
    assert newest_first([older, EMPTY, other], 3) == (other, EMPTY, older)
    assert newest_first([older, EMPTY, other], 2) == (other, EMPTY)
