"""What a verified file is found to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meterai.domain.stamping.outputs import is_listed
from meterai.domain.stamping.serials import Serial, parse_serial
from meterai.domain.stamping.stampings import EMeterai, SerialState


class StampVerdict(StrEnum):
    """Of one e-meterai in a file."""

    GENUINE = "genuine"  # ours, on this very document, and untouched since
    CHANGED_AFTER = "changed_after"  # ours and intact, but something was added to the file later
    ALTERED = "altered"  # what it signed is not what the file shows: changed, or put on another
    UNKNOWN = "unknown"  # not issued by this system


class Verdict(StrEnum):
    """Of a whole file: as good as its worst e-meterai."""

    GENUINE = "genuine"
    CHANGED_AFTER = "changed_after"
    ALTERED = "altered"
    UNKNOWN = "unknown"
    NOT_STAMPED = "not_stamped"


@dataclass(frozen=True, slots=True)
class StampEvidence:
    """What a PDF reader says of one stamp signature: our own records come later."""

    serial: str
    intact: bool  # the signed bytes have the signed digest, and the signature verifies
    trusted: bool  # the signer's chain ends in a root of ours
    untouched: bool  # no later revision changed anything but by further signatures
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class JudgedStamp:
    serial: str
    verdict: StampVerdict
    stamped_at: datetime | None


@dataclass(frozen=True, slots=True)
class VerificationResult:
    verdict: Verdict
    stamps: tuple[JudgedStamp, ...]


_WORST_FIRST = (
    StampVerdict.ALTERED,
    StampVerdict.UNKNOWN,
    StampVerdict.CHANGED_AFTER,
    StampVerdict.GENUINE,
)


def judge_file(
    sha256: str, findings: Sequence[StampEvidence], records: Mapping[Serial, EMeterai]
) -> VerificationResult:
    """The verdict on a file with this hash, from its signatures and our records by serial.

    A file whose hash we recorded is genuine as a whole; for any other file the signatures decide.
    """
    stamps = tuple(
        _judge(sha256, finding, records.get(Serial(finding.serial))) for finding in findings
    )
    if not stamps:
        return VerificationResult(Verdict.NOT_STAMPED, ())
    found = {stamp.verdict for stamp in stamps}
    worst = next(verdict for verdict in _WORST_FIRST if verdict in found)
    return VerificationResult(Verdict(worst.value), stamps)


def _judge(sha256: str, finding: StampEvidence, record: EMeterai | None) -> JudgedStamp:
    if parse_serial(finding.serial) is None or not finding.trusted:
        verdict = StampVerdict.ALTERED if not finding.intact else StampVerdict.UNKNOWN
        return JudgedStamp(finding.serial, verdict, None)
    if record is None or record.state is not SerialState.STAMPED:
        return JudgedStamp(finding.serial, StampVerdict.UNKNOWN, None)
    if is_listed(sha256, record.outputs):
        verdict = StampVerdict.GENUINE
    elif not finding.intact:
        verdict = StampVerdict.ALTERED
    elif finding.untouched:
        verdict = StampVerdict.CHANGED_AFTER
    else:
        verdict = StampVerdict.ALTERED
    return JudgedStamp(finding.serial, verdict, record.stamped_at)
