"""A document as the engines would stamp it, without a signature: it never leaves the process.

Serials are invalid (the check character is wrong), so a QR code's address leads to no e-meterai.
"""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime

from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial
from meterai.pdf.drawing.artwork import artwork
from meterai.pdf.engines.chain import prepare_document
from meterai.pdf.engines.engine import SigningContext
from meterai.pdf.parser_errors import translate_parser_errors
from meterai.pdf.sandbox import ResourceBudget
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.stamp_spec import StampSpec

NO_CERTIFICATE = SigningCertificate(key_id="", der=b"", chain=())
ANY_HOST = "meterai.example"
UNSIGNED = b"\0" * 64  # in place of the signature's CMS
ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # not visible anywhere
TRIAL_SHARE = 0.5
"""Of the processor time that the stamping worker has for the same stamps. So what passes here
passes there too; and inspection, trial and stamping of one stamp together stay below 5 s."""


class UnsignedContext(SigningContext):
    """For a stamping without signatures."""

    @property
    def reserved_bytes(self) -> int:
        return len(UNSIGNED)


def stamped_on_trial(document: bytes, placements: Sequence[Placement], public_host: str) -> bytes:
    """The document as the stamping worker would write it. Raises the refusals of `stamp`."""
    if not placements:
        return document
    pairs = zip(placeholder_serials(placements), placements, strict=True)
    specs = [StampSpec(serial, place, "-") for serial, place in pairs]
    budget = ResourceBudget(readings=len(specs))
    budget.cpu_seconds_left *= TRIAL_SHARE
    artwork()  # read here once, so that a child inherits it
    with translate_parser_errors():
        return with_stamps(document, specs, public_host, budget)


def placeholder_serials(placements: Sequence[Placement]) -> list[Serial]:
    """Invalid serials, numbered as the placements are."""
    return [Serial(f"PRATINJAU{number:02}" * 2) for number in range(1, len(placements) + 1)]


def with_stamps(
    document: bytes, specs: Sequence[StampSpec], public_host: str, budget: ResourceBudget
) -> bytes:
    """The document as `stamp` would write it, without a signature."""
    context = UnsignedContext(NO_CERTIFICATE, ANY_TIME, public_host, budget)
    with closing(prepare_document(document, specs, context)) as prepared:
        for _ in specs:
            prepared.digest()
            prepared.fill(UNSIGNED)
        return prepared.finished()
