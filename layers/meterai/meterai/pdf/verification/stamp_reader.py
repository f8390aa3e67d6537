"""Implementation of the port by which files are verified (`meterai.ports.StampReader`)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from meterai.domain.errors import Unavailable
from meterai.domain.stamping.file_evidence import (
    CertificateOf,
    Integrity,
    NamedSerial,
    Revocation,
    SignatureFact,
    Trust,
)
from meterai.domain.stamping.inspections import (
    DrawnSerialsQuestion,
    FileAddress,
    LaterChangesQuestion,
    PictureQuestion,
    Question,
    SignaturesQuestion,
)
from meterai.domain.stamping.later_changes import LaterChanges
from meterai.domain.stamping.placement import Rectangle
from meterai.domain.stamping.serials import Serial, parse_serial
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.signing.signing_keyring import KeyringSource
from meterai.pdf.verification.candidates import named_serials
from meterai.pdf.verification.our_signers import signers_in
from meterai.pdf.verification.prefixes import prefix_hashes
from meterai.pdf.verification.signature_check import SignatureCheck

VERIFICATION_READINGS = 3
"""A file with thirty stamps is read within the budget of so many readings."""


@dataclass(frozen=True, slots=True)
class PdfStampReader:
    """`named_serials` and `prefix_hashes` parse nothing. The rest is asked of `inspect`; where the
    file is at hand and no key is, `ask` may be a `PdfInspector` of its bytes."""

    keyring: KeyringSource
    ask: Callable[[FileAddress, Question], Any]

    def named_serials(self, document: bytes) -> tuple[NamedSerial, ...]:
        return named_serials(document)

    def prefix_hashes(self, document: bytes, sizes: Collection[int]) -> dict[int, str]:
        return prefix_hashes(document, sizes)

    def signers(self, document: bytes, serials: Collection[Serial]) -> dict[Serial, str]:
        try:
            ours = self.keyring()
        except Unavailable:
            return {}
        return signers_in(document, serials, ours.every_certificate)

    def signatures(self, document: FileAddress) -> tuple[SignatureFact, ...]:
        ours = self.keyring()
        question = SignaturesQuestion(tuple(ours.trusted), tuple(sorted(ours.certificates)))
        facts: tuple[SignatureFact, ...] = self.ask(document, question)
        return facts

    def later_changes(self, document: FileAddress, issued_bytes: int) -> LaterChanges:
        changes: LaterChanges = self.ask(document, LaterChangesQuestion(issued_bytes))
        return changes

    def drawn_serials(self, document: FileAddress) -> tuple[Serial, ...]:
        drawn = self.ask(document, DrawnSerialsQuestion())
        return tuple(serial for one in drawn if (serial := parse_serial(one)) is not None)

    def draw_page(
        self, document: FileAddress, page: int, marks: Sequence[Rectangle], *, dpi: int
    ) -> bytes:
        png: bytes = self.ask(document, PictureQuestion(page, tuple(marks), dpi))
        return png


def read_signatures(document: bytes, asked: SignaturesQuestion) -> tuple[SignatureFact, ...]:
    # Half a second of imports, done before the fork so that the child inherits them.
    import meterai.pdf.verification.pyhanko_reader  # noqa: F401
    from meterai.pdf.verification.verify import read_stamps

    def read() -> list[SignatureCheck]:
        return read_stamps(document, roots=asked.roots, signers=frozenset(asked.signers))

    found = run_sandboxed(read, ResourceBudget(readings=VERIFICATION_READINGS))
    return tuple(_fact(check) for check in found)


def _fact(check: SignatureCheck) -> SignatureFact:
    """Nothing is said of the certificate of a signature that could not be validated."""
    is_validated = check.problem is None
    is_whole = check.intact and check.covers_revision
    trust = Trust.TRUSTED if check.trusted else Trust.NOT_TRUSTED
    return SignatureFact(
        serial=check.serial,
        integrity=Integrity.INTACT if is_whole else Integrity.BROKEN,
        certificate=_CERTIFICATE[check.of_signer],
        in_place=check.in_place,
        end_bytes=check.end_bytes,
        trust=trust if is_validated and check.intact else Trust.NOT_CHECKED,
        revocation=_REVOCATION[check.is_revoked],
        signer=check.subject,
    )


_CERTIFICATE = {
    True: CertificateOf.OURS,
    False: CertificateOf.OTHERS,
    None: CertificateOf.NOT_CHECKED,
}
_REVOCATION = {True: Revocation.REVOKED, False: Revocation.GOOD, None: Revocation.NOT_CHECKED}
