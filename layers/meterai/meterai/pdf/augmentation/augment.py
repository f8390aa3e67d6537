"""Augmentation of a stamped file by further revisions: a document timestamp, then validation data.

The stamped bytes stay a prefix. A DocTimeStamp (ISO 32000-2, 12.8.5) is added where a stamp has no
timestamp of its own. A DSS (ETSI EN 319 142-1, 5.4) holds certificates, OCSP responses and CRLs of
signers and timestamp servers, without VRI, which that standard advises against. Importing this
takes half a second.
"""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError
from pyhanko_certvalidator.path import ValidationPath

from meterai.domain.errors import Unavailable
from meterai.pdf.augmentation.revocation import Fetch, RevocationFacts
from meterai.pdf.engines.pyhanko_update import Update
from meterai.pdf.sandbox import run_sandboxed
from meterai.pdf.signing.timestamps import Timestamps
from meterai.pdf.structure.restrictions import stamp_serial
from meterai.pdf.verification.pyhanko_reader import (
    TIMESTAMP,
    certificates_in,
    end_of_range,
    open_leniently,
    signatures,
    tokens_in,
)


def check_in_sandbox(document: bytes, *, signers: Collection[bytes]) -> None:
    """Have pyHanko read the file in a sandbox first. It starts with a customer's bytes, and the
    engine that stamped it may not have been pyHanko. What is read there can be read here too, where
    servers are called, which the sandbox cannot do. Raises DocumentTooComplex, DocumentDamaged,
    DocumentEncrypted, and Unavailable where the file has no stamp of ours."""

    def read() -> int:
        stamps, _ = _stamps(open_leniently(document), signers)
        return len(stamps) + len(Update(document, seed="").root)

    run_sandboxed(read)


def add_timestamp(document: bytes, timestamps: Timestamps, *, signers: Collection[bytes]) -> bytes:
    """Adds a revision with a document timestamp, unless every stamp has a timestamp already.

    `signers` are our signing certificates (DER). Raises Unavailable where no server answers.
    """
    stamps, later = _stamps(open_leniently(document), signers)
    if later or all(any(tokens_in(stamp)) for stamp in stamps):
        return document
    name = hashlib.sha256(document).hexdigest()[:16]
    stamper = PdfTimeStamper(_Servers(timestamps), field_name=f"Timestamp-{name}")
    update = Update(document, seed="timestamp")
    _add_unseen_field(update, stamper.field_name)
    output = BytesIO()
    asyncio.run(
        stamper.async_timestamp_pdf(
            update,
            "sha256",
            bytes_reserved=2 * timestamps.largest_bytes,  # hexadecimal digits
            output=output,
        )
    )
    return output.getvalue()


def add_validation_data(
    document: bytes,
    *,
    fetch: Fetch,
    roots: Sequence[bytes],
    signers: Collection[bytes],
    at: datetime,
) -> bytes:
    """Adds a revision with what proves that the certificates of stamps and timestamps are valid
    `at` this time. Raises Unavailable where that cannot be proved now."""
    trusted = [Certificate.load(root) for root in roots]
    stamps, later = _stamps(open_leniently(document), signers)
    signed = [one.signed_data for one in (*stamps, *later)]
    signed += [token for stamp in stamps for token in tokens_in(stamp)]
    others = [certificate for one in signed for certificate in certificates_in(one)]
    facts = RevocationFacts(fetch)
    leaves = [_signer(one) for one in signed]
    for leaf in leaves:
        facts.gather(_path(leaf, ValidationContext(trusted, other_certs=others, moment=at)))
    proof = ValidationContext(
        trusted,
        other_certs=[*others, *facts.responders()],
        moment=at,
        ocsps=facts.ocsps,
        crls=list(facts.crls.values()),
        revocation_mode="hard-fail",
        retroactive_revinfo=True,  # a response may be some seconds younger than `at`
    )
    paths = [_path(leaf, proof) for leaf in leaves]
    update = Update(document, seed="validation data")
    DocumentSecurityStore.supply_dss_in_writer(
        update,
        None,
        certs=facts.responders(),
        ocsps=facts.ocsps,
        crls=facts.crls.values(),
        paths=paths,
    )
    output = BytesIO()
    write: Callable[[BytesIO], None] = update.write
    write(output)
    return output.getvalue()


def _add_unseen_field(update: Update, name: str) -> None:
    """A signature field without a size, and with the appearance that PDF/A-1 asks of every field
    (ISO 19005-1, 6.9)."""
    append_signature_field(update, SigFieldSpec(name))
    field = update.root["/AcroForm"]["/Fields"][-1]
    assert field["/T"] == name
    nothing = RawContent(b"", box=BoxConstraints(width=1, height=1)).as_form_xobject()
    field["/AP"] = DictionaryObject({pdf_name("/N"): update.add_object(nothing)})


class _Servers(TimeStamper):
    """Our timestamp servers behind pyHanko's interface."""

    def __init__(self, timestamps: Timestamps) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._timestamps = timestamps

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        assert md_algorithm == "sha256"
        token = self._timestamps(message_digest)
        if token is None:
            raise Unavailable(party="timestamp_servers", reason="none_answers")
        return cms.ContentInfo.load(token)


def _stamps(
    reader: PdfFileReader, signers: Collection[bytes]
) -> tuple[list[EmbeddedPdfSignature], list[EmbeddedPdfSignature]]:
    """Our stamps, and the document timestamps that cover all of them. Signatures that the uploaded
    file had are not ours to prove."""
    found = [one for _, one in signatures(reader)]
    stamps = [
        one
        for one in found
        if stamp_serial(one.field_name, one.sig_object) and one.signer_cert.dump() in signers
    ]
    if not stamps:
        raise Unavailable(party="signing_manifest", reason="no_stamp_of_ours")
    last = max(map(end_of_range, stamps))
    timestamps = [
        one for one in found if one.sig_object_type == TIMESTAMP and end_of_range(one) > last
    ]
    return stamps, timestamps


def _signer(signed: cms.SignedData) -> Certificate:
    """The certificate that the signer's identifier names."""
    (info,) = signed["signer_infos"]
    sid = info["sid"]
    for certificate in certificates_in(signed):
        if sid.name == "issuer_and_serial_number":
            named = (sid.chosen["issuer"], sid.chosen["serial_number"].native)
            found = (certificate.issuer, certificate.serial_number) == named
        else:
            found = certificate.key_identifier == sid.chosen.native
        if found:
            return certificate
    raise Unavailable(party="trust", reason="signer_not_in_signature")


def _path(leaf: Certificate, context: ValidationContext) -> ValidationPath:
    validator: Any = CertificateValidator(leaf, validation_context=context)
    try:
        path: ValidationPath = asyncio.run(validator.async_validate_usage(set()))
    except (PathBuildingError, PathValidationError) as error:
        raise Unavailable(party="trust", reason=type(error).__name__) from error
    return path
