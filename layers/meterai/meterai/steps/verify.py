"""Verify a file: what its signatures say, held against what the office knows of their serials."""

from meterai.domain.stamping.serials import parse_serial
from meterai.domain.stamping.verdicts import VerificationResult, judge_file
from meterai.ports import Documents, Serials, StampReader


def verify(
    account: str,
    sha256: str,
    *,
    documents: Documents,
    read_stamps: StampReader,
    store: Serials,
) -> VerificationResult:
    """The verdict on an uploaded file. Raises DocumentMissing, DocumentRefused."""
    # 1. The file, with the hash that was declared.
    document = documents.get(account, sha256)
    # 2. What it says itself.
    findings = read_stamps(document)
    # 3. What we know of each serial.
    serials = [s for finding in findings if (s := parse_serial(finding.serial)) is not None]
    records = {one.serial: one for one in store.get_many(serials)}
    return judge_file(sha256, findings, records)
