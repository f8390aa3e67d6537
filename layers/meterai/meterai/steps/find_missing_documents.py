"""Find the documents of a draft whose files are gone: uploads are kept for some weeks, and a draft
longer, as it names what was stamped."""

from datetime import datetime, timedelta
from typing import Protocol

from meterai.domain.drafts.drafts import Draft
from meterai.domain.errors import DocumentMissing
from meterai.ports import Documents

ALL_KEPT_FOR = timedelta(days=1)  # at least: nothing uploaded for a younger draft needs a look


class FindMissingDocumentsPorts(Protocol):
    @property
    def documents(self) -> Documents: ...


def find_missing_documents(
    draft: Draft, ports: FindMissingDocumentsPorts, now: datetime
) -> frozenset[str]:
    """Their SHA-256. The same file may be uploaded again: then it has its place already."""
    if now - draft.created_at < ALL_KEPT_FOR:
        return frozenset()
    return frozenset(one.sha256 for one in draft.documents if _is_missing(draft, one.sha256, ports))


def _is_missing(draft: Draft, sha256: str, ports: FindMissingDocumentsPorts) -> bool:
    try:
        ports.documents.size_of(draft.account, sha256)
    except DocumentMissing:
        return True
    return False
