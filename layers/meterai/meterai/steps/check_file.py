"""Check a file for anybody: a visitor uploads it, and its verdict is shown for a day."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from meterai.domain.checks.checks import UPLOADS, Check, MarkedPage
from meterai.domain.errors import DocumentMissing, DocumentTooLarge
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.verdicts import JudgedStamp, Verdict, VerificationResult
from meterai.ports import Serials
from meterai.steps.read_serial import read_serial
from meterai.steps.verify import VerifyPorts, verify_document

PICTURE_DPI = 96


@dataclass(frozen=True, slots=True)
class CheckedFile:
    sha256: str
    result: VerificationResult


class FingerprintPorts(Protocol):
    @property
    def serials(self) -> Serials: ...


class CheckFilePorts(VerifyPorts, Protocol):
    @property
    def max_document_bytes(self) -> int: ...


def check_file(check: Check, key: str, ports: CheckFilePorts) -> CheckedFile:
    """`key` names the upload, as storage told the browser. Raises DocumentMissing,
    DocumentTooLarge, Unavailable."""
    # 1. The file. Nobody declared a hash: whatever arrived is what is checked.
    document, file = _uploaded(check, key, ports)
    # 2. The verdict, as for everybody.
    return CheckedFile(file.sha256, verify_document(document, file, ports))


def check_fingerprint(
    serial: str, sha256: str, ports: FingerprintPorts
) -> VerificationResult | None:
    """The verdict on a file that stays with its owner, where its fingerprint says enough: it is
    the file that was issued with this serial, and its document bore no other e-meterai before.
    Raises NotFound."""
    first = read_serial(serial, ports)
    is_issued = first.outputs[0].sha256 == sha256 and first.earlier_stamps == 0
    if not is_issued:
        return None
    stamps = tuple(
        JudgedStamp(one.serial, Verdict.GENUINE, record=one, as_issued=True)
        for one in ports.serials.get_many(first.serials)
    )
    return VerificationResult(
        Verdict.GENUINE, None, stamps, size_bytes=first.outputs[0].size_bytes or 0
    )


def draw_checked_page(check: Check, key: str, page: MarkedPage, ports: CheckFilePorts) -> bytes:
    """Raises DocumentMissing, DocumentTooLarge, DocumentRefused, Unavailable."""
    _, file = _uploaded(check, key, ports)
    return ports.stamp_reader.draw_page(file, page.page, page.marks, dpi=PICTURE_DPI)


def _uploaded(check: Check, key: str, ports: CheckFilePorts) -> tuple[bytes, FileAddress]:
    upload = ports.documents.find_upload(check.account, UPLOADS, key)
    if upload is None:
        raise DocumentMissing
    if upload.size_bytes > ports.max_document_bytes:
        raise DocumentTooLarge(size_bytes=upload.size_bytes, limit_bytes=ports.max_document_bytes)
    document = ports.documents.read_upload(upload)
    return document, ports.documents.locate_upload(upload, hashlib.sha256(document).hexdigest())
