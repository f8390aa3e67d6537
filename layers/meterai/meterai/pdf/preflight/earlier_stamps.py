"""Whether the e-meterai that a document already bears still hold, and still show what they signed.

Of each only the digest is compared; what follows the last is judged as verification does. Who
signed is for verification. No library for signatures is imported.
"""

import hashlib
import re
from dataclasses import dataclass

from meterai.domain.errors import EarlierStampBroken
from meterai.domain.stamping.later_changes import ChangeVerdict
from meterai.domain.stamping.serials import Serial
from meterai.pdf.structure.objects import Dictionary, entry, numbers, raw
from meterai.pdf.structure.restrictions import signed_fields, stamp_serial

# The attribute messageDigest (RFC 5652, 11.2) with a SHA-256 digest, as DER.
_MESSAGE_DIGEST = re.compile(
    re.escape(bytes.fromhex("06092a864886f70d01090431220420")) + rb"(.{32})", re.DOTALL
)


def refuse_broken_stamps(document: bytes, catalog: Dictionary) -> None:
    """Raises EarlierStampBroken for the first stamp whose signed bytes are not in the file."""
    if "/AcroForm" not in catalog:
        return
    for field, signature in signed_fields(catalog):
        serial = stamp_serial(entry(field, "/T"), signature)
        if serial and not _holds(document, signature):
            raise EarlierStampBroken(serial=serial)


@dataclass(frozen=True, slots=True)
class LastStamp:
    """`end`: where its revision ends."""

    serial: Serial
    end: int


def last_stamp(catalog: Dictionary) -> LastStamp | None:
    found = []
    for field, signature in signed_fields(catalog):
        serial = stamp_serial(entry(field, "/T"), signature)
        byte_range = numbers(raw(signature, "/ByteRange"))
        if serial and byte_range:
            found.append(LastStamp(serial, int(sum(byte_range[-2:]))))
    return max(found, key=lambda one: one.end, default=None)


def refuse_covered_stamps(document: bytes, last: LastStamp) -> None:
    """Raises EarlierStampBroken where what follows the last e-meterai changes or covers anything,
    or is too much to compare. Opens sandboxes of its own."""
    if last.end >= len(document):
        return
    from meterai.pdf.verification.changes.judge import judge_changes

    later = judge_changes(document, last.end)
    if later.verdict is not ChangeVerdict.EXTENDED:
        raise EarlierStampBroken(serial=last.serial)


def _holds(document: bytes, signature: Dictionary) -> bool:
    """Also where the signature has no SHA-256 digest to compare: it is not one of ours."""
    byte_range = [int(one) for one in numbers(raw(signature, "/ByteRange")) or ()]
    if len(byte_range) != 4 or min(byte_range) < 0 or byte_range[0] != 0:
        return False
    _, first_ends, second_at, second_length = byte_range
    if not first_ends < second_at <= second_at + second_length <= len(document):
        return False
    written = document[first_ends:second_at]
    try:
        signed = bytes.fromhex(written[1:-1].decode("ascii"))
    except ValueError:
        return False
    digest = _MESSAGE_DIGEST.search(signed)
    view = memoryview(document)
    covered = hashlib.sha256(view[:first_ends])
    covered.update(view[second_at : second_at + second_length])
    return digest is None or digest[1] == covered.digest()
