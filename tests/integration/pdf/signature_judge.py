"""Signatures as pyHanko judges them: also what later revisions changed, by its difference analysis.

The product judges that by its own rules; pyHanko is the independent judge here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from meterai.pdf.verification.pyhanko_reader import open_leniently, signatures
from meterai.pdf.verification.signature_check import SignatureCheck
from meterai.pdf.verification.verify import read_stamps


class Coverage(StrEnum):
    """Which part of the file a signature covers, and what was added after it."""

    WHOLE_FILE = "whole_file"
    """The whole file but the signature's own value."""
    EXTENDED = "extended"
    """Its revision; later revisions only add signatures and fill in fields."""
    ALTERED = "altered"
    """Its revision; later revisions change the document itself."""
    PARTIAL = "partial"
    """Only part of its own revision: some bytes are not signed."""


@dataclass(frozen=True, slots=True)
class JudgedSignature(SignatureCheck):
    coverage: Coverage = Coverage.PARTIAL

    @property
    def holds(self) -> bool:
        """Intact, trusted, and followed by nothing but signatures and form entries."""
        unaltered = self.coverage in (Coverage.WHOLE_FILE, Coverage.EXTENDED)
        return self.intact and self.trusted and unaltered


def judged_signatures(
    document: bytes, *, roots: Sequence[bytes], signers: Collection[bytes] | None = None
) -> list[JudgedSignature]:
    found = read_stamps(document, roots=roots, signers=signers)
    by_name = dict(signatures(open_leniently(document))) if found else {}
    return [
        JudgedSignature(
            **{one.name: getattr(check, one.name) for one in fields(check)},
            coverage=_coverage(by_name[check.field]) if check.covers_revision else Coverage.PARTIAL,
        )
        for check in found
    ]


def _coverage(signature: EmbeddedPdfSignature) -> Coverage:
    signature.compute_integrity_info()
    judged = signature.summarise_integrity_info()
    if judged["coverage"] == SignatureCoverageLevel.ENTIRE_FILE:
        return Coverage.WHOLE_FILE
    return Coverage.EXTENDED if judged["docmdp_ok"] else Coverage.ALTERED
