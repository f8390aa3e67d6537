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
from meterai.pdf.rendering.render import answered_picture
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed


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
        png = run_sandboxed(lambda: answered_picture(tried.stamped, index, dpi=dpi), budget)
        return Preview(png, index + 1, tried.facts)
