"""The office's examination of a document: in a child, and with a repair where one is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import meterai.pdf.sight  # noqa: F401 - loads pdfium here, once, and not in each child
from meterai.domain.errors import DocumentDamaged, DocumentEncrypted, DocumentRefused, FormIsXfa
from meterai.domain.examination import Examination, refusal
from meterai.domain.wishes import PlacementWish
from meterai.pdf.confined import Allowance, confined
from meterai.pdf.examine import examine
from meterai.pdf.opening import open_stampable
from meterai.pdf.repair import repaired

Repairable = DocumentDamaged | FormIsXfa


@dataclass(frozen=True, slots=True)
class PdfExaminer:
    """See `ports.Examine`. `portal_limit_bytes` is what portals usually take."""

    portal_limit_bytes: int

    def __call__(
        self,
        document: bytes,
        wishes: Sequence[PlacementWish],
        *,
        allow_overlap: bool,
        repair: bool = False,
    ) -> Examination:
        _, examination = self.as_it_will_be(
            document, wishes, Allowance(), allow_overlap=allow_overlap, repair=repair
        )
        return examination

    def as_it_will_be(
        self,
        document: bytes,
        wishes: Sequence[PlacementWish],
        allowance: Allowance,
        *,
        allow_overlap: bool,
        repair: bool,
    ) -> tuple[bytes, Examination]:
        """The document that will be stamped, which is another where `repairs` name something, and
        the examination of it. Raises as `ports.Examine` does."""

        def examined(content: bytes) -> Examination:
            return examine(
                content,
                wishes,
                allow_overlap=allow_overlap,
                portal_limit_bytes=self.portal_limit_bytes,
            )

        try:
            return document, confined(lambda: examined(document), allowance)
        except (DocumentDamaged, FormIsXfa) as found:
            mended = _mended(document, found, allowance)
            damage = type(found)(**found.values, repairable=True)
        if not repair:
            raise damage
        made = confined(lambda: examined(mended), allowance)
        return mended, replace(made, findings=(refusal(damage), *made.findings))


def _mended(document: bytes, found: Repairable, allowance: Allowance) -> bytes:
    """A repaired document that can be stamped. Raises what was found where there is none, and
    DocumentEncrypted where that is why."""
    try:
        mended = repaired(document, allowance)
        confined(lambda: bool(open_stampable(mended)), allowance)
    except DocumentEncrypted:
        raise
    except DocumentRefused:
        raise found from None
    return mended
