"""Who made a later signature and when, as the signature itself claims.

Its digest must be that of the file: else it is no signature, whatever its field shows. No more is
verified here: a name is that of the certificate in the signature, and anybody may issue such a
certificate.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from asn1crypto import cms, core

from meterai.domain.stamping.later_changes import ChangeKind
from meterai.pdf.structure.objects import numbers
from meterai.pdf.structure.strings import Text
from meterai.pdf.verification.subjects import subject_name

_DATE = re.compile(
    r"D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:Z|([+-])(\d{2})'?(\d{2})?'?)?"
)
_CMS_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class ClaimedSignature:
    """`covers_revision`: it is of the file up to the end of its revision, but for its value."""

    what: ChangeKind
    signer: str | None
    at: datetime | None
    covers_revision: bool


def read_signature(
    document: bytes, start: int, end: int, value: dict[str, Any]
) -> ClaimedSignature:
    """From a signature dictionary in the revision from `start` to `end`."""
    is_timestamp = value.get("/Type") == "/DocTimeStamp"
    what = ChangeKind.TIMESTAMP if is_timestamp else ChangeKind.SIGNATURE
    written = value.get("/M")
    signer, at = None, _date(str(written)) if isinstance(written, Text) else None
    contents = value.get("/Contents")
    is_of_file = False
    if isinstance(contents, Text):
        try:
            signed = _signed_data(contents.encoded)
            covered = _covered(document, start, end, value, contents.encoded)
            is_of_file = covered is not None and _is_of(signed, covered)
            at = _proven_time(signed) or at
            signer = _signer(signed)
        except _CMS_ERRORS:
            pass
    return ClaimedSignature(what, signer, at, is_of_file)


def _covered(
    document: bytes, start: int, end: int, value: dict[str, Any], contents: bytes
) -> bytes | None:
    """What its byte range covers; None where that is not all of the revision but the contents."""
    byte_range = numbers(value.get("/ByteRange"))
    if byte_range is None or len(byte_range) != 4:
        return None
    first, before, after, rest = map(int, byte_range)
    if first != 0 or not start < before < after or not after + rest <= len(document):
        return None
    gap = document[before:after]
    if gap[:1] != b"<" or gap[-1:] != b">" or len(gap) % 2:
        return None
    if bytes.fromhex(gap[1:-1].decode("ascii")) != contents:
        return None
    covered = after + rest
    left_out = document[min(covered, end) : max(covered, end)]
    if covered <= after or left_out.strip(b"\r\n"):
        return None
    return document[:before] + document[after:covered]


def _signed_data(encoded: bytes) -> cms.SignedData:
    content = cms.ContentInfo.load(encoded)["content"]
    if not isinstance(content, cms.SignedData):
        raise TypeError("no signed data")
    return content


def _is_of(signed: cms.SignedData, covered: bytes) -> bool:
    """Whether the digest in it is that of these bytes."""
    (signer, *_) = signed["signer_infos"]
    inner = signed["encap_content_info"]
    if inner["content_type"].native == "tst_info":
        imprint = inner["content"].parsed["message_imprint"]
        name, digest = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"]
        return bool(hashlib.new(name, covered).digest() == digest.native)
    if inner["content"].native is not None:  # adbe.pkcs7.sha1
        encapsulated: bytes = inner["content"].native
        if encapsulated != hashlib.sha1(covered, usedforsecurity=False).digest():
            return False
        covered = encapsulated
    digests = [
        attribute["values"][0].native
        for attribute in signer["signed_attrs"]
        if attribute["type"].native == "message_digest"
    ]
    name = signer["digest_algorithm"]["algorithm"].native
    return digests == [hashlib.new(name, covered).digest()]


def _proven_time(signed: cms.SignedData) -> datetime | None:
    """Of a timestamp token."""
    inner = signed["encap_content_info"]
    if inner["content_type"].native != "tst_info":
        return None
    at: datetime = inner["content"].parsed["gen_time"].native
    return at


def _signer(signed: cms.SignedData) -> str | None:
    """The subject of the certificate that it names, if it holds it."""
    wanted = signed["signer_infos"][0]["sid"]
    for choice in signed["certificates"]:
        certificate = choice.chosen
        if choice.name == "certificate" and _is_named(certificate, wanted):
            return subject_name(certificate)
    return None


def _is_named(certificate: Any, wanted: Any) -> bool:
    if wanted.name == "issuer_and_serial_number":
        named = (wanted.chosen["issuer"].dump(), wanted.chosen["serial_number"].native)
        return (certificate.issuer.dump(), certificate.serial_number) == named
    assert isinstance(wanted.chosen, core.OctetString)
    return bool(certificate.key_identifier == wanted.chosen.native)


def _date(written: str) -> datetime | None:
    """A date string (7.9.4), in UTC."""
    found = _DATE.match(written)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    sign, hours, minutes = found.groups()[6:]
    try:
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        zone = timezone(-offset if sign == "-" else offset)
        local = datetime(year, month or 1, day or 1, hour, minute, second, tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
