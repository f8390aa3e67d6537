"""A page as it will look once it is stamped, before anything is paid or signed.

The stamp is drawn by the stamper's own doors into an update of the document that is signed by
nobody and never leaves this process. Its serial says that it is none: its check character is wrong,
so that the QR's address knows nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from meterai.domain.stamping.placement import Placement, page_index
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import Preview
from meterai.domain.stamping.serials import Serial
from meterai.pdf.drawing.artwork import artwork
from meterai.pdf.drawing.qr import check_public_host
from meterai.pdf.engines.chain import prepared_by
from meterai.pdf.engines.engine import SigningContext
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.rendering.render import render_page
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.stamp_spec import StampSpec

NOBODY = SigningCertificate(key_id="", certificate=b"", chain=())
UNSIGNED = b"\0" * 64  # where the signature's CMS would stand
ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # it shows nowhere
MAX_PIXELS = 2_500_000  # A4 at 150 dots an inch has 2.2 million
MAX_PNG_BYTES = 4_300_000  # Lambda answers with 6 MB, of which base64 takes a quarter
SMALLER = 0.75


class UnsignedContext(SigningContext):
    """Of a stamping that nobody signs."""

    @property
    def reserved_bytes(self) -> int:
        return len(UNSIGNED)


@dataclass(frozen=True, slots=True)
class PdfPreviewer:
    """See `ports.Previewer`."""

    examiner: PdfPreflight
    public_host: str

    def __call__(
        self,
        document: bytes,
        requests: Sequence[PlacementRequest],
        *,
        page: int | None,
        dpi: int,
        repair: bool = False,
    ) -> Preview:
        check_public_host(self.public_host)
        artwork()  # read once, here, and not in each child
        budget = ResourceBudget()
        content, document_facts = self.examiner.as_it_will_be(
            document, requests, budget, allow_overlap=True, repair=repair
        )
        placements = document_facts.placements
        index = page_index(page or placements[0].page, document_facts.page_count)
        pairs = zip(stand_ins(placements), placements, strict=True)
        specs = [StampSpec(one, place, "-") for one, place in pairs]

        def drawn() -> bytes:
            return _picture(with_stamps(content, specs, self.public_host, budget), index, dpi)

        return Preview(run_sandboxed(drawn, budget), index + 1, document_facts)


def stand_ins(placements: Sequence[Placement]) -> list[Serial]:
    """Serials that are none, numbered as the placements are."""
    return [Serial(f"PRATINJAU{number:02}" * 2) for number in range(1, len(placements) + 1)]


def with_stamps(
    document: bytes, specs: Sequence[StampSpec], public_host: str, budget: ResourceBudget
) -> bytes:
    """The document as `stamp` would write it, without a signature."""
    prepared = prepared_by(document, specs, UnsignedContext(NOBODY, ANY_TIME, public_host, budget))
    for _ in specs:
        prepared.digest()
        prepared.fill(UNSIGNED)
    return prepared.finished()


def _picture(document: bytes, index: int, dpi: float) -> bytes:
    png = render_page(document, index, dpi=dpi, most_pixels=MAX_PIXELS)
    while len(png) > MAX_PNG_BYTES:
        dpi *= SMALLER
        png = render_page(document, index, dpi=dpi, most_pixels=MAX_PIXELS)
    return png
