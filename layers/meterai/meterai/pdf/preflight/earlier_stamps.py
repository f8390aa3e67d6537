"""Whether the e-meterai that a document already bears still hold, and still show what they signed.

Of each the digest is compared, and what follows it is judged as verification does. Who signed is
for verification. No library for signatures is imported for the digests.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.stamping.later_changes import ChangeVerdict
from meterai.domain.stamping.serials import Serial
from meterai.pdf.structure.objects import Dictionary, entry, numbers, raw
from meterai.pdf.structure.restrictions import signed_fields, stamp_serial

# The attribute messageDigest (RFC 5652, 11.2) with a SHA-256 digest, as DER.
_MESSAGE_DIGEST = re.compile(
    re.escape(bytes.fromhex("06092a864886f70d01090431220420")) + rb"(.{32})", re.DOTALL
)

MAX_COMPARISONS = 2
"""Each may take the whole of the sandbox's time; further stamps count as the last one compared."""


def broken_stamps(document: bytes, catalog: Dictionary) -> tuple[Serial, ...]:
    """Those whose signed bytes are not in the file, as far as its signatures tell: whose they are,
    only the records say."""
    if "/AcroForm" not in catalog:
        return ()
    named = (
        (stamp_serial(entry(field, "/T"), signature), signature)
        for field, signature in signed_fields(catalog)
    )
    return tuple(serial for serial, one in named if serial and not _holds(document, one))


@dataclass(frozen=True, slots=True)
class EarlierStamp:
    """`end`: where its revision ends."""

    serial: Serial
    end: int


def earlier_stamps(catalog: Dictionary) -> tuple[EarlierStamp, ...]:
    """In the order of stamping."""
    found = []
    for field, signature in signed_fields(catalog):
        serial = stamp_serial(entry(field, "/T"), signature)
        byte_range = numbers(raw(signature, "/ByteRange"))
        if serial and byte_range:
            found.append(EarlierStamp(serial, int(sum(byte_range[-2:]))))
    return tuple(sorted(found, key=lambda one: one.end))


def changed_later(document: bytes, stamps: Sequence[EarlierStamp]) -> tuple[Serial, ...]:
    """Those that what follows them changes or covers, or that are too much to compare. What follows
    a later one is part of what follows an earlier one. Opens sandboxes of its own."""
    from meterai.pdf.verification.changes.judge import judge_changes

    changed = []
    for count, stamp in enumerate(stamps):
        if stamp.end >= len(document):
            break
        is_compared = count < MAX_COMPARISONS
        if is_compared and judge_changes(document, stamp.end).verdict is ChangeVerdict.EXTENDED:
            break
        changed.append(stamp.serial)
    return tuple(changed)


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
