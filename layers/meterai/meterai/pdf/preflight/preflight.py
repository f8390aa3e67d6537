"""The office's examination of a document: in a child, and with a repair where one is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import meterai.pdf.rendering.page_view  # noqa: F401 - loads pdfium here, once, and not in each child
from meterai.domain.errors import DocumentDamaged, DocumentEncrypted, DocumentRefused, FormIsXfa
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import DocumentFacts, refusal
from meterai.pdf.engines.repair import repaired
from meterai.pdf.preflight.inspect import inspect
from meterai.pdf.preflight.opening import open_stampable
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed

Repairable = DocumentDamaged | FormIsXfa


@dataclass(frozen=True, slots=True)
class PdfPreflight:
    """See `ports.Examine`. `portal_limit_bytes` is what portals usually take."""

    portal_limit_bytes: int

    def __call__(
        self,
        document: bytes,
        requests: Sequence[PlacementRequest],
        *,
        allow_overlap: bool,
        repair: bool = False,
    ) -> DocumentFacts:
        _, document_facts = self.as_it_will_be(
            document, requests, ResourceBudget(), allow_overlap=allow_overlap, repair=repair
        )
        return document_facts

    def as_it_will_be(
        self,
        document: bytes,
        requests: Sequence[PlacementRequest],
        budget: ResourceBudget,
        *,
        allow_overlap: bool,
        repair: bool,
    ) -> tuple[bytes, DocumentFacts]:
        """The document that will be stamped, which is another where `repairs` name something, and
        the examination of it. Raises as `ports.Examine` does."""

        def examined(content: bytes) -> DocumentFacts:
            return inspect(
                content,
                requests,
                allow_overlap=allow_overlap,
                portal_limit_bytes=self.portal_limit_bytes,
            )

        try:
            return document, run_sandboxed(lambda: examined(document), budget)
        except (DocumentDamaged, FormIsXfa) as found:
            mended = _mended(document, found, budget)
            damage = type(found)(**found.values, repairable=True)
        if not repair:
            raise damage
        made = run_sandboxed(lambda: examined(mended), budget)
        return mended, replace(made, findings=(refusal(damage), *made.findings))


def _mended(document: bytes, found: Repairable, budget: ResourceBudget) -> bytes:
    """A repaired document that can be stamped. Raises what was found where there is none, and
    DocumentEncrypted where that is why."""
    try:
        mended = repaired(document, budget)
        run_sandboxed(lambda: bool(open_stampable(mended)), budget)
    except DocumentEncrypted:
        raise
    except DocumentRefused:
        raise found from None
    return mended
