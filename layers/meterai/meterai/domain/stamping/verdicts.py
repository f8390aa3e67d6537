"""The verdict on a file, from its bytes on record, its later changes and its signatures.

Each e-meterai is judged from its own recorded file to the end of the file at hand, and the file is
as good as its worst e-meterai. Others' signatures never decide about ours.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from meterai.domain.stamping.file_evidence import (
    CertificateOf,
    Integrity,
    NamedSerial,
    Revocation,
    SignatureFact,
    Trust,
)
from meterai.domain.stamping.later_changes import Change, LaterChanges
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState


class Verdict(StrEnum):
    """Of one e-meterai, and of a whole file."""

    GENUINE = "genuine"  # exactly as issued
    EXTENDED = "extended"  # as issued, then others' signatures, timestamps or validation data
    COVERED = "covered"  # as issued underneath, but what is seen is touched, or not compared
    ALTERED = "altered"  # the issued page or form is replaced, or the issued bytes are gone
    COPY = "copy"  # a picture of an e-meterai without our signature
    WITHDRAWN = "withdrawn"  # the serial was voided, yet our signature is intact
    UNRECORDED = "unrecorded"  # made with our certificate, and not on record
    FOREIGN = "foreign"  # others' signatures, and nothing of ours
    NOT_STAMPED = "not_stamped"  # of files only
    UNREADABLE = "unreadable"  # of files only: no issued file in it, and no reader opens it


class Cause(StrEnum):
    """Why `altered` or `covered`."""

    FILLED = "filled"  # a form field was filled in later
    NOT_COMPARED = "not_compared"  # too much to compare
    CHANGED = "changed"  # something else than what was issued is there
    REWRITTEN = "rewritten"  # saved anew: compressed, merged, converted
    INCOMPLETE = "incomplete"  # part of the issued file is missing


ALARMS = frozenset({Verdict.WITHDRAWN, Verdict.UNRECORDED})
"""Our certificate signed what we did not issue."""

_WORST_FIRST = (
    Verdict.UNRECORDED,
    Verdict.WITHDRAWN,
    Verdict.ALTERED,
    Verdict.COVERED,
    Verdict.EXTENDED,
    Verdict.GENUINE,
)


@dataclass(frozen=True, slots=True)
class JudgedStamp:
    """`record` is what is on record of it, `fact` what its signature says where it was read.
    `as_issued`: the file begins with a recorded file that bears it. `certified` is the name in our
    certificate, where no reader told the signer."""

    serial: str
    verdict: Verdict
    cause: str | None = None
    record: EMeterai | None = None
    fact: SignatureFact | None = None
    as_issued: bool = False
    certified: str | None = None

    @property
    def signer(self) -> str | None:
        """The subject of the certificate."""
        return self.certified if self.fact is None else self.fact.signer

    @property
    def integrity(self) -> Integrity:
        if self.as_issued:
            return Integrity.AS_ISSUED
        return Integrity.NOT_CHECKED if self.fact is None else self.fact.integrity

    @property
    def certificate(self) -> CertificateOf:
        if self.as_issued:
            return CertificateOf.OURS
        return CertificateOf.NOT_CHECKED if self.fact is None else self.fact.certificate

    @property
    def trust(self) -> Trust:
        return Trust.NOT_CHECKED if self.fact is None else self.fact.trust

    @property
    def revocation(self) -> Revocation:
        return Revocation.NOT_CHECKED if self.fact is None else self.fact.revocation

    @property
    def is_proven(self) -> bool:
        return self.verdict in (Verdict.GENUINE, Verdict.EXTENDED)

    @property
    def placement(self) -> Placement | None:
        """Where it was placed, if the file is as issued: another's pages may be others."""
        return self.record.placement if self.record is not None and self.as_issued else None

    @property
    def stamped_at(self) -> datetime | None:
        return None if self.record is None else self.record.stamped_at


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """`cause`: a `Cause`, or for `unreadable` the code of the error with which readers gave up.
    `changes` are of what follows the first of our files in it."""

    verdict: Verdict
    cause: str | None = None
    stamps: tuple[JudgedStamp, ...] = ()
    changes: tuple[Change, ...] = ()
    size_bytes: int = field(default=0, compare=False)

    @property
    def proven(self) -> int:
        """How many e-meterai are proven to be as issued."""
        return sum(stamp.is_proven for stamp in self.stamps)


