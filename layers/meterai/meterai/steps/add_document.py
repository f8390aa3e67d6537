"""Add to a draft a document that was uploaded under its hash, as a page's script does."""

from datetime import datetime
from typing import Protocol

from meterai.domain.drafts.drafts import Draft, DraftDocument, with_document
from meterai.domain.drafts.file_names import shown_name
from meterai.domain.id_derivation import DraftId
from meterai.ports import Documents
from meterai.ports.drafts import Drafts
from meterai.steps.change_draft import change_draft


class AddDocumentPorts(Protocol):
    @property
    def documents(self) -> Documents: ...
    @property
    def drafts(self) -> Drafts: ...


def add_document(
    account: str,
    draft_id: DraftId,
    sha256: str,
    name: str,
    ports: AddDocumentPorts,
    now: datetime,
) -> Draft:
    """The draft with the document. `sha256` is 64 hex digits, `name` the file's own. May be
    repeated. Raises NotFound, DocumentMissing, TooManyDocuments."""
    # 1. It is there; its storage has checked its hash and its size.
    size_bytes = ports.documents.size_of(account, sha256)
    # 2. Listed in the draft.
    document = DraftDocument(sha256, shown_name(name), size_bytes)
    return change_draft(account, draft_id, lambda draft: with_document(draft, document, now), ports)
