"""Stamping: each mark becomes a visible, signed signature field in its own incremental update."""

from collections.abc import Callable, Sequence
from datetime import datetime

from meterai.domain.serials import public_address
from meterai.pdf import cms
from meterai.pdf.damage import check_envelope, refused_as_damaged
from meterai.pdf.identity import SigningIdentity, check_signature
from meterai.pdf.marks import Mark
from meterai.pdf.qr import check_public_host

Sign = Callable[[bytes], bytes]


def stamp(
    document: bytes,
    marks: Sequence[Mark],
    *,
    identity: SigningIdentity,
    sign: Sign,
    at: datetime,
    public_host: str,
) -> bytes:
    """The document with every mark on it, in order; `document` is a prefix of the answer.

    `sign` takes the DER of a CMS's signed attributes (below 4,096 bytes) and answers their
    RSASSA-PKCS1-v1_5 SHA-256 signature with the identity's key; it is called exactly once a mark.
    `at` is aware and becomes the signatures' /M. The same arguments give the same bytes, unless the
    document is encrypted with AES (its strings take random initialisation vectors).

    The signatures are PAdES B-B (ETSI EN 319 142-1): field `Emet<serial>`, reason
    `[<serial>] <reason>`, approval only (no DocMDP).

    Raises NotAPdf, DocumentTooLarge, DocumentDamaged, DocumentEncrypted, PermissionDenied,
    DocumentCertified, DocumentLocked, FormIsXfa, PageOutOfRange, BoxOffPage, AlreadyStamped (the
    serial is in the document), SignatureMismatch, AddressTooLong, and whatever `sign` raises.
    Nothing is signed before the whole document was found fit for the first mark.
    """
    check_public_host(public_host)
    check_envelope(document)
    from meterai.pdf import pyhanko_writer  # half a second of imports

    art_at: int | None = None
    for mark in marks:
        address = public_address(public_host, mark.serial)
        with refused_as_damaged():
            prepared = pyhanko_writer.prepare(
                document,
                mark,
                address=address,
                at=at,
                reserved_bytes=cms.size_bytes(identity),
                art_at=art_at,
            )
        attributes = cms.signed_attributes(identity, prepared.digest)
        signature = sign(attributes)
        check_signature(identity, attributes, signature)
        document = prepared.filled(cms.signed_data(identity, attributes, signature))
        art_at = prepared.art_at
    return document
