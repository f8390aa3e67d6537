"""Stamping: each spec becomes a visible, signed signature field in an incremental update."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from meterai.domain.errors import DocumentDamaged, MeteraiError
from meterai.pdf.drawing.qr import check_public_host
from meterai.pdf.engines.engine import Engine, PreparedDocument, SigningContext, Unsupported
from meterai.pdf.engines.incremental.writer import prepare
from meterai.pdf.parser_errors import check_envelope, translate_parser_errors
from meterai.pdf.sandbox import ResourceBudget
from meterai.pdf.signing import cms
from meterai.pdf.signing.signing_certificate import SigningCertificate, check_signature
from meterai.pdf.stamp_spec import StampSpec

if TYPE_CHECKING:
    from meterai.pdf.signing.timestamps import Timestamps

Sign = Callable[[bytes], bytes]

_log = logging.getLogger(__name__)


def prepare_with_pyhanko(
    document: bytes, specs: Sequence[StampSpec], context: SigningContext
) -> PreparedDocument:
    # Half a second of imports, done here once: the forked sandboxes inherit them.
    from meterai.pdf.engines import pyhanko_writer
    from meterai.pdf.engines.sandboxed import SandboxedDocument

    return SandboxedDocument(pyhanko_writer.PreparedDocument, document, specs, context)


ENGINES: tuple[Engine, ...] = (prepare, prepare_with_pyhanko)
"""Tried in this order: the next one only where the one before raises Unsupported."""


def stamp(
    document: bytes,
    specs: Sequence[StampSpec],
    *,
    certificate: SigningCertificate,
    sign: Sign,
    at: datetime,
    public_host: str,
    timestamps: "Timestamps | None" = None,
) -> bytes:
    """The document with every stamp on it, in order. `document` is a prefix of the result.

    `sign` takes the DER of a CMS's signed attributes (below 4,096 bytes) and returns their
    RSASSA-PKCS1-v1_5 SHA-256 signature by the certificate's key. It is called once a spec.
    `at` is aware and becomes the signatures' /M. The same arguments give the same bytes, unless the
    document is encrypted with AES, whose strings take random initialisation vectors.

    The signatures are PAdES B-B (ETSI EN 319 142-1), or B-T where `timestamps`, called once a
    spec, returns a token. Field `Emet<serial>`, reason `[<serial>] <reason>`, approval only: no
    DocMDP.

    Raises NotAPdf, DocumentTooLarge, DocumentDamaged, DocumentAmbiguous, DocumentEncrypted,
    PermissionDenied, DocumentCertified, DocumentLocked, FormIsXfa, FieldsNotDrawn,
    DocumentTooComplex, PageOutOfRange, BoxOffPage, AlreadyStamped (the serial is in the document),
    SignatureMismatch, AddressTooLong, Unavailable (see `sandbox`), and what `sign` raises.
    Nothing is signed before the whole document was accepted for the first spec.
    """
    check_public_host(public_host)
    token_bytes = timestamps.largest_bytes if timestamps else 0
    context = SigningContext(
        certificate, at, public_host, ResourceBudget(readings=len(specs)), token_bytes
    )
    check_envelope(document)
    if not specs:
        return document
    with closing(prepare_document(document, specs, context)) as prepared:
        for _ in specs:
            with translate_parser_errors():
                digest = prepared.digest()
            attributes = cms.signed_attributes(certificate, digest)
            signature = sign(attributes)
            check_signature(certificate, attributes, signature)
            token = timestamps(hashlib.sha256(signature).digest()) if timestamps else None
            prepared.fill(cms.signed_data(certificate, attributes, signature, token))
        return prepared.finished()


def prepare_document(
    document: bytes, specs: Sequence[StampSpec], context: SigningContext
) -> PreparedDocument:
    """By the first engine that handles the document. An engine that fails counts as Unsupported.

    Previews use this too. Raises the refusals of `stamp`; some are raised only by the first digest.
    """
    for engine in ENGINES:
        try:
            return engine(document, specs, context)
        except Unsupported:
            continue
        except MeteraiError:
            raise
        except Exception as defect:  # noqa: BLE001 - the next engine may well handle it
            _log.warning("an engine failed", extra={"error": type(defect).__name__})
    raise DocumentDamaged(cause="no_engine")
