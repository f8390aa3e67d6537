"""A page as it will look once it is stamped, before anything is paid or signed.

The stamping engines draw the stamp into an unsigned update, which never leaves this process. Its
serial is invalid (the check character is wrong), so the QR's address leads to no e-meterai.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.stamping.placement import page_index
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import Preview
from meterai.pdf.drawing.artwork import artwork
from meterai.pdf.drawing.qr import check_public_host
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.preflight.unsigned_stamps import placeholder_serials, with_stamps
from meterai.pdf.rendering.render import render_page
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.stamp_spec import StampSpec

MAX_PIXELS = 2_500_000  # A4 at 150 dpi has 2.2 million
MAX_PNG_BYTES = 4_300_000  # Lambda responses are at most 6 MB, and base64 takes a quarter of that
DPI_STEP = 0.75


@dataclass(frozen=True, slots=True)
class PdfPreviewer:
    """See `ports.Previewer`."""

    preflight: PdfPreflight
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
        artwork()  # read here once, so that the children inherit it
        budget = ResourceBudget()
        content, document_facts = self.preflight.repair_and_inspect(
            document, requests, budget, allow_overlap=True, repair=repair
        )
        placements = document_facts.placements
        index = page_index(page or placements[0].page, document_facts.page_count)
        pairs = zip(placeholder_serials(placements), placements, strict=True)
        specs = [StampSpec(one, place, "-") for one, place in pairs]

        def drawn() -> bytes:
            return _picture(with_stamps(content, specs, self.public_host, budget), index, dpi)

        return Preview(run_sandboxed(drawn, budget), index + 1, document_facts)


def _picture(document: bytes, index: int, dpi: float) -> bytes:
    png = render_page(document, index, dpi=dpi, max_pixels=MAX_PIXELS)
    while len(png) > MAX_PNG_BYTES:
        dpi *= DPI_STEP
        png = render_page(document, index, dpi=dpi, max_pixels=MAX_PIXELS)
    return png
