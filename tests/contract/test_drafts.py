"""Drafts: begun once, changed only as they were read, and seen by their owner alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from meterai.aws.drafts.drafts import MAX_READ
from meterai.domain.drafts.drafts import (
    DRAFT_LASTS,
    Draft,
    DraftDocument,
    changed,
    ordered,
    reopened,
    with_choices,
    with_document,
    without_document,
)
from meterai.domain.id_derivation import DraftId, RequestIdentity
from meterai.domain.orders.payments import Method
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.stampings import DocumentKind
from tests.contract.backends import AwsBackend, Backend
from tests.contract.factories import (
    ACCOUNT,
    DOCUMENT,
    IDENTITIES,
    MINUTE,
    NOW,
    a_stamping,
    an_order,
)

LETTER = DraftDocument(DOCUMENT, "surat lamaran أحمد <b>.pdf", 800_000)
STATEMENT = DraftDocument("0" * 64, "pernyataan.pdf", 1)
PLACE = Placement(page=-1, x_pt=72.5, y_pt=595.276, side_pt=200.0 / 3)


def a_draft(name: str = "draft", **changes: Any) -> Draft:
    draft_id = IDENTITIES.draft_id(RequestIdentity("drafts", ACCOUNT, name))
    return replace(Draft(draft_id, ACCOUNT, created_at=NOW, changed_at=NOW), **changes)


def filled(draft: Draft) -> Draft:
    """Every field has another value than at first."""
    (stamping,) = a_stamping(an_order(), 0)
    draft = with_document(with_document(draft, LETTER, NOW), STATEMENT, NOW + MINUTE)
    draft = changed(draft, NOW + MINUTE, portal="sscasn", method=Method.VIRTUAL_ACCOUNT)
    draft = with_choices(
        draft,
        LETTER.sha256,
        NOW + 2 * MINUTE,
        placement=PLACE,
        repair=True,
        allow_overlap=True,
        kind=DocumentKind.RECEIPT,
    )
    stampings = {LETTER.sha256: stamping.serial}
    return ordered(draft, an_order().order_id, 2, NOW + 3 * MINUTE, stampings=stampings)


@pytest.mark.parametrize("draft", [a_draft(), filled(a_draft())], ids=["new", "filled"])
def test_a_draft_is_read_as_it_was_stored(backend: Backend, draft: Draft) -> None:
    assert backend.drafts.put_new(draft) == draft
    assert backend.drafts.get(ACCOUNT, draft.draft_id) == draft


def test_a_draft_that_is_begun_again_is_answered_as_it_is_by_then(backend: Backend) -> None:
    draft, later = a_draft(), filled(a_draft())
    backend.drafts.put_new(draft)
    assert backend.drafts.replace(draft, later)
    assert backend.drafts.put_new(a_draft(created_at=NOW + MINUTE)) == later
    assert backend.drafts.get(ACCOUNT, draft.draft_id) == later


def test_a_draft_that_was_changed_meanwhile_stays_as_it_is(backend: Backend) -> None:
    draft = a_draft()
    backend.drafts.put_new(draft)
    mine = with_document(draft, LETTER, NOW)
    others = with_document(draft, STATEMENT, NOW)
    assert backend.drafts.replace(draft, others)
    assert not backend.drafts.replace(draft, mine)
    assert backend.drafts.get(ACCOUNT, draft.draft_id) == others


def test_a_draft_that_is_gone_is_not_brought_back_by_a_change(backend: Backend) -> None:
    draft = a_draft()
    assert not backend.drafts.replace(draft, filled(draft))
    assert backend.drafts.get(ACCOUNT, draft.draft_id) is None


def test_what_is_taken_out_of_a_draft_is_gone(backend: Backend) -> None:
    full = filled(a_draft())
    backend.drafts.put_new(full)
    opened = reopened(full, an_order().order_id, NOW)
    empty = without_document(without_document(opened, DOCUMENT, NOW), STATEMENT.sha256, NOW)
    bare = changed(empty, NOW, portal=None)
    assert backend.drafts.replace(full, bare)
    assert backend.drafts.get(ACCOUNT, full.draft_id) == bare


def test_the_draft_of_another_account_is_not_there(backend: Backend) -> None:
    draft = backend.drafts.put_new(a_draft())
    assert backend.drafts.get("somebody else", draft.draft_id) is None
    assert list(backend.drafts.of_account("somebody else", 10)) == []
    theirs = replace(draft, account="somebody else")
    assert not backend.drafts.replace(theirs, filled(theirs))
    assert backend.drafts.put_new(theirs) == theirs
    assert backend.drafts.get(ACCOUNT, draft.draft_id) == draft


def test_an_account_sees_its_own_drafts_and_those_changed_last_first(backend: Backend) -> None:
    drafts = [a_draft(str(age), changed_at=NOW - age * MINUTE) for age in (2, 0, 3, 1)]
    for draft in drafts:
        backend.drafts.put_new(draft)
    newest = sorted(drafts, key=lambda draft: draft.changed_at, reverse=True)
    assert list(backend.drafts.of_account(ACCOUNT, 10)) == newest
    assert list(backend.drafts.of_account(ACCOUNT, 2)) == newest[:2]


def test_the_table_deletes_a_draft_90_days_after_its_last_change(moto_backend: AwsBackend) -> None:
    backend, draft = moto_backend, a_draft()
    backend.drafts.put_new(draft)
    later = with_document(draft, LETTER, NOW + timedelta(days=89))
    assert backend.drafts.replace(draft, later)
    (item,) = backend.clients.dynamodb.scan(TableName=backend.tables.drafts)["Items"]
    ends_at = NOW + timedelta(days=89) + DRAFT_LASTS
    assert item["expires_at"] == {"N": str(int(ends_at.timestamp()))}


def test_nothing_in_an_item_names_its_account(moto_backend: AwsBackend) -> None:
    moto_backend.drafts.put_new(filled(a_draft()))
    items = moto_backend.clients.dynamodb.scan(TableName=moto_backend.tables.drafts)["Items"]
    assert ACCOUNT not in str(items)


def test_at_most_a_hundred_drafts_of_an_account_are_read(moto_backend: AwsBackend) -> None:
    for number in range(MAX_READ + 1):
        moto_backend.drafts.put_new(a_draft(draft_id=DraftId(f"drf_{number}")))
    assert len(moto_backend.drafts.of_account(ACCOUNT, 1_000)) == MAX_READ
