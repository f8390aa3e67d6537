"""Adopt an upload: what a browser without script sent becomes a document of its draft."""

from datetime import datetime
from hashlib import sha256
from typing import Protocol

from meterai.domain.drafts.drafts import Draft, DraftDocument, with_document
from meterai.domain.drafts.file_names import shown_name
from meterai.domain.errors import DocumentTooLarge, NotAPdf, NotFound
from meterai.domain.id_derivation import DraftId
from meterai.domain.stamping.pdf_header import pdf_header_at
from meterai.ports import Documents
from meterai.ports.drafts import Drafts
from meterai.steps.change_draft import change_draft


class AdoptUploadPorts(Protocol):
    @property
    def documents(self) -> Documents: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def max_document_bytes(self) -> int: ...


def adopt_upload(
    account: str, draft_id: DraftId, key: str, ports: AdoptUploadPorts, now: datetime
) -> Draft:
    """The draft with the document. `key` comes from the browser's address. May be repeated.

    Raises NotFound, DocumentTooLarge, NotAPdf, TooManyDocuments.
    """
    # 1. What was sent with a form of this draft, of any size.
    upload = ports.documents.find_upload(account, draft_id, key)
    if upload is None:
        raise NotFound
    size_bytes, limit_bytes = upload.size_bytes, ports.max_document_bytes
    if size_bytes > limit_bytes:
        raise DocumentTooLarge(size_bytes=size_bytes, limit_bytes=limit_bytes)
    # 2. Its hash, which names it from now on. A photo or a text is refused at once.
    content = ports.documents.read_upload(upload)
    if pdf_header_at(content) is None:
        raise NotAPdf(size_bytes=size_bytes)
    document = DraftDocument(sha256(content).hexdigest(), shown_name(upload.name), size_bytes)
    # 3. Kept under that name, like every upload, then listed in the draft.
    ports.documents.keep_upload(account, upload, document.sha256)
    return change_draft(account, draft_id, lambda draft: with_document(draft, document, now), ports)
