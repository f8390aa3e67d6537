"""A page as it will look once it is stamped, before anything is paid or signed.

It is a page of the trial: see `unsigned_stamps`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.stamping.placement import page_index
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import Preview
from meterai.pdf.drawing.qr import check_public_host
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.rendering.render import render_page
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed

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
        budget = ResourceBudget()
        tried = self.preflight.on_trial(
            document,
            requests,
            budget,
            allow_overlap=True,
            repair=repair,
            public_host=self.public_host,
        )
        index = page_index(page or tried.facts.placements[0].page, tried.facts.page_count)
        png = run_sandboxed(lambda: _picture(tried.stamped, index, dpi), budget)
        return Preview(png, index + 1, tried.facts)


def _picture(document: bytes, index: int, dpi: float) -> bytes:
    png = render_page(document, index, dpi=dpi, max_pixels=MAX_PIXELS)
    while len(png) > MAX_PNG_BYTES:
        dpi *= DPI_STEP
        png = render_page(document, index, dpi=dpi, max_pixels=MAX_PIXELS)
    return png