@dataclass(frozen=True, slots=True)
class Evidence:
    """`ours_until`: by stamping, see `issued_bytes`. `later`: what follows each such byte that is
    not the file's end. `facts` is None where the signatures were not read, or could not be: then
    `refusal` is the error's code. `drawn`: serials in QR codes of pages. `signers`: of e-meterai
    that are as issued, as `ports.StampReader.signers` finds them."""

    size_bytes: int
    records: Mapping[Serial, EMeterai]
    ours_until: Mapping[Serial, int] = field(default_factory=dict)
    later: Mapping[int, LaterChanges] = field(default_factory=dict)
    named: Collection[NamedSerial] = ()
    facts: Sequence[SignatureFact] | None = None
    refusal: str | None = None
    drawn: Collection[Serial] = ()
    signers: Mapping[Serial, str] = field(default_factory=dict)

    def is_proven(self, serial: Serial) -> bool:
        record = self.records.get(serial)
        return record is not None and record.stamping in self.ours_until


def needs_reading(evidence: Evidence) -> bool:
    """Whether the signatures are to be read: the bytes on record prove no e-meterai, or not all of
    those that signatures name."""
    named = [one.serial for one in evidence.named if one.in_signature]
    return not evidence.ours_until or not all(evidence.is_proven(one) for one in named)


def nothing_is_ours(evidence: Evidence) -> bool:
    """Whether only pictures are left to say which e-meterai the file claims: no bytes on record,
    and no signature that could be one of ours. A file that names one and cannot be read has lost
    it on its way."""
    if evidence.facts is None and any(one.in_signature for one in evidence.named):
        return False
    claims = [
        fact
        for fact in evidence.facts or ()
        if fact.serial is not None and fact.certificate is not CertificateOf.OTHERS
    ]
    return not (evidence.ours_until or claims)


def open_ends(evidence: Evidence) -> list[int]:
    """The bytes from which later changes are to be judged, in order. Of a record without sizes, the
    revision that our intact signature proves ends at such a byte too."""
    ends = set(evidence.ours_until.values())
    for fact in evidence.facts or ():
        record = None if fact.serial is None else evidence.records.get(fact.serial)
        is_known = record is not None and record.stamping not in evidence.ours_until
        if record is not None and is_known and _is_proven_by_signature(fact, record):
            ends.add(fact.end_bytes)
    return sorted(end for end in ends if end < evidence.size_bytes)


def judge_file(evidence: Evidence) -> VerificationResult:
    stamps = tuple(_judged_stamps(evidence))
    changes = evidence.later[min(evidence.later)].changes if evidence.later else ()
    verdicts = {stamp.verdict for stamp in stamps}
    for verdict in _WORST_FIRST:
        if verdict in verdicts:
            cause = next(stamp.cause for stamp in stamps if stamp.verdict is verdict)
            return VerificationResult(verdict, cause, stamps, changes)
    if evidence.drawn:
        copies = [JudgedStamp(serial, Verdict.COPY) for serial in evidence.drawn]
        others = [stamp for stamp in stamps if stamp.serial not in evidence.drawn]
        return VerificationResult(Verdict.COPY, None, (*others, *copies))
    if evidence.facts is None:
        return VerificationResult(Verdict.UNREADABLE, evidence.refusal)
    nothing_of_ours = Verdict.FOREIGN if evidence.facts else Verdict.NOT_STAMPED
    return VerificationResult(nothing_of_ours, None, stamps)


