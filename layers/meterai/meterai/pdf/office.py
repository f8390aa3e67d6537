"""The office's two uses of this package, in the words of its ports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from meterai.domain.stampings import EMeterai
from meterai.domain.verdicts import StampFinding
from meterai.pdf.identity import SigningIdentity
from meterai.pdf.marks import FIELD_PREFIX, Mark
from meterai.pdf.stamp import Sign, stamp


@dataclass(frozen=True, slots=True)
class PdfStamper:
    """Stamps with one signing identity; `sign` is the key service."""

    identity: SigningIdentity
    sign: Sign
    public_host: str

    def stamp(self, document: bytes, emeterai: Sequence[EMeterai], at: datetime) -> bytes:
        marks = [Mark(one.serial, one.placement, one.reason) for one in emeterai]
        return stamp(
            document,
            marks,
            identity=self.identity,
            sign=self.sign,
            at=at,
            public_host=self.public_host,
        )


@dataclass(frozen=True, slots=True)
class PdfStampReader:
    """Reads the stamp signatures of a file; signatures of persons are not the office's to judge."""

    identity: SigningIdentity

    def __call__(self, document: bytes) -> list[StampFinding]:
        from meterai.pdf.verify import Coverage, read_stamps

        roots = self.identity.chain[-1:] or (self.identity.certificate,)
        return [
            StampFinding(
                serial=found.field.removeprefix(FIELD_PREFIX),
                intact=found.intact and found.coverage is not Coverage.PARTIAL,
                trusted=found.trusted,
                untouched=found.coverage in (Coverage.WHOLE_FILE, Coverage.EXTENDED),
                signed_at=found.signed_at,
            )
            for found in read_stamps(document, roots=roots)
            if found.field.startswith(FIELD_PREFIX)
        ]
