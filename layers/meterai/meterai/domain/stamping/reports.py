"""A verification as a signed statement: what a file was found to be, when, and by whom, so that a
portal can file it beside the file and show it to somebody who asks nobody.

Signed with the key of the hour in which it was made, as receipts are.
"""

from dataclasses import dataclass
from datetime import datetime

from meterai.domain.stamping.file_evidence import CertificateOf, Integrity, Revocation, Trust
from meterai.domain.stamping.later_changes import Change
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.verdicts import JudgedStamp, Verdict, VerificationResult

MAX_STAMPS = 100
MAX_CHANGES = 100  # those of the earliest revisions


@dataclass(frozen=True, slots=True)
class ReportedStamp:
    """`page` and `box` are of its place on record, as `Placement` has them; None without one. The
    last four are what was checked of its signature."""

    serial: Serial
    verdict: Verdict
    cause: str | None
    stamped_at: datetime | None
    page: int | None
    box: tuple[float, float, float, float] | None
    integrity: Integrity
    certificate: CertificateOf
    trust: Trust
    revocation: Revocation


@dataclass(frozen=True, slots=True)
class Report:
    """`document` is the SHA-256 of the file, 64 hex digits; `verified_at` is in whole seconds."""

    document: str
    size_bytes: int
    verified_at: datetime
    verdict: Verdict
    cause: str | None
    stamps: tuple[ReportedStamp, ...]
    changes: tuple[Change, ...]


def report_of(document: str, result: VerificationResult, at: datetime) -> Report:
    return Report(
        document=document,
        size_bytes=result.size_bytes,
        verified_at=at.replace(microsecond=0),
        verdict=result.verdict,
        cause=result.cause,
        stamps=tuple(_stamp(one) for one in result.stamps[:MAX_STAMPS]),
        changes=result.changes[:MAX_CHANGES],
    )


def _stamp(stamp: JudgedStamp) -> ReportedStamp:
    place = stamp.placement
    return ReportedStamp(
        serial=Serial(stamp.serial),
        verdict=stamp.verdict,
        cause=stamp.cause,
        stamped_at=stamp.stamped_at,
        page=None if place is None else place.page,
        box=None if place is None else place.box,
        integrity=stamp.integrity,
        certificate=stamp.certificate,
        trust=stamp.trust,
        revocation=stamp.revocation,
    )
