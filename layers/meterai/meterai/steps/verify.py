"""Verify a file: what its signatures say, compared with what is recorded of their serials."""

from typing import Protocol

from meterai.domain.stamping.serials import parse_serial
from meterai.domain.stamping.verdicts import VerificationResult, judge_file
from meterai.ports import Documents, Serials, StampReader


class VerifyPorts(Protocol):
    @property
    def documents(self) -> Documents: ...
    @property
    def read_stamps(self) -> StampReader: ...
    @property
    def serials(self) -> Serials: ...


def verify(account: str, sha256: str, ports: VerifyPorts) -> VerificationResult:
    """The verdict on an uploaded file. Raises DocumentMissing, DocumentRefused."""
    # 1. The file, with the hash that was declared.
    document = ports.documents.get(account, sha256)
    # 2. What it says itself.
    findings = ports.read_stamps(document)
    # 3. What is recorded of each serial.
    serials = [s for finding in findings if (s := parse_serial(finding.serial)) is not None]
    records = {one.serial: one for one in ports.serials.get_many(serials)}
    return judge_file(sha256, findings, records)
