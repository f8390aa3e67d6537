"""How these tests stamp: one signer, one time, one host."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial, serial_from_digest
from meterai.pdf.engines.chain import stamp
from meterai.pdf.engines.repair import repaired
from meterai.pdf.sandbox import ResourceBudget
from meterai.pdf.stamp_spec import StampSpec
from tests.fixtures.documents.pki import Signatory, authority
from tests.integration.pdf.signature_judge import JudgedSignature, judged_signatures

HOST = "meterai.example.co.id"
AT = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
BOX = Placement(page=1, x_pt=300, y_pt=250, side_pt=80)


def serial(number: int) -> Serial:
    return serial_from_digest(hashlib.sha256(b"serial %d" % number).digest())


def a_spec(number: int = 1, placement: Placement = BOX, reason: str = "Surat lamaran") -> StampSpec:
    return StampSpec(serial(number), placement, reason)


def stamped(
    document: bytes,
    *specs: StampSpec,
    repair: bool = False,
    signer: Signatory | None = None,
    at: datetime = AT,
) -> bytes:
    """The document with these stamps; with one in the usual place, if none is given."""
    if repair:
        document = repaired(document, ResourceBudget())
    signer = signer or authority().signer
    return stamp(
        document,
        specs or (a_spec(),),
        certificate=signer.certificate,
        sign=signer.sign,
        at=at,
        public_host=HOST,
    )


def checks(document: bytes) -> list[JudgedSignature]:
    return judged_signatures(document, roots=[authority().root])


def all_hold(document: bytes, fields: Sequence[str]) -> bool:
    """Whether the document has exactly these signatures, and every one of them holds."""
    found = checks(document)
    return [one.field for one in found] == list(fields) and all(one.holds for one in found)
