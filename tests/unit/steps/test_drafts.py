"""Drafts: a double click begins one, and of two that change it at once neither is lost."""

from datetime import timedelta
from typing import Any

import pytest

from meterai.domain.drafts.drafts import Draft, DraftDocument, changed, with_document
from meterai.domain.errors import NotFound, Unavailable
from meterai.domain.id_derivation import DraftId
from meterai.steps.begin_draft import begin_draft
from meterai.steps.change_draft import MAX_TRIES, change_draft
from tests.fakes.in_memory_state import Moment
from tests.unit.steps.in_memory_app import InMemoryApp

LETTER = DraftDocument("1" * 64, "surat.pdf", 1_000)
STATEMENT = DraftDocument("2" * 64, "pernyataan.pdf", 2_000)
MINUTE = timedelta(minutes=1)


def begun(app: InMemoryApp, key: str = "key", by: str = "sri") -> Draft:
    return begin_draft(by, key, app.ports, app.now)


def add(app: InMemoryApp, draft: Draft, document: DraftDocument) -> Draft:
    return change_draft(
        draft.account,
        draft.draft_id,
        lambda found: with_document(found, document, app.now),
        app.ports,
    )


def test_a_double_click_begins_one_draft(app: InMemoryApp) -> None:
    first = begun(app)
    app.state.pass_time(MINUTE)
    assert begun(app) == first
    assert list(app.state.drafts.values()) == [first]
    assert first == Draft(first.draft_id, "sri", app.now - MINUTE, app.now - MINUTE)


def test_the_form_that_is_sent_again_finds_the_draft_as_it_is_by_then(app: InMemoryApp) -> None:
    with_letter = add(app, begun(app), LETTER)
    assert begun(app) == with_letter


def test_another_form_and_another_account_begin_others(app: InMemoryApp) -> None:
    drafts = [begun(app), begun(app, "another"), begun(app, by="ani")]
    assert len({draft.draft_id for draft in drafts}) == 3


def test_a_change_is_stored_and_answered(app: InMemoryApp) -> None:
    after = add(app, begun(app), LETTER)
    assert after.documents == (LETTER,)
    assert app.ports.drafts.get("sri", after.draft_id) == after


def test_a_change_that_was_made_already_writes_nothing(app: InMemoryApp) -> None:
    after = add(app, begun(app), LETTER)
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    assert add(app, after, LETTER) == after
    assert calls == ["Drafts.get"]


def test_a_change_whose_answer_is_lost_can_be_sent_again(app: InMemoryApp) -> None:
    draft = begun(app)

    def lose(moment: Moment, call: str) -> None:
        if (moment, call) == ("after", "Drafts.replace"):
            raise Unavailable

    app.state.hook = lose
    with pytest.raises(Unavailable):
        add(app, draft, LETTER)
    app.state.hook = lambda _, __: None
    assert add(app, draft, LETTER).documents == (LETTER,)
    assert app.state.drafts["sri", draft.draft_id].version == 2


def other_tab(app: InMemoryApp, draft: Draft, times: int) -> Any:
    """Another tab stores a change just before this one does, so many times."""
    left = list(range(times))

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Drafts.replace") and left:
            key = "sri", draft.draft_id
            app.state.drafts[key] = changed(
                app.state.drafts[key], app.now, portal=f"portal-{left.pop()}"
            )

    return hook


def test_of_two_tabs_neither_change_is_lost(app: InMemoryApp) -> None:
    draft = begun(app)
    app.state.hook = other_tab(app, draft, MAX_TRIES - 1)
    after = add(app, draft, LETTER)
    assert (after.documents, after.portal) == ((LETTER,), "portal-0")


def test_who_is_always_slower_is_told_to_try_again_later(app: InMemoryApp) -> None:
    draft = begun(app)
    app.state.hook = other_tab(app, draft, MAX_TRIES)
    with pytest.raises(Unavailable):
        add(app, draft, LETTER)


def test_a_draft_of_somebody_else_and_one_that_is_gone_are_not_found(app: InMemoryApp) -> None:
    draft = begun(app)
    for account, draft_id in (("ani", draft.draft_id), ("sri", DraftId("drf_GONE"))):
        with pytest.raises(NotFound):
            change_draft(account, draft_id, lambda found: found, app.ports)
