"""Who made a later signature and when, as the signature itself claims.

Nothing is verified here: a name is that of the certificate in the signature, and anybody may issue
such a certificate.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from asn1crypto import cms, core

from meterai.domain.stamping.later_changes import ChangeKind
from meterai.pdf.structure.objects import numbers
from meterai.pdf.structure.strings import Text

MAX_NAME_CHARACTERS = 200

_DATE = re.compile(
    r"D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:Z|([+-])(\d{2})'?(\d{2})?'?)?"
)
_CMS_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class ClaimedSignature:
    """`covers_revision`: it covers the file up to the end of its revision, but for its value."""

    what: ChangeKind
    signer: str | None
    at: datetime | None
    covers_revision: bool


def read_signature(
    document: bytes, start: int, end: int, value: dict[str, Any], *, names: bool = True
) -> ClaimedSignature:
    """From a signature dictionary in the revision from `start` to `end`. Without `names` the CMS is
    not parsed, which takes a millisecond."""
    is_timestamp = value.get("/Type") == "/DocTimeStamp"
    written = value.get("/M")
    signer, at = None, _date(str(written)) if isinstance(written, Text) else None
    contents = value.get("/Contents")
    if names and isinstance(contents, Text):
        try:
            signer, proven = _from_cms(contents.encoded)
            at = proven or at
        except _CMS_ERRORS:
            signer = None
    return ClaimedSignature(
        ChangeKind.TIMESTAMP if is_timestamp else ChangeKind.SIGNATURE,
        signer,
        at,
        _covers(document, start, end, value),
    )


def _covers(document: bytes, start: int, end: int, value: dict[str, Any]) -> bool:
    byte_range, contents = numbers(value.get("/ByteRange")), value.get("/Contents")
    if byte_range is None or len(byte_range) != 4 or not isinstance(contents, Text):
        return False
    first, before, after, rest = map(int, byte_range)
    if first != 0 or not start < before < after or not after + rest <= len(document):
        return False
    gap = document[before:after]
    if gap[:1] != b"<" or gap[-1:] != b">" or len(gap) % 2:
        return False
    try:
        is_value = bytes.fromhex(gap[1:-1].decode("ascii")) == contents.encoded
    except ValueError:
        return False
    covered = after + rest
    left_out = document[min(covered, end) : max(covered, end)]
    return is_value and covered > after and not left_out.strip(b"\r\n")


def _from_cms(encoded: bytes) -> tuple[str | None, datetime | None]:
    """The subject's common name, and the time of a timestamp token."""
    content = cms.ContentInfo.load(encoded)["content"]
    if not isinstance(content, cms.SignedData):
        return None, None
    at = None
    if content["encap_content_info"]["content_type"].native == "tst_info":
        at = content["encap_content_info"]["content"].parsed["gen_time"].native
    wanted = content["signer_infos"][0]["sid"]
    for choice in content["certificates"]:
        certificate = choice.chosen
        if choice.name == "certificate" and _is_named(certificate, wanted):
            subject = certificate.subject.native
            named = subject.get("common_name") or certificate.subject.human_friendly
            named = named[0] if isinstance(named, list) else named
            return str(named)[:MAX_NAME_CHARACTERS], at
    return None, at


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
