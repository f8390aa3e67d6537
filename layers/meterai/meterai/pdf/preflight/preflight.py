"""Preflight of a document: in a sandbox, and after a repair where one is requested."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import meterai.pdf.rendering.page_view  # noqa: F401 - loads pdfium once, for all children
from meterai.domain.errors import (
    DocumentAmbiguous,
    DocumentDamaged,
    DocumentEncrypted,
    DocumentRefused,
    FieldsNotDrawn,
    FormIsXfa,
)
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import DocumentFacts, refusal, remark
from meterai.pdf.engines.opening import open_stampable
from meterai.pdf.engines.repair import repaired
from meterai.pdf.preflight.earlier_signatures import refuse_worse_signatures
from meterai.pdf.preflight.earlier_stamps import refuse_covered_stamps
from meterai.pdf.preflight.inspect import inspect
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.signature_traces import with_traces

REPAIRABLE = (DocumentDamaged, DocumentAmbiguous, FieldsNotDrawn, FormIsXfa)


@dataclass(frozen=True, slots=True)
class PdfPreflight:
    """See `ports.Preflight`. `portal_limit_bytes` is the size that portals usually accept."""

    portal_limit_bytes: int

    def __call__(
        self,
        document: bytes,
        requests: Sequence[PlacementRequest],
        *,
        allow_overlap: bool,
        repair: bool = False,
        pictures: bool = False,
    ) -> DocumentFacts:
        content, document_facts = self.repair_and_inspect(
            document, requests, ResourceBudget(), allow_overlap=allow_overlap, repair=repair
        )
        return with_pictures(document_facts, content) if pictures else document_facts

    def repair_and_inspect(
        self,
        document: bytes,
        requests: Sequence[PlacementRequest],
        budget: ResourceBudget,
        *,
        allow_overlap: bool,
        repair: bool,
    ) -> tuple[bytes, DocumentFacts]:
        """The document that will be stamped, repaired where `repairs` is not empty, and its facts.
        Raises as `ports.Preflight` does."""

        def inspected(content: bytes) -> DocumentFacts:
            return inspect(
                content,
                requests,
                allow_overlap=allow_overlap,
                portal_limit_bytes=self.portal_limit_bytes,
            )

        try:
            facts = run_sandboxed(lambda: inspected(document), budget)
        except REPAIRABLE as error:
            repaired_document = _repaired(document, error, budget)
            damage = type(error)(**error.values, repairable=True)
        except DocumentRefused as refused:
            raise with_traces(refused, document) from refused
        else:
            if facts.already_stamped:
                refuse_covered_stamps(document)
            if facts.signed:
                refuse_worse_signatures(document, facts.placements)
            return document, facts
        if not repair:
            raise damage
        facts = run_sandboxed(lambda: inspected(repaired_document), budget)
        return repaired_document, replace(facts, findings=(refusal(damage), *facts.findings))


def with_pictures(facts: DocumentFacts, document: bytes) -> DocumentFacts:
    """The facts, and whether a page shows the QR code of a serial that the file does not bear."""
    from meterai.pdf.rendering.qr_codes import read_qr_serials  # only a preflight draws every page

    pictured = [one for one in read_qr_serials(document) if one not in facts.already_stamped]
    if not pictured:
        return facts
    finding = remark("pictured_emeterai", serials=", ".join(pictured))
    return replace(facts, findings=(*facts.findings, finding))


def _repaired(document: bytes, error: DocumentRefused, budget: ResourceBudget) -> bytes:
    """A repaired document that can be stamped. Raises `error` where a repair does not help, and
    DocumentEncrypted where the document may be encrypted."""
    try:
        made = repaired(document, budget)
        run_sandboxed(lambda: bool(open_stampable(made)), budget)
    except DocumentEncrypted as encrypted:
        told = encrypted if isinstance(error, DocumentDamaged) else error
        raise with_traces(told, document) from None
    except DocumentRefused:
        raise with_traces(error, document) from None
    return made
