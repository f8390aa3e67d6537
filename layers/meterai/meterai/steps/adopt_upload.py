"""Adopt an upload: what a browser without script sent becomes a document of its draft."""

from datetime import datetime
from hashlib import sha256
from typing import Protocol

from meterai.domain.drafts.drafts import Draft, DraftDocument, with_document
from meterai.domain.drafts.file_names import page_name, shown_name
from meterai.domain.errors import DocumentTooLarge, NotAPdf, NotFound
from meterai.domain.id_derivation import DraftId
from meterai.domain.stamping.pdf_header import pdf_header_at
from meterai.ports import Documents, PhotoPage
from meterai.ports.drafts import Drafts
from meterai.steps.change_draft import change_draft


class AdoptUploadPorts(Protocol):
    @property
    def documents(self) -> Documents: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def photo_page(self) -> PhotoPage: ...
    @property
    def max_document_bytes(self) -> int: ...


def adopt_upload(
    account: str, draft_id: DraftId, key: str, ports: AdoptUploadPorts, now: datetime
) -> Draft:
    """The draft with the document. `key` comes from the browser's address. May be repeated.

    Raises NotFound, DocumentTooLarge, NotAPdf, TooManyDocuments.
    """

    def check(size_bytes: int) -> None:
        limit_bytes = ports.max_document_bytes
        if size_bytes > limit_bytes:
            raise DocumentTooLarge(size_bytes=size_bytes, limit_bytes=limit_bytes)

    # 1. What was sent with a form of this draft, of any size.
    upload = ports.documents.find_upload(account, draft_id, key)
    if upload is None:
        raise NotFound
    check(upload.size_bytes)
    content = ports.documents.read_upload(upload)
    # 2. A PDF is kept under its hash, like every upload; so is a page with the photo that was sent.
    if pdf_header_at(content) is not None:
        document = DraftDocument(
            sha256(content).hexdigest(), shown_name(upload.name), upload.size_bytes
        )
        ports.documents.keep_upload(account, upload, document.sha256)
    else:
        page = ports.photo_page(content)
        if page is None:
            raise NotAPdf(size_bytes=upload.size_bytes)
        check(len(page))
        stored = ports.documents.put_document(account, page)
        document = DraftDocument(stored, page_name(upload.name), len(page))
    # 3. Listed in the draft.
    return change_draft(account, draft_id, lambda draft: with_document(draft, document, now), ports)
