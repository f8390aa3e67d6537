"""The office's uses of this package, in the words of its ports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from meterai.domain.errors import SignatureMismatch, SigningKeyUnusable
from meterai.domain.preservation import SignatureLevel
from meterai.domain.stampings import EMeterai
from meterai.domain.verdicts import StampFinding
from meterai.pdf.confined import Allowance, confined
from meterai.pdf.identities import IdentitySource
from meterai.pdf.identity import SigningIdentity
from meterai.pdf.marks import FIELD_PREFIX, Mark
from meterai.pdf.stamp import stamp
from meterai.pdf.timestamps import Timestamps
from meterai.ports import Stamped

if TYPE_CHECKING:
    from meterai.pdf.stamp_finding import StampFinding as Found

REVISIONS_READ = 3  # a file with thirty stamps is read within what is allowed for as many readings

SignWith = Callable[[str, bytes], bytes]
"""The key service: key id and signed attributes; answers the signature."""


@dataclass(frozen=True, slots=True)
class PdfStamper:
    """Stamps with the identity that is current, whichever that is."""

    identities: IdentitySource
    sign: SignWith
    public_host: str
    timestamps: Timestamps | None = None

    def stamp(self, document: bytes, emeterai: Sequence[EMeterai], at: datetime) -> Stamped:
        identity = self.identities().current
        try:
            return self._stamp(identity, document, emeterai, at)
        except (SignatureMismatch, SigningKeyUnusable):
            fresh = self.identities(anew=True).current
            if fresh == identity:
                raise
        return self._stamp(fresh, document, emeterai, at)  # the key was changed in these minutes

    def _stamp(
        self,
        identity: SigningIdentity,
        document: bytes,
        emeterai: Sequence[EMeterai],
        at: datetime,
    ) -> Stamped:
        wanted = emeterai[0].level
        asks = self.timestamps is not None and wanted is not SignatureLevel.B_B
        tally = _Tally(self.timestamps) if self.timestamps and asks else None
        content = stamp(
            document,
            [Mark(one.serial, one.placement, one.reason) for one in emeterai],
            identity=identity,
            sign=lambda attributes: self.sign(identity.key_id, attributes),
            at=at,
            public_host=self.public_host,
            timestamps=tally,
            repair=emeterai[0].repaired,
        )
        timestamped = tally is not None and all(tally.answered)
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
class PdfPreserver:
    """Raises files by revisions. `fetch` is HTTP to whoever tells what is revoked."""

    identities: IdentitySource
    timestamps: Timestamps
    fetch: Callable[..., bytes]

    def raised(self, stamped: bytes, level: SignatureLevel, at: datetime) -> bytes:
        from meterai.pdf.preserve import add_timestamp, add_validation_data, try_apart

        if level is SignatureLevel.B_B:
            return stamped
        ours = self.identities()
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

    identities: IdentitySource

    def __call__(self, document: bytes) -> list[StampFinding]:
        import meterai.pdf.pyhanko_reader  # noqa: F401 - half a second of imports, not in the child
        from meterai.pdf.stamp_finding import Coverage
        from meterai.pdf.verify import read_stamps

        ours = self.identities()

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
            for found in confined(read, Allowance(readings=REVISIONS_READ))
            if found.field.startswith(FIELD_PREFIX)
        ]
