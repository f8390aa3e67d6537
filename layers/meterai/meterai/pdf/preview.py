"""A page as it will look once it is stamped, before anything is paid or signed.

The stamp is drawn by the stamper's own doors into an update of the document that is signed by
nobody and never leaves this process. Its serial says that it is none: its check character is wrong,
so that the QR's address knows nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from meterai.domain.examination import Preview
from meterai.domain.placement import Placement, page_index
from meterai.domain.serials import Serial
from meterai.domain.wishes import PlacementWish
from meterai.pdf.artwork import artwork
from meterai.pdf.confined import Allowance, confined
from meterai.pdf.doors import Terms
from meterai.pdf.examiner import PdfExaminer
from meterai.pdf.identity import SigningIdentity
from meterai.pdf.marks import Mark
from meterai.pdf.qr import check_public_host
from meterai.pdf.render import render_page
from meterai.pdf.stamp import draft_of

NOBODY = SigningIdentity(key_id="", certificate=b"", chain=())
UNSIGNED = b"\0" * 64  # where the signature's CMS would stand
ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # it shows nowhere
MOST_PIXELS = 2_500_000  # A4 at 150 dots an inch has 2.2 million
LARGEST_PNG_BYTES = 4_300_000  # Lambda answers with 6 MB, of which base64 takes a quarter
SMALLER = 0.75


class UnsignedTerms(Terms):
    """Of a stamping that nobody signs."""

    @property
    def reserved_bytes(self) -> int:
        return len(UNSIGNED)


@dataclass(frozen=True, slots=True)
class PdfPreviewer:
    """See `ports.Previewer`."""

    examiner: PdfExaminer
    public_host: str

    def __call__(
        self,
        document: bytes,
        wishes: Sequence[PlacementWish],
        *,
        page: int | None,
        dpi: int,
        repair: bool = False,
    ) -> Preview:
        check_public_host(self.public_host)
        artwork()  # read once, here, and not in each child
        allowance = Allowance()
        content, examination = self.examiner.as_it_will_be(
            document, wishes, allowance, allow_overlap=True, repair=repair
        )
        placements = examination.placements
        index = page_index(page or placements[0].page, examination.page_count)
        pairs = zip(stand_ins(placements), placements, strict=True)
        marks = [Mark(one, place, "-") for one, place in pairs]

        def drawn() -> bytes:
            return _picture(with_stamps(content, marks, self.public_host, allowance), index, dpi)

        return Preview(confined(drawn, allowance), index + 1, examination)


def stand_ins(placements: Sequence[Placement]) -> list[Serial]:
    """Serials that are none, numbered as the placements are."""
    return [Serial(f"PRATINJAU{number:02}" * 2) for number in range(1, len(placements) + 1)]


def with_stamps(
    document: bytes, marks: Sequence[Mark], public_host: str, allowance: Allowance
) -> bytes:
    """The document as `stamp` would write it, without a signature."""
    draft = draft_of(document, marks, UnsignedTerms(NOBODY, ANY_TIME, public_host, allowance))
    for _ in marks:
        draft.digest()
        draft.fill(UNSIGNED)
    return draft.finished()


def _picture(document: bytes, index: int, dpi: float) -> bytes:
    png = render_page(document, index, dpi=dpi, most_pixels=MOST_PIXELS)
    while len(png) > LARGEST_PNG_BYTES:
        dpi *= SMALLER
        png = render_page(document, index, dpi=dpi, most_pixels=MOST_PIXELS)
    return png
