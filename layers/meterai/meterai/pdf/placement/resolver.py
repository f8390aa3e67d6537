"""Resolves placement requests on one document to squares that do not overlap.

Requests with a definite place are resolved first, then those that look for free space, so that
these see what the others have taken. The result is in the order of the requests.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, assert_never

from meterai.domain.errors import AnchorNotFound, CoversStamp, FieldNotFound, NoFreeSpace
from meterai.domain.stamping.placement import Placement, Rectangle, overlap, page_index
from meterai.domain.stamping.placement_requests import (
    AutoPlacement,
    Beside,
    BoxPlacement,
    CanvasPlacement,
    Corner,
    CornerPlacement,
    FieldPlacement,
    PlacementRequest,
    PointPlacement,
    TextAnchor,
    largest_square,
)
from meterai.pdf.engines.opening import Opened
from meterai.pdf.structure.annotations import Annotation, annotations
from meterai.pdf.structure.empty_fields import empty_fields

if TYPE_CHECKING:
    from meterai.pdf.rendering.page_text import Occurrence
    from meterai.pdf.rendering.page_view import PageView

MAX_NAMES = 10
GAP_PT = 8.0
"""Between a text and the stamp beside it."""
CLOSINGS = (
    "hormat saya",
    "hormat kami",
    "yang membuat pernyataan",
    "pembuat pernyataan",
    "yang menyatakan",
    "pemberi kuasa",
)
"""Phrases under which an Indonesian letter or statement is signed."""
SIGNATURE_ACROSS, SIGNATURE_UP = 0.64, 0.30
"""Where a letter is signed that has no such phrase, as shares of its paper."""


class Closing(NamedTuple):
    """Closing words on a page, and the box of their last line."""

    words: str
    box: Rectangle


@dataclass(frozen=True)
class PlacementResolver:
    """Resolves requests on one document."""

    document: bytes
    opened: Opened

    def resolve(self, requests: Sequence[PlacementRequest]) -> tuple[Placement, ...]:
        """Raises PageOutOfRange, BoxOffPage, StampSizeRefused, CanvasMismatch, AnchorNotFound,
        FieldNotFound, NoFreeSpace, CoversStamp, DocumentTooComplex, DocumentDamaged."""
        placed: dict[int, Placement] = {}
        for at in sorted(
            range(len(requests)), key=lambda at: isinstance(requests[at], AutoPlacement)
        ):
            placement = self._placement(requests[at], placed.values())
            index = placement.page_index(len(self.opened.pages))
            self.opened.pages[index].page.rectangle(placement)
            self._refuse_on_stamp(at, placement, placed)
            placed[at] = placement
        return tuple(placed[at] for at in range(len(requests)))

    def covered(self, placement: Placement) -> str:
        """The text that a stamp there covers: page text, and text of annotations."""
        index = placement.page_index(len(self.opened.pages))
        over = [
            one.text
            for one in self.annotations(index)
            if one.text and overlap(placement.box, one.box)
        ]
        return " ".join(filter(None, (self.view.text(index).covered_by(placement.box), *over)))

    def closing(self, index: int) -> Closing | None:
        """The lowest on the page."""
        text = self.view.text(index)
        found = [Closing(words, one.last) for words in CLOSINGS for one in text.occurrences(words)]
        return min(found, key=lambda one: one.box[1], default=None)

    def fields_left_empty(self, requests: Sequence[PlacementRequest]) -> list[str]:
        """Of the fields that are asked for, those that a stamp covers instead of filling them."""
        names = [one.name for one in requests if isinstance(one, FieldPlacement)]
        fields = empty_fields(self.opened.catalog, self.opened.pages) if names else {}
        return [name for name in names if not fields[name].fillable]

    @cached_property
    def view(self) -> "PageView":
        from meterai.pdf.rendering.page_view import PageView

        return PageView(self.document, self.opened.pages)

    def annotations(self, index: int) -> list[Annotation]:
        if index not in self._annotations:
            self._annotations[index] = list(annotations(self.opened.pages[index]))
        return self._annotations[index]

    @cached_property
    def _annotations(self) -> dict[int, list[Annotation]]:
        return {}

    def _placement(self, request: PlacementRequest, placed: Iterable[Placement]) -> Placement:
        match request:
            case PointPlacement() | BoxPlacement() | CanvasPlacement() | CornerPlacement():
                index = page_index(request.page, len(self.opened.pages))
                size_pt = self.opened.pages[index].page.displayed_size_pt
                return request.on_page(index + 1, *size_pt)
            case TextAnchor():
                return self._beside(request)
            case FieldPlacement():
                return self._in_field(request)
            case AutoPlacement():
                return self._in_free_space(request, placed)
            case _:
                assert_never(request)

    def _beside(self, request: TextAnchor) -> Placement:
        count = len(self.opened.pages)
        pages = range(count) if request.page is None else [page_index(request.page, count)]
        found: list[tuple[int, Occurrence]] = []
        for index in pages:
            there = self.view.text(index).occurrences(request.text)
            found += [(index, one) for one in there]
            if not there:
                self.view.forget(index)
            elif 0 < request.occurrence <= len(found):
                break
        at = request.occurrence - 1 if request.occurrence > 0 else len(found) + request.occurrence
        if not 0 <= at < len(found):
            raise AnchorNotFound(text=request.text, occurrence=request.occurrence, found=len(found))
        index, (first, last) = found[at]
        left, _, _, top = first
        x_pt, y_pt = {
            Beside.RIGHT: (last[2] + GAP_PT, last[3] - request.side_pt),
            Beside.LEFT: (left - GAP_PT - request.side_pt, top - request.side_pt),
            Beside.ABOVE: (left, top + GAP_PT),
            Beside.BELOW: (last[0], last[1] - GAP_PT - request.side_pt),
        }[request.beside]
        return _rounded(index, x_pt + request.dx_pt, y_pt + request.dy_pt, request.side_pt)

    def _in_field(self, request: FieldPlacement) -> Placement:
        fields = empty_fields(self.opened.catalog, self.opened.pages)
        if request.name not in fields:
            names = ", ".join(sorted(fields)[:MAX_NAMES])
            raise FieldNotFound(field=request.name, fields=names or "-")
        field = fields[request.name]
        return largest_square(field.page_index + 1, field.box)

    def _in_free_space(self, request: AutoPlacement, placed: Iterable[Placement]) -> Placement:
        index = page_index(request.page, len(self.opened.pages))
        others = [one.box for one in placed if one.page == index + 1]
        over = [one.box for one in self.annotations(index)]
        space = self.view.free_space(index, [*others, *over])
        corner = space.nearest(request.side_pt, self._signing_place(index, request))
        if corner is None:
            raise NoFreeSpace(page=index + 1, side_pt=round(request.side_pt))
        return _rounded(index, *corner, request.side_pt)

    def _signing_place(self, index: int, request: AutoPlacement) -> tuple[float, float]:
        """The preferred middle of the stamp: below the closing phrase, if there is one."""
        closing = self.closing(index)
        if closing is not None:
            left, bottom, _, _ = closing.box
            return left + request.side_pt / 2, bottom - GAP_PT - request.side_pt / 2
        left, bottom, right, top = self.view.paper(index)
        at_left = request.prefer in (Corner.TOP_LEFT, Corner.BOTTOM_LEFT)
        at_top = request.prefer in (Corner.TOP_LEFT, Corner.TOP_RIGHT)
        across = 1 - SIGNATURE_ACROSS if at_left else SIGNATURE_ACROSS
        up = 1 - SIGNATURE_UP if at_top else SIGNATURE_UP
        return left + across * (right - left), bottom + up * (top - bottom)

    def _refuse_on_stamp(
        self, at: int, placement: Placement, placed: Mapping[int, Placement]
    ) -> None:
        for other, taken in placed.items():
            if taken.page == placement.page and overlap(placement.box, taken.box):
                raise CoversStamp(number=at + 1, other=other + 1, page=placement.page)
        for one in self.annotations(placement.page - 1):
            if one.stamp and overlap(placement.box, one.box):
                raise CoversStamp(number=at + 1, other=one.stamp, page=placement.page)


def _rounded(index: int, x_pt: float, y_pt: float, side_pt: float) -> Placement:
    return Placement(index + 1, round(x_pt, 2), round(y_pt, 2), side_pt)
