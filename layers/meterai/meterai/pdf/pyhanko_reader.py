"""The signatures of a file as pyHanko validates them. Importing this takes half a second."""

from collections.abc import Sequence
from datetime import UTC
from io import BytesIO

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from meterai.domain.errors import DocumentEncrypted
from meterai.domain.serials import Serial, parse_serial
from meterai.pdf.marks import FIELD_PREFIX
from meterai.pdf.objects import Dictionary, entry, numbers, raw
from meterai.pdf.verify import Coverage, StampFinding

TIMESTAMP = "/DocTimeStamp"


def findings(document: bytes, roots: Sequence[bytes]) -> list[StampFinding]:
    """See `read_stamps`. Raises errors of any kind for a file that pyHanko cannot follow."""
    trusted = [Certificate.load(root) for root in roots]
    reader = PdfFileReader(BytesIO(document), strict=False)
    if reader.encrypted:
        _open_with_empty_password(reader)
    found = [
        (_end_of_range(value.get_object()), _finding(reader, document, str(name), field, trusted))
        for name, value, field in enumerate_sig_fields(reader, filled_status=True)
        if entry(value.get_object(), "/Type") != TIMESTAMP
    ]
    return [finding for _, finding in sorted(found, key=lambda pair: pair[0])]


def _finding(
    reader: PdfFileReader,
    document: bytes,
    name: str,
    field: generic.IndirectObject,
    roots: list[Certificate],
) -> StampFinding:
    """Whatever goes wrong in judging one signature says that this one does not hold."""
    named = name.startswith(FIELD_PREFIX)
    serial = parse_serial(name.removeprefix(FIELD_PREFIX)) if named else None
    try:
        signature = EmbeddedPdfSignature(reader, field.get_object(), name)
        return _judged(signature, document, serial, roots)
    except Exception as error:  # noqa: BLE001 - a hostile signature may raise anything
        return StampFinding(
            field=name,
            serial=serial,
            intact=False,
            trusted=False,
            coverage=Coverage.PARTIAL,
            signed_at=None,
            reason=None,
            problem=type(error).__name__,
        )


def _judged(
    signature: EmbeddedPdfSignature,
    document: bytes,
    serial: Serial | None,
    roots: list[Certificate],
) -> StampFinding:
    signed_at = signature.self_reported_timestamp
    if signed_at is not None and signed_at.tzinfo is None:
        signed_at = signed_at.replace(tzinfo=UTC)
    context = ValidationContext(
        trust_roots=roots, moment=signed_at, allow_fetching=False, revocation_mode="soft-fail"
    )
    status = validate_pdf_signature(signature, signer_validation_context=context)
    reason = entry(signature.sig_object, "/Reason")
    return StampFinding(
        field=signature.field_name,
        serial=serial,
        intact=status.intact and status.valid,
        trusted=status.trusted,
        coverage=_coverage(signature, document, allowed=bool(status.docmdp_ok)),
        signed_at=signed_at,
        reason=str(reason) if reason is not None else None,
    )


def _coverage(signature: EmbeddedPdfSignature, document: bytes, *, allowed: bool) -> Coverage:
    if not _gap_is_the_value(signature, document):
        return Coverage.PARTIAL
    level: SignatureCoverageLevel = signature.evaluate_signature_coverage()
    if level == SignatureCoverageLevel.ENTIRE_FILE:
        return Coverage.WHOLE_FILE
    if level == SignatureCoverageLevel.ENTIRE_REVISION:
        return Coverage.EXTENDED if allowed else Coverage.ALTERED
    return Coverage.PARTIAL


def _gap_is_the_value(signature: EmbeddedPdfSignature, document: bytes) -> bool:
    """The byte range leaves out the signature's own hexadecimal string and nothing else.

    A larger gap would let somebody put another document into it (signature wrapping).
    """
    start, first, second, _ = (int(number) for number in signature.byte_range)
    gap = document[first:second]
    written = gap[1:-1].decode("ascii", errors="replace")
    quoted = gap[:1] == b"<" and gap[-1:] == b">"
    return start == 0 and quoted and bytes.fromhex(written) == signature.pkcs7_content


def _end_of_range(signature: Dictionary) -> float:
    """For the order of signing: each later signature covers more of the file."""
    byte_range = numbers(raw(signature, "/ByteRange"))
    return sum(byte_range[-2:]) if byte_range else 0


def _open_with_empty_password(reader: PdfFileReader) -> None:
    if (
        not isinstance(reader.security_handler, StandardSecurityHandler)
        or reader.decrypt("").status == AuthStatus.FAILED
    ):
        raise DocumentEncrypted
