"""Preflight a document before it is stamped: a refusal is a finding here, and no error."""

from collections.abc import Sequence

from meterai.domain.errors import DocumentRefused
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import PreflightReport, refusal
from meterai.ports import Documents, Preflight


def preflight(
    account: str,
    sha256: str,
    requests: Sequence[PlacementRequest],
    *,
    allow_overlap: bool,
    documents: Documents,
    preflight: Preflight,
) -> PreflightReport:
    """Raises DocumentMissing, DocumentTooLarge, DocumentHashMismatch."""
    # 1. The file, with the hash that was declared.
    document = documents.get(account, sha256)
    # 2. What the stamper would say of it, and of a repaired one where it needs that.
    try:
        document_facts = preflight(document, requests, allow_overlap=allow_overlap, repair=True)
        return PreflightReport(document_facts.findings, document_facts)
    except DocumentRefused as refused:
        standing_in_the_way = refusal(refused)
    # 3. Where it is the places that are refused, what is known of the document all the same.
    try:
        document_facts = preflight(document, (), allow_overlap=allow_overlap, repair=True)
        return PreflightReport((standing_in_the_way, *document_facts.findings), document_facts)
    except DocumentRefused:
        return PreflightReport((standing_in_the_way,), None)