def _judged_stamps(evidence: Evidence) -> Iterator[JudgedStamp]:
    """Those that bytes on record prove, then those that a signature claims."""
    facts = [fact for fact in evidence.facts or () if fact.serial is not None]
    by_serial = {fact.serial: fact for fact in facts}
    for serial, record in evidence.records.items():
        if evidence.is_proven(serial):
            verdict, cause = _from(evidence.ours_until[record.stamping], evidence)
            fact, signer = by_serial.get(serial), evidence.signers.get(serial)
            yield JudgedStamp(
                serial, verdict, cause, record, fact, as_issued=True, certified=signer
            )
    for fact in facts:
        if fact.serial is not None and not evidence.is_proven(fact.serial):
            yield _by_signature(fact, evidence.records.get(fact.serial), evidence)
    for one in evidence.named:
        lost = evidence.records.get(one.serial)
        is_left = one.in_signature and one.serial not in by_serial and not evidence.ours_until
        if is_left and lost is not None and lost.outputs:
            yield JudgedStamp(one.serial, Verdict.ALTERED, _missing(lost, evidence), lost)


def _from(end: int, evidence: Evidence) -> tuple[Verdict, str | None]:
    if end == evidence.size_bytes:
        return Verdict.GENUINE, None
    later = evidence.later[end]
    return Verdict(later.verdict.value), later.cause


def _by_signature(fact: SignatureFact, record: EMeterai | None, evidence: Evidence) -> JudgedStamp:
    """Of a stamp whose issued bytes are not at the file's beginning."""

    def judged(verdict: Verdict, cause: str | None = None) -> JudgedStamp:
        return JudgedStamp(fact.serial or "", verdict, cause, record, fact)

    is_issued = record is not None and bool(record.outputs)
    if fact.certificate is CertificateOf.OTHERS and fact.integrity is Integrity.INTACT:
        return judged(Verdict.FOREIGN)
    if record is not None and is_issued:
        if _is_proven_by_signature(fact, record):
            return judged(*_from_revision(fact.end_bytes, evidence))
        return judged(Verdict.ALTERED, _missing(record, evidence, fact))
    if fact.is_ours_and_intact:
        is_void = record is not None and record.state is SerialState.VOID
        return judged(Verdict.WITHDRAWN if is_void else Verdict.UNRECORDED)
    if fact.certificate is CertificateOf.OURS or record is not None:
        return judged(Verdict.ALTERED, Cause.CHANGED if fact.in_place else Cause.REWRITTEN)
    return judged(Verdict.FOREIGN)


def _from_revision(end: int, evidence: Evidence) -> tuple[Verdict, str | None]:
    """Never better than `extended`: the file is not on record."""
    later = evidence.later.get(end)
    return (Verdict.EXTENDED, None) if later is None else (Verdict(later.verdict), later.cause)


def _missing(record: EMeterai, evidence: Evidence, fact: SignatureFact | None = None) -> Cause:
    """Why the issued file is not the file's beginning. Only what was saved anew has a signature
    that is not in its place; it may well be shorter than the issued file."""
    sizes = [file.size_bytes for file in record.outputs if file.size_bytes is not None]
    found = {one.serial for one in evidence.named} | {one.serial for one in evidence.facts or ()}
    if not found.issuperset(record.serials):
        return Cause.INCOMPLETE
    if fact is not None and not fact.in_place:
        return Cause.REWRITTEN
    if sizes and min(sizes) > evidence.size_bytes:
        return Cause.INCOMPLETE
    return Cause.REWRITTEN if fact is None else Cause.CHANGED


def _is_proven_by_signature(fact: SignatureFact, record: EMeterai) -> bool:
    """Of files that were recorded before sizes were."""
    without_size = all(file.size_bytes is None for file in record.outputs)
    return bool(record.outputs) and without_size and fact.is_ours_and_intact
