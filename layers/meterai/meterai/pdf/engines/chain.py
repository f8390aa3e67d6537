"""Stamping: each mark becomes a visible, signed signature field in its own incremental update."""

import hashlib
import logging
from collections.abc import Callable, Sequence
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


def _through_pyhanko(
    document: bytes, specs: Sequence[StampSpec], context: SigningContext
) -> PreparedDocument:
    from meterai.pdf.engines import (
        pyhanko_writer,  # half a second of imports, shared by the children
    )
    from meterai.pdf.engines.sandboxed import SandboxedDocument

    return SandboxedDocument(pyhanko_writer.PreparedDocument, document, specs, context)


ENGINES: tuple[Engine, ...] = (prepare, _through_pyhanko)
"""Tried in this order: the next is asked only where the one before says Unsupported."""


def stamp(
    document: bytes,
    specs: Sequence[StampSpec],
    *,
    identity: SigningCertificate,
    sign: Sign,
    at: datetime,
    public_host: str,
    repair: bool = False,
    timestamps: "Timestamps | None" = None,
) -> bytes:
    """The document with every mark on it, in order; `document` is a prefix of the answer, unless
    `repair` has it written anew before (see `meterai.pdf.engines.repair`).

    `sign` takes the DER of a CMS's signed attributes (below 4,096 bytes) and answers their
    RSASSA-PKCS1-v1_5 SHA-256 signature with the identity's key; it is called exactly once a mark.
    `at` is aware and becomes the signatures' /M. The same arguments give the same bytes, unless the
    document is encrypted with AES (its strings take random initialisation vectors).

    The signatures are PAdES B-B (ETSI EN 319 142-1), or B-T where `timestamps`, asked once a mark,
    has a token: field `Emet<serial>`, reason `[<serial>] <reason>`, approval only (no DocMDP).

    Raises NotAPdf, DocumentTooLarge, DocumentDamaged, DocumentEncrypted, PermissionDenied,
    DocumentCertified, DocumentLocked, FormIsXfa, DocumentTooComplex, PageOutOfRange, BoxOffPage,
    AlreadyStamped (the serial is in the document), SignatureMismatch, AddressTooLong, and whatever
    `sign` raises.
    Nothing is signed before the whole document was found fit for the first mark.
    """
    check_public_host(public_host)
    token_bytes = timestamps.largest_bytes if timestamps else 0
    context = SigningContext(
        identity, at, public_host, ResourceBudget(readings=len(specs)), token_bytes
    )
    if repair:
        from meterai.pdf.engines.repair import repaired  # the third door

        document = repaired(document, context.budget)
    check_envelope(document)
    if not specs:
        return document
    prepared = prepared_by(document, specs, context)
    for _ in specs:
        with translate_parser_errors():
            digest = prepared.digest()
        attributes = cms.signed_attributes(identity, digest)
        signature = sign(attributes)
        check_signature(identity, attributes, signature)
        token = timestamps(hashlib.sha256(signature).digest()) if timestamps else None
        prepared.fill(cms.signed_data(identity, attributes, signature, token))
    return prepared.finished()


def prepared_by(
    document: bytes, specs: Sequence[StampSpec], context: SigningContext
) -> PreparedDocument:
    """From the first door that takes the document; a door that fails does not take it. A preview is
    drawn in one, too. Raises the refusals of `stamp`; some come with the first digest."""
    for engine in ENGINES:
        try:
            return engine(document, specs, context)
        except Unsupported:
            continue
        except MeteraiError:
            raise
        except Exception as defect:  # noqa: BLE001 - the next door may well take it
            _log.warning("a door failed", extra={"error": type(defect).__name__})
    raise DocumentDamaged(cause="no_door")
