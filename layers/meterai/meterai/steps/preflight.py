"""Preflight a document before it is stamped: here a refusal is a finding and not an error."""

from collections.abc import Sequence
from typing import Protocol

from meterai.domain.errors import DocumentHashMismatch, DocumentRefused, DocumentTooLarge
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import DocumentFacts, PreflightReport, refusal
from meterai.ports import Documents, Preflight


class PreflightPorts(Protocol):
    @property
    def documents(self) -> Documents: ...
    @property
    def preflight(self) -> Preflight: ...


def preflight(
    account: str,
    sha256: str,
    requests: Sequence[PlacementRequest],
    ports: PreflightPorts,
    *,
    allow_overlap: bool,
) -> PreflightReport:
    """Raises DocumentMissing, DocumentTooLarge, DocumentHashMismatch."""

    def checked(requests: Sequence[PlacementRequest]) -> DocumentFacts:
        return ports.preflight(
            document, requests, allow_overlap=allow_overlap, repair=True, pictures=True
        )

    # 1. Where the file is, and the hash that was declared.
    document = ports.documents.locate(account, sha256)
    # 2. What the stamper would report of it, and of a repaired one where it needs repair.
    try:
        facts = checked(requests)
        return PreflightReport(facts.findings, facts)
    except (DocumentTooLarge, DocumentHashMismatch):
        raise
    except DocumentRefused as refused:
        refused_because = refusal(refused)
    # 3. Where only the placements are refused, what is known of the document all the same.
    try:
        facts = checked(())
        return PreflightReport((refused_because, *facts.findings), facts)
    except DocumentRefused:
        return PreflightReport((refused_because,), None)
