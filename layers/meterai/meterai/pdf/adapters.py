"""The office's uses of this package, in the words of its ports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from meterai.domain.errors import SignatureMismatch, SigningKeyUnusable
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.stampings import EMeterai
from meterai.domain.stamping.verdicts import StampFinding
from meterai.pdf.engines.chain import stamp
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.signing.signing_keyring import KeyringSource
from meterai.pdf.signing.timestamps import Timestamps
from meterai.pdf.stamp_spec import FIELD_PREFIX, StampSpec
from meterai.ports import Stamped

if TYPE_CHECKING:
    from meterai.pdf.verification.signature_check import StampFinding as Found

REVISIONS_READ = 3  # a file with thirty stamps is read within what is allowed for as many readings

SignWith = Callable[[str, bytes], bytes]
"""The key service: key id and signed attributes; answers the signature."""


@dataclass(frozen=True, slots=True)
class PdfStamper:
    """Stamps with the identity that is current, whichever that is."""

    keyring: KeyringSource
    sign: SignWith
    public_host: str
    timestamps: Timestamps | None = None

    def stamp(self, document: bytes, emeterai: Sequence[EMeterai], at: datetime) -> Stamped:
        identity = self.keyring().current
        try:
            return self._stamp(identity, document, emeterai, at)
        except (SignatureMismatch, SigningKeyUnusable):
            fresh = self.keyring(anew=True).current
            if fresh == identity:
                raise
        return self._stamp(fresh, document, emeterai, at)  # the key was changed in these minutes

    def _stamp(
        self,
        identity: SigningCertificate,
        document: bytes,
        emeterai: Sequence[EMeterai],
        at: datetime,
    ) -> Stamped:
        wanted = emeterai[0].level
        asks = self.timestamps is not None and wanted is not SignatureLevel.B_B
        sample = _Tally(self.timestamps) if self.timestamps and asks else None
        content = stamp(
            document,
            [StampSpec(one.serial, one.placement, one.reason) for one in emeterai],
            identity=identity,
            sign=lambda attributes: self.sign(identity.key_id, attributes),
            at=at,
            public_host=self.public_host,
            timestamps=sample,
            repair=emeterai[0].repaired,
        )
        timestamped = sample is not None and all(sample.answered)
        return Stamped(content, SignatureLevel.B_T if timestamped else SignatureLevel.B_B)


@dataclass(frozen=True, slots=True)
class _Tally:
    """Timestamps, and whether each that was asked for came."""

    timestamps: Timestamps
    answered: list[bool] = field(default_factory=list)

    @property
    def largest_bytes(self) -> int:
        return self.timestamps.largest_bytes

    def __call__(self, digest: bytes) -> bytes | None:
        token = self.timestamps(digest)
        self.answered.append(token is not None)
        return token


@dataclass(frozen=True, slots=True)
class PdfAugmenter:
    """Raises files by revisions. `fetch` is HTTP to whoever tells what is revoked."""

    keyring: KeyringSource
    timestamps: Timestamps
    fetch: Callable[..., bytes]

    def raised(self, stamped: bytes, level: SignatureLevel, at: datetime) -> bytes:
        from meterai.pdf.signing.augment import add_timestamp, add_validation_data, try_apart

        if level is SignatureLevel.B_B:
            return stamped
        ours = self.keyring()
        try_apart(stamped, signers=ours.certificates)
        timestamped = add_timestamp(stamped, self.timestamps, signers=ours.certificates)
        if level is SignatureLevel.B_T:
            return timestamped
        return add_validation_data(
            timestamped, fetch=self.fetch, roots=ours.trusted, signers=ours.certificates, at=at
        )


@dataclass(frozen=True, slots=True)
class PdfStampReader:
    """Reads the stamp signatures of a file; signatures of persons are not the office's to judge."""

    keyring: KeyringSource

    def __call__(self, document: bytes) -> list[StampFinding]:
        import meterai.pdf.verification.pyhanko_reader  # noqa: F401 - half a second of imports, not in the child
        from meterai.pdf.verification.signature_check import Coverage
        from meterai.pdf.verification.verify import read_stamps

        ours = self.keyring()

        def read() -> "list[Found]":
            return read_stamps(document, roots=ours.trusted, signers=ours.certificates)

        return [
            StampFinding(
                serial=found.field.removeprefix(FIELD_PREFIX),
                intact=found.intact and found.coverage is not Coverage.PARTIAL,
                trusted=found.trusted,
                untouched=found.coverage in (Coverage.WHOLE_FILE, Coverage.EXTENDED),
                signed_at=found.signed_at,
            )
            for found in run_sandboxed(read, ResourceBudget(readings=REVISIONS_READ))
            if found.field.startswith(FIELD_PREFIX)
        ]
