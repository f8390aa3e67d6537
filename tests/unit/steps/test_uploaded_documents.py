"""Uploads become documents of a draft: by form without script, and under their hash with one."""

from hashlib import sha256

import pytest

from meterai.domain.drafts.drafts import Draft, DraftDocument
from meterai.domain.errors import (
    DocumentMissing,
    DocumentTooLarge,
    NotAPdf,
    NotFound,
    TooManyDocuments,
    Unavailable,
)
from meterai.domain.id_derivation import DraftId
from meterai.domain.orders.orders import MAX_QUANTITY
from meterai.steps.add_document import add_document
from meterai.steps.adopt_upload import adopt_upload
from meterai.steps.begin_draft import begin_draft
from tests.fakes.in_memory_state import Moment
from tests.unit.steps.in_memory_app import BUYER, LETTER, InMemoryApp

HASH = sha256(LETTER).hexdigest()
LISTED = DraftDocument(HASH, "surat.pdf", len(LETTER))


@pytest.fixture
def draft(app: InMemoryApp) -> Draft:
    app.state.documents.clear()
    return begin_draft(BUYER, "key", app.ports, app.now)


def send(app: InMemoryApp, draft: Draft, content: bytes, name: str = "surat.pdf") -> str:
    """The key that the browser brings back."""
    documents = app.ports.documents
    form = documents.create_browser_upload(BUYER, draft.draft_id, "https://meterai.example/x")
    documents.send(form, name, content)
    return form.fields["key"]


def adopt(app: InMemoryApp, draft: Draft, key: str, by: str = BUYER) -> Draft:
    return adopt_upload(by, draft.draft_id, key, app.ports, app.now)


def test_what_was_sent_is_a_document_of_the_draft(app: InMemoryApp, draft: Draft) -> None:
    after = adopt(app, draft, send(app, draft, LETTER))
    assert after.documents == (LISTED,)
    assert app.ports.drafts.get(BUYER, draft.draft_id) == after
    assert app.ports.documents.get(BUYER, HASH) == LETTER


def test_the_page_may_be_loaded_again_and_the_file_be_sent_again(
    app: InMemoryApp, draft: Draft
) -> None:
    key = send(app, draft, LETTER)
    first = adopt(app, draft, key)
    assert adopt(app, draft, key) == first
    assert adopt(app, draft, send(app, draft, LETTER, "again.pdf")) == first


@pytest.mark.parametrize("call", ["Documents.keep_upload", "Drafts.replace"])
@pytest.mark.parametrize("at", ["before", "after"])
def test_cut_off_anywhere_it_is_done_by_the_next_load(
    app: InMemoryApp, draft: Draft, call: str, at: Moment
) -> None:
    key = send(app, draft, LETTER)

    def cut_off(moment: Moment, name: str) -> None:
        if (moment, name) == (at, call):
            raise Unavailable

    app.state.hook = cut_off
    with pytest.raises(Unavailable):
        adopt(app, draft, key)
    app.state.hook = lambda _, __: None
    assert adopt(app, draft, key).documents == (LISTED,)


def test_a_name_is_shown_without_what_would_deceive(app: InMemoryApp, draft: Draft) -> None:
    after = adopt(app, draft, send(app, draft, LETTER, "/x/surat\u202efdp.exe" + "e" * 200))
    (document,) = after.documents
    assert document.name.startswith("suratfdp.exeee")
    assert len(document.name) == 120


def test_a_file_above_the_limit_is_refused_before_it_is_read(
    app: InMemoryApp, draft: Draft
) -> None:
    app.ports.max_document_bytes = len(LETTER) - 1
    key = send(app, draft, LETTER)
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    with pytest.raises(DocumentTooLarge) as refusal:
        adopt(app, draft, key)
    assert refusal.value.values == {"size_bytes": len(LETTER), "limit_bytes": len(LETTER) - 1}
    assert calls == ["Documents.find_upload"]


def letter_of_photo(photo: bytes) -> bytes | None:
    return LETTER if photo == b"a photo" else None


def test_a_photo_becomes_a_page_of_the_draft(app: InMemoryApp, draft: Draft) -> None:
    key = send(app, draft, b"a photo", "IMG_2041.jpg")
    app.ports.photo_page = letter_of_photo
    for _ in range(2):
        listed = adopt(app, draft, key).documents
        assert listed == (DraftDocument(HASH, "IMG_2041.pdf", len(LETTER)),)
    assert app.ports.documents.get(BUYER, HASH) == LETTER


def test_a_page_that_is_larger_than_its_photo_is_measured_too(
    app: InMemoryApp, draft: Draft
) -> None:
    app.ports.photo_page = letter_of_photo
    app.ports.max_document_bytes = len(LETTER) - 1
    with pytest.raises(DocumentTooLarge):
        adopt(app, draft, send(app, draft, b"a photo"))


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 of a word processor", b" " * 1_020 + b"%PDF-"]
)
def test_what_is_no_pdf_is_refused_and_not_kept(
    app: InMemoryApp, draft: Draft, content: bytes
) -> None:
    with pytest.raises(NotAPdf):
        adopt(app, draft, send(app, draft, content))
    assert app.state.documents == {}
    assert app.ports.drafts.get(BUYER, draft.draft_id) == draft


def test_the_upload_of_another_account_or_draft_is_not_found(
    app: InMemoryApp, draft: Draft
) -> None:
    key = send(app, draft, LETTER)
    other = begin_draft(BUYER, "other", app.ports, app.now)
    for who, where, what in (("ani", draft, key), (BUYER, other, key), (BUYER, draft, "nothing")):
        with pytest.raises(NotFound):
            adopt(app, where, what, by=who)


def test_a_draft_that_is_full_refuses_another_document(app: InMemoryApp, draft: Draft) -> None:
    for number in range(MAX_QUANTITY):
        adopt(app, draft, send(app, draft, LETTER + bytes([number])))
    with pytest.raises(TooManyDocuments):
        adopt(app, draft, send(app, draft, LETTER))


def test_a_document_that_a_script_uploaded_is_listed_once(app: InMemoryApp, draft: Draft) -> None:
    app.ports.documents.upload(BUYER, LETTER)
    for _ in range(2):
        after = add_document(BUYER, draft.draft_id, HASH, "C:\\x\\surat.pdf", app.ports, app.now)
        assert after.documents == (LISTED,)


def test_a_document_that_was_not_uploaded_is_not_listed(app: InMemoryApp, draft: Draft) -> None:
    app.ports.documents.upload("ani", LETTER)
    with pytest.raises(DocumentMissing):
        add_document(BUYER, draft.draft_id, HASH, "surat.pdf", app.ports, app.now)


def test_a_document_is_not_listed_in_a_draft_that_is_gone(app: InMemoryApp) -> None:
    app.ports.documents.upload(BUYER, LETTER)
    with pytest.raises(NotFound):
        add_document(BUYER, DraftId("drf_GONE"), HASH, "surat.pdf", app.ports, app.now)
