"""A document as the engines would stamp it, without a signature: it never leaves the process.

Serials are invalid (the check character is wrong), so a QR code's address leads to no e-meterai.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial
from meterai.pdf.engines.chain import prepare_document
from meterai.pdf.engines.engine import SigningContext
from meterai.pdf.sandbox import ResourceBudget
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.stamp_spec import StampSpec

NO_CERTIFICATE = SigningCertificate(key_id="", der=b"", chain=())
UNSIGNED = b"\0" * 64  # in place of the signature's CMS
ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # not visible anywhere


class UnsignedContext(SigningContext):
    """For a stamping without signatures."""

    @property
    def reserved_bytes(self) -> int:
        return len(UNSIGNED)


def placeholder_serials(placements: Sequence[Placement]) -> list[Serial]:
    """Invalid serials, numbered as the placements are."""
    return [Serial(f"PRATINJAU{number:02}" * 2) for number in range(1, len(placements) + 1)]


def with_stamps(
    document: bytes, specs: Sequence[StampSpec], public_host: str, budget: ResourceBudget
) -> bytes:
    """The document as `stamp` would write it, without a signature."""
    prepared = prepare_document(
        document, specs, UnsignedContext(NO_CERTIFICATE, ANY_TIME, public_host, budget)
    )
    for _ in specs:
        prepared.digest()
        prepared.fill(UNSIGNED)
    return prepared.finished()
