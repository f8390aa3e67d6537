"""What wishes come to on one document: a square for each, clear of one another.

Wishes that say their place are placed first, then those that look for one, so that what looks for
free space finds what the others left; the answer is in the order of the wishes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, assert_never

from meterai.domain.errors import AnchorNotFound, CoversStamp, FieldNotFound, NoFreeSpace
from meterai.domain.placement import Placement, overlap, page_index
from meterai.domain.wishes import (
    Anywhere,
    AtPoint,
    Beside,
    BesideText,
    Corner,
    InBox,
    InCorner,
    InField,
    OnCanvas,
    PlacementWish,
    largest_square,
)
from meterai.pdf.annotations import Annotation, annotations, empty_fields
from meterai.pdf.opening import Opened

if TYPE_CHECKING:
    from meterai.pdf.page_text import Occurrence
    from meterai.pdf.sight import Sight

MOST_NAMES = 10
GAP_PT = 8.0  # between a text and the stamp beside it
CLOSINGS = (
    "hormat saya",
    "hormat kami",
    "yang membuat pernyataan",
    "pembuat pernyataan",
    "yang menyatakan",
    "pemberi kuasa",
)
"""Words that an Indonesian letter or statement is signed under."""
SIGNATURE_ACROSS, SIGNATURE_UP = 0.64, 0.30
"""Where on a page it is signed, as shares of its size, where no word says so."""


@dataclass(frozen=True)
class Placing:
    """One document, while squares are found on it."""

    document: bytes
    opened: Opened

    def resolve(self, wishes: Sequence[PlacementWish]) -> tuple[Placement, ...]:
        """Raises PageOutOfRange, BoxOffPage, StampSizeRefused, CanvasDiffers, AnchorNotFound,
        FieldNotFound, NoFreeSpace, CoversStamp, DocumentTooComplex, DocumentDamaged."""
        placed: dict[int, Placement] = {}
        for at in sorted(range(len(wishes)), key=lambda at: isinstance(wishes[at], Anywhere)):
            placement = self._placement(wishes[at], placed.values())
            index = placement.page_index(len(self.opened.pages))
            self.opened.pages[index].page.rectangle(placement)
            self._refuse_on_stamp(at, placement, placed)
            placed[at] = placement
        return tuple(placed[at] for at in range(len(wishes)))

    def covered(self, placement: Placement) -> str:
        """The text that a stamp there covers: of the page, and of what lies over it."""
        index = placement.page_index(len(self.opened.pages))
        over = [
            one.text
            for one in self.annotations(index)
            if one.text and overlap(placement.box, one.box)
        ]
        return " ".join(filter(None, (self.sight.text(index).covered_by(placement.box), *over)))

    @cached_property
    def sight(self) -> "Sight":
        from meterai.pdf.sight import Sight

        return Sight(self.document, self.opened.pages)

    def annotations(self, index: int) -> list[Annotation]:
        if index not in self._annotations:
            self._annotations[index] = list(annotations(self.opened.pages[index]))
        return self._annotations[index]

    @cached_property
    def _annotations(self) -> dict[int, list[Annotation]]:
        return {}

    def _placement(self, wish: PlacementWish, placed: Iterable[Placement]) -> Placement:
        match wish:
            case AtPoint() | InBox() | OnCanvas() | InCorner():
                index = page_index(wish.page, len(self.opened.pages))
                size_pt = self.opened.pages[index].page.displayed_size_pt
                return wish.on_page(index + 1, *size_pt)
            case BesideText():
                return self._beside(wish)
            case InField():
                return self._in_field(wish)
            case Anywhere():
                return self._anywhere(wish, placed)
            case _:
                assert_never(wish)

    def _beside(self, wish: BesideText) -> Placement:
        count = len(self.opened.pages)
        pages = range(count) if wish.page is None else [page_index(wish.page, count)]
        found: list[tuple[int, Occurrence]] = []
        for index in pages:
            there = self.sight.text(index).occurrences(wish.text)
            found += [(index, one) for one in there]
            if not there:
                self.sight.forget(index)
            elif 0 < wish.occurrence <= len(found):
                break
        at = wish.occurrence - 1 if wish.occurrence > 0 else len(found) + wish.occurrence
        if not 0 <= at < len(found):
            raise AnchorNotFound(text=wish.text, occurrence=wish.occurrence, found=len(found))
        index, (first, last) = found[at]
        left, _, _, top = first
        x_pt, y_pt = {
            Beside.RIGHT: (last[2] + GAP_PT, last[3] - wish.side_pt),
            Beside.LEFT: (left - GAP_PT - wish.side_pt, top - wish.side_pt),
            Beside.ABOVE: (left, top + GAP_PT),
            Beside.BELOW: (last[0], last[1] - GAP_PT - wish.side_pt),
        }[wish.beside]
        return _rounded(index, x_pt + wish.dx_pt, y_pt + wish.dy_pt, wish.side_pt)

    def _in_field(self, wish: InField) -> Placement:
        fields = empty_fields(self.opened.catalog, self.opened.pages)
        if wish.name not in fields:
            names = ", ".join(sorted(fields)[:MOST_NAMES])
            raise FieldNotFound(field=wish.name, fields=names or "-")
        index, box = fields[wish.name]
        return largest_square(index + 1, box)

    def _anywhere(self, wish: Anywhere, placed: Iterable[Placement]) -> Placement:
        index = page_index(wish.page, len(self.opened.pages))
        others = [one.box for one in placed if one.page == index + 1]
        over = [one.box for one in self.annotations(index)]
        space = self.sight.free_space(index, [*others, *over])
        corner = space.nearest(wish.side_pt, self._signing_place(index, wish))
        if corner is None:
            raise NoFreeSpace(page=index + 1, side_pt=round(wish.side_pt))
        return _rounded(index, *corner, wish.side_pt)

    def _signing_place(self, index: int, wish: Anywhere) -> tuple[float, float]:
        """Where the middle of the stamp belongs: under the words that are signed under."""
        text = self.sight.text(index)
        closings = [one.last for words in CLOSINGS for one in text.occurrences(words)]
        if closings:
            left, bottom, _, _ = min(closings, key=lambda box: box[1])
            return left + wish.side_pt / 2, bottom - GAP_PT - wish.side_pt / 2
        width_pt, height_pt = self.opened.pages[index].page.displayed_size_pt
        at_left = wish.prefer in (Corner.TOP_LEFT, Corner.BOTTOM_LEFT)
        at_top = wish.prefer in (Corner.TOP_LEFT, Corner.TOP_RIGHT)
        across = 1 - SIGNATURE_ACROSS if at_left else SIGNATURE_ACROSS
        up = 1 - SIGNATURE_UP if at_top else SIGNATURE_UP
        return across * width_pt, up * height_pt

    def _refuse_on_stamp(
        self, at: int, placement: Placement, placed: Mapping[int, Placement]
    ) -> None:
        for other, standing in placed.items():
            if standing.page == placement.page and overlap(placement.box, standing.box):
                raise CoversStamp(number=at + 1, other=other + 1, page=placement.page)
        for one in self.annotations(placement.page - 1):
            if one.stamp and overlap(placement.box, one.box):
                raise CoversStamp(number=at + 1, other=one.stamp, page=placement.page)


def _rounded(index: int, x_pt: float, y_pt: float, side_pt: float) -> Placement:
    return Placement(index + 1, round(x_pt, 2), round(y_pt, 2), side_pt)
