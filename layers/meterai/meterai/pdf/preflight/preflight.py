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
from meterai.pdf.engines.repair import repaired
from meterai.pdf.preflight.earlier_signatures import refuse_worse_signatures
from meterai.pdf.preflight.earlier_stamps import changed_later
from meterai.pdf.preflight.inspect import Inspected, inspect
from meterai.pdf.preflight.unsigned_stamps import ANY_HOST, stamped_on_trial
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.signature_traces import with_traces

REPAIRABLE = (DocumentDamaged, DocumentAmbiguous, FieldsNotDrawn, FormIsXfa)


@dataclass(frozen=True, slots=True)
class Trial:
    """A document that can be stamped. `content`: what will be stamped, repaired where `repairs` is
    not empty; `stamped`: the same with its stamps, unsigned."""

    content: bytes
    stamped: bytes
    facts: DocumentFacts


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
        tried = self.on_trial(
            document, requests, ResourceBudget(), allow_overlap=allow_overlap, repair=repair
        )
        return with_pictures(tried.facts, tried.content) if pictures else tried.facts

    def on_trial(
        self,
        document: bytes,
        requests: Sequence[PlacementRequest],
        budget: ResourceBudget,
        *,
        allow_overlap: bool,
        repair: bool,
        public_host: str = ANY_HOST,
    ) -> Trial:
        """The document is inspected and stamped, without a signature: whatever the engines refuse
        is refused before it is paid. Raises as `ports.Preflight` does."""
        import pikepdf  # noqa: F401 - a tenth of a second: here once, for all children

        def tried(content: bytes) -> Trial:
            inspected = run_sandboxed(
                lambda: inspect(
                    content,
                    requests,
                    allow_overlap=allow_overlap,
                    portal_limit_bytes=self.portal_limit_bytes,
                ),
                budget,
            )
            facts = _with_changed_stamps(content, inspected)
            stamped = stamped_on_trial(content, inspected.facts.placements, public_host)
            if inspected.others_signed and inspected.facts.placements:
                refuse_worse_signatures(content, stamped)
            return Trial(content, stamped, facts)

        try:
            return tried(document)
        except REPAIRABLE as error:
            damage = error
        except DocumentRefused as refused:
            raise with_traces(refused, document) from refused
        repaired_document = _repaired(document, damage, budget)
        repairable = type(damage)(**damage.values, repairable=True)
        try:
            made = tried(repaired_document)
        except REPAIRABLE:  # the repair does not help
            raise with_traces(damage, document) from None
        except DocumentRefused:
            if repair:
                raise
            raise repairable from None
        if not repair:
            raise repairable
        findings = (refusal(repairable), *made.facts.findings)
        return replace(made, facts=replace(made.facts, findings=findings))


def _with_changed_stamps(content: bytes, inspected: Inspected) -> DocumentFacts:
    facts = inspected.facts
    later = changed_later(content, inspected.stamps)
    changed = tuple(dict.fromkeys((*facts.changed_stamps, *later)))
    if not changed:
        return facts
    finding = remark("changed_emeterai", serial=changed[0])
    return replace(facts, changed_stamps=changed, findings=(*facts.findings, finding))


def with_pictures(facts: DocumentFacts, document: bytes) -> DocumentFacts:
    """The facts, and whether a page shows the QR code of a serial that the file does not bear."""
    from meterai.pdf.rendering.qr_codes import read_qr_serials  # only a preflight draws every page

    pictured = [one for one in read_qr_serials(document) if one not in facts.already_stamped]
    if not pictured:
        return facts
    finding = remark("pictured_emeterai", serials=", ".join(pictured))
    return replace(facts, findings=(*facts.findings, finding))


def _repaired(document: bytes, error: DocumentRefused, budget: ResourceBudget) -> bytes:
    """Raises `error` where it cannot be repaired, and DocumentEncrypted where the document may be
    encrypted."""
    try:
        return repaired(document, budget)
    except DocumentEncrypted as encrypted:
        told = encrypted if isinstance(error, DocumentDamaged) else error
        raise with_traces(told, document) from None
    except DocumentRefused:
        raise with_traces(error, document) from None
