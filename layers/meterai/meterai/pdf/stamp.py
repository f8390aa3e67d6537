"""Stamping: each mark becomes a visible, signed signature field in its own incremental update."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from meterai.domain.errors import DocumentDamaged, MeteraiError
from meterai.pdf import cms
from meterai.pdf.confined import Allowance
from meterai.pdf.damage import check_envelope, refused_as_damaged
from meterai.pdf.doors import Door, Draft, NotMine, Terms
from meterai.pdf.identity import SigningIdentity, check_signature
from meterai.pdf.incremental.writer import open_draft
from meterai.pdf.marks import Mark
from meterai.pdf.qr import check_public_host

if TYPE_CHECKING:
    from meterai.pdf.timestamps import Timestamps

Sign = Callable[[bytes], bytes]

_log = logging.getLogger(__name__)


def _through_pyhanko(document: bytes, marks: Sequence[Mark], terms: Terms) -> Draft:
    from meterai.pdf import pyhanko_writer  # half a second of imports, shared by the children
    from meterai.pdf.confined_draft import ConfinedDraft

    return ConfinedDraft(pyhanko_writer.Draft, document, marks, terms)


DOORS: tuple[Door, ...] = (open_draft, _through_pyhanko)
"""Tried in this order: the next is asked only where the one before says NotMine."""


def stamp(
    document: bytes,
    marks: Sequence[Mark],
    *,
    identity: SigningIdentity,
    sign: Sign,
    at: datetime,
    public_host: str,
    repair: bool = False,
    timestamps: "Timestamps | None" = None,
) -> bytes:
    """The document with every mark on it, in order; `document` is a prefix of the answer, unless
    `repair` has it written anew before (see `meterai.pdf.repair`).

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
    terms = Terms(identity, at, public_host, Allowance(readings=len(marks)), token_bytes)
    if repair:
        from meterai.pdf.repair import repaired  # the third door

        document = repaired(document, terms.allowance)
    check_envelope(document)
    if not marks:
        return document
    draft = draft_of(document, marks, terms)
    for _ in marks:
        with refused_as_damaged():
            digest = draft.digest()
        attributes = cms.signed_attributes(identity, digest)
        signature = sign(attributes)
        check_signature(identity, attributes, signature)
        token = timestamps(hashlib.sha256(signature).digest()) if timestamps else None
        draft.fill(cms.signed_data(identity, attributes, signature, token))
    return draft.finished()


def draft_of(document: bytes, marks: Sequence[Mark], terms: Terms) -> Draft:
    """From the first door that takes the document; a door that fails does not take it. A preview is
    drawn in one, too. Raises the refusals of `stamp`; some come with the first digest."""
    for door in DOORS:
        try:
            return door(document, marks, terms)
        except NotMine:
            continue
        except MeteraiError:
            raise
        except Exception as defect:  # noqa: BLE001 - the next door may well take it
            _log.warning("a door failed", extra={"error": type(defect).__name__})
    raise DocumentDamaged(cause="no_door")
