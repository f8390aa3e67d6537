"""Drafts with documents, for tests of the pages on which they are prepared."""

from dataclasses import replace
from typing import Any

from meterai.domain.drafts.drafts import Draft, DraftDocument
from meterai.domain.id_derivation import DraftId
from meterai.domain.stamping.placement import Placement
from tests.unit.pages.browser import ACCOUNT, Browser

ID = DraftId("drf_satu")
DRAFT = f"/saya/pengajuan/{ID}"
LETTER = b"%PDF-1.7 surat"
PLACE = Placement(2, 100, 100, 72)


def begun(browser: Browser, *documents: DraftDocument, **values: Any) -> str:
    """The draft's address."""
    state = browser.app.state
    draft = Draft(ID, ACCOUNT, state.now, state.now, documents, **values)
    state.drafts[ACCOUNT, ID] = draft
    return DRAFT


def uploaded(
    browser: Browser, content: bytes = LETTER, name: str = "surat.pdf", **choices: Any
) -> DraftDocument:
    sha256 = browser.app.ports.documents.upload(ACCOUNT, content)
    return replace(DraftDocument(sha256, name, len(content)), **choices)


def stored(browser: Browser) -> Draft:
    return browser.app.state.drafts[ACCOUNT, ID]


def only_document(browser: Browser) -> DraftDocument:
    [one] = stored(browser).documents
    return one
