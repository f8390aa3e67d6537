"""Validation of a file's signatures with pyHanko. Importing this takes half a second.

Nothing is fetched. Only what the file contains counts (timestamps, certificates, OCSP responses,
CRLs), so the result is the same today and in ten years.
"""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.generic_cms import (
    extract_tst_data_iter,
    message_imprint_checker,
    validate_tst_signed_data,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    TimestampSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from meterai.domain.errors import DocumentEncrypted
from meterai.domain.stamping.serials import Serial, parse_serial
from meterai.pdf.engines.encryption import Reader
from meterai.pdf.stamp_spec import FIELD_PREFIX, SERIAL_KEY
from meterai.pdf.structure.objects import Dictionary, entry, numbers, raw
from meterai.pdf.verification.signature_check import SignatureCheck
from meterai.pdf.verification.subjects import subject_name
from meterai.pdf.verification.validation_data import ValidationData, read_store

TIMESTAMP = "/DocTimeStamp"


def check_signatures(
    document: bytes,
    roots: Sequence[bytes],
    signers: Collection[bytes] | None,
) -> list[SignatureCheck]:
    """See `read_stamps`. Raises errors of any kind for a file that pyHanko cannot follow."""
    reader = open_leniently(document)
    data = _validation_data(reader, [Certificate.load(root) for root in roots], signers)
    checks = [
        (_end_of_range(value.get_object()), _check(reader, document, str(name), field, data))
        for name, value, field in enumerate_sig_fields(reader, filled_status=True)
        if entry(value.get_object(), "/Type") != TIMESTAMP
    ]
    return [check for _, check in sorted(checks, key=lambda pair: pair[0])]


def open_leniently(document: bytes) -> PdfFileReader:
    """Raises DocumentEncrypted where a password is needed, and errors of any kind."""
    reader = Reader(document)
    if reader.encrypted:
        _open_with_empty_password(reader)
    return reader


def signatures(reader: PdfFileReader) -> Iterator[tuple[str, EmbeddedPdfSignature]]:
    """Field name and signature, for each that can be parsed, document timestamps included."""
    for name, _, field in enumerate_sig_fields(reader, filled_status=True):
        try:
            signature = EmbeddedPdfSignature(reader, field.get_object(), str(name))
        except Exception:  # noqa: BLE001, S112 - a hostile file may raise anything
            continue
        yield str(name), signature


def certificates_in(signed: cms.SignedData) -> list[Certificate]:
    return [choice.chosen for choice in signed["certificates"] if choice.name == "certificate"]


def tokens_in(signature: EmbeddedPdfSignature) -> Iterator[cms.SignedData]:
    """The timestamp tokens inside a signature."""
    yield from extract_tst_data_iter(signature.signer_info, signed=False)


def end_of_range(signature: EmbeddedPdfSignature) -> float:
    """For the order of signing: each later signature covers more of the file."""
    return _end_of_range(signature.sig_object)


def _validation_data(
    reader: PdfFileReader, roots: Sequence[Certificate], signers: Collection[bytes] | None
) -> ValidationData:
    store, others = read_store(reader), _certificates_of_all(reader)
    bare = ValidationData(roots, store, others)
    timestamps = []
    for _, value, field in enumerate_sig_fields(reader, filled_status=True):
        if entry(value.get_object(), "/Type") == TIMESTAMP:
            try:
                timestamp = EmbeddedPdfSignature(reader, field.get_object(), "")
                at = _time_of(timestamp.signed_data)
                validate = partial(validate_pdf_timestamp, timestamp, skip_diff=True)
                status = bare.judged(validate, at)
            except Exception:  # noqa: BLE001, S112 - a hostile timestamp proves nothing
                continue
            if status.intact and status.valid and status.trusted:
                timestamps.append((end_of_range(timestamp), at))
    return ValidationData(roots, store, others, signers, timestamps)


def _certificates_of_all(reader: PdfFileReader) -> list[Certificate]:
    """A timestamp server need not send its chain: another signature of the file may contain it."""
    found: list[Certificate] = []
    for _, signature in signatures(reader):
        with suppress(Exception):  # its own check reports what is wrong with it
            for signed in (signature.signed_data, *tokens_in(signature)):
                found += certificates_in(signed)
    return found


def _time_of(token: cms.SignedData) -> datetime:
    """The time in the token (RFC 3161, 2.4.2)."""
    generated: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return generated


def _check(
    reader: PdfFileReader,
    document: bytes,
    name: str,
    field: generic.IndirectObject,
    data: ValidationData,
) -> SignatureCheck:
    """Any error while validating one signature means that this signature does not hold."""
    named = name.startswith(FIELD_PREFIX)
    serial = parse_serial(name.removeprefix(FIELD_PREFIX)) if named else None
    in_place = False
    try:
        signature = EmbeddedPdfSignature(reader, field.get_object(), name)
        # A field may be renamed later; this is among the signed bytes.
        written = parse_serial(str(entry(signature.sig_object, f"/{SERIAL_KEY}") or "/")[1:])
        serial = written or serial
        in_place = _only_contents_is_unsigned(signature, document)
        return _validated(signature, document, serial, data)
    except Exception as error:  # noqa: BLE001 - a hostile signature may raise anything
        return SignatureCheck(
            field=name,
            serial=serial,
            intact=False,
            trusted=False,
            signed_at=None,
            reason=None,
            in_place=in_place,
            problem=type(error).__name__,
        )


def _validated(
    signature: EmbeddedPdfSignature,
    document: bytes,
    serial: Serial | None,
    data: ValidationData,
) -> SignatureCheck:
    signed_at = signature.self_reported_timestamp
    if signed_at is not None and signed_at.tzinfo is None:
        signed_at = signed_at.replace(tzinfo=UTC)
    end = end_of_range(signature)
    proofs = [at for covered, at in data.timestamps if covered > end]
    proven_at = min((*proofs, *_own_timestamps(signature, data)), default=None)
    status = data.judged(
        partial(validate_pdf_signature, signature, skip_diff=True),
        proven_at or signed_at,
    )
    reason = entry(signature.sig_object, "/Reason")
    return SignatureCheck(
        field=signature.field_name,
        serial=serial,
        intact=status.intact and status.valid,
        trusted=status.trusted and data.accepts(signature.signer_cert),
        signed_at=signed_at,
        proven_at=proven_at,
        reason=str(reason) if reason is not None else None,
        of_signer=None if data.signers is None else data.accepts(signature.signer_cert),
        is_revoked=_is_revoked(signature, status, data, proven_at or signed_at),
        subject=subject_name(signature.signer_cert),
        in_place=_only_contents_is_unsigned(signature, document),
        covers_revision=_covers_revision(signature, document),
        end_bytes=int(end),
        unreadable=tuple(data.store.unreadable),
    )


def _is_revoked(
    signature: EmbeddedPdfSignature,
    status: PdfSignatureStatus,
    data: ValidationData,
    moment: datetime | None,
) -> bool | None:
    """None where the file holds no proof for the whole chain."""
    if status.revoked:
        return True
    if not status.trusted or not data.proves_revocation:
        return None
    validate = partial(validate_pdf_signature, signature, skip_diff=True)
    checked = data.judged(validate, moment, "require")
    return False if checked.trusted else None


def _own_timestamps(signature: EmbeddedPdfSignature, data: ValidationData) -> Iterator[datetime]:
    """The time of each valid token in the signature itself (B-T), validated at that time."""
    for token in tokens_in(signature):
        at = _time_of(token)
        of_signature = message_imprint_checker(signature.signer_info)
        status = data.judged(partial(_token_status, token, of_signature), at)
        if status.intact and status.valid and status.trusted:
            yield at


def _token_status(
    token: cms.SignedData, of_signature: Any, context: ValidationContext
) -> TimestampSignatureStatus:
    validation = validate_tst_signed_data(token, context, of_signature)
    return TimestampSignatureStatus(**asyncio.run(validation))


def _covers_revision(signature: EmbeddedPdfSignature, document: bytes) -> bool:
    if not _only_contents_is_unsigned(signature, document):
        return False
    level: SignatureCoverageLevel = signature.evaluate_signature_coverage()
    return level in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)


def _only_contents_is_unsigned(signature: EmbeddedPdfSignature, document: bytes) -> bool:
    """The byte range leaves out the signature's own hexadecimal string and nothing else.

    A larger gap could hide another document (signature wrapping).
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
