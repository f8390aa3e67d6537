"""Examine a document before it is stamped: a refusal is a finding here, and no error."""

from collections.abc import Sequence

from meterai.domain.errors import DocumentRefused
from meterai.domain.examination import Report, refusal
from meterai.domain.wishes import PlacementWish
from meterai.ports import Documents, Examine


def preflight(
    account: str,
    sha256: str,
    wishes: Sequence[PlacementWish],
    *,
    allow_overlap: bool,
    documents: Documents,
    examine: Examine,
) -> Report:
    """Raises DocumentMissing, DocumentTooLarge, DocumentHashMismatch."""
    # 1. The file, with the hash that was declared.
    document = documents.get(account, sha256)
    # 2. What the stamper would say of it, and of a repaired one where it needs that.
    try:
        examination = examine(document, wishes, allow_overlap=allow_overlap, repair=True)
        return Report(examination.findings, examination)
    except DocumentRefused as refused:
        standing_in_the_way = refusal(refused)
    # 3. Where it is the places that are refused, what is known of the document all the same.
    try:
        examination = examine(document, (), allow_overlap=allow_overlap, repair=True)
        return Report((standing_in_the_way, *examination.findings), examination)
    except DocumentRefused:
        return Report((standing_in_the_way,), None)
