"""How a person moves an e-meterai on a page: by millimetres, by a tap, by a step to one side.

All of the page as displayed (`placement.py`). Whatever somebody does, the square stays on the page.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from meterai.domain.stamping.placement import MAX_SIDE_PT, MIN_SIDE_PT, Placement
from meterai.domain.stamping.placement_requests import Corner, CornerPlacement

USUAL_SIDE_PT = 72.0
CORNER_MARGIN_PT = 36.0
_PT_OF_MM = 72 / 25.4


class Direction(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


_STEPS = {
    Direction.LEFT: (-1, 0),
    Direction.RIGHT: (1, 0),
    Direction.UP: (0, 1),
    Direction.DOWN: (0, -1),
}


@dataclass(frozen=True, slots=True)
class PageArea:
    """A page by its number, from 1, and its size as displayed."""

    page: int
    width_pt: float
    height_pt: float

    def holding(self, x_pt: float, y_pt: float, side_pt: float) -> Placement:
        """The square next to this one that lies on the page whole. On a page that is smaller than
        the smallest e-meterai it stays in the lower left corner, and is refused."""
        largest_pt = max(MIN_SIDE_PT, min(MAX_SIDE_PT, self.width_pt, self.height_pt))
        side_pt = _between(side_pt, MIN_SIDE_PT, largest_pt)
        return Placement(
            self.page,
            round(_between(x_pt, 0, self.width_pt - side_pt), 2),
            round(_between(y_pt, 0, self.height_pt - side_pt), 2),
            round(side_pt, 2),
        )

    def nudged(self, placement: Placement, direction: Direction, by_mm: float) -> Placement:
        across, up = _STEPS[direction]
        by_pt = points(by_mm)
        return self.holding(
            placement.x_pt + across * by_pt, placement.y_pt + up * by_pt, placement.side_pt
        )

    def tapped(self, across: float, down: float, side_pt: float) -> Placement:
        """With its middle there: shares of the page's width and height, from the top left."""
        return self.holding(
            across * self.width_pt - side_pt / 2, (1 - down) * self.height_pt - side_pt / 2, side_pt
        )

    def in_corner(self, corner: Corner, side_pt: float) -> Placement:
        wanted = CornerPlacement(self.page, corner, CORNER_MARGIN_PT, side_pt)
        placed = wanted.on_page(self.page, self.width_pt, self.height_pt)
        return self.holding(placed.x_pt, placed.y_pt, placed.side_pt)

    def from_mm(self, left_mm: float, top_mm: float, side_mm: float) -> Placement:
        """By its distance from the left and from the top, as people measure on paper."""
        side_pt = points(side_mm)
        return self.holding(points(left_mm), self.height_pt - points(top_mm) - side_pt, side_pt)

    def in_mm(self, placement: Placement) -> tuple[float, float, float]:
        """From the left, from the top, and the side; `from_mm` of these is the placement again, to
        a tenth of a millimetre."""
        top_pt = self.height_pt - placement.y_pt - placement.side_pt
        return _mm(placement.x_pt), _mm(top_pt), _mm(placement.side_pt)


def points(length_mm: float) -> float:
    return length_mm * _PT_OF_MM


def whole_number(text: str) -> int | None:
    """None for what is none, or has more digits than any page number or size."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def decimal_number(text: str) -> float | None:
    """As people write it: with a comma or a point. None for what is no number of a page's size."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < 100_000 else None


def _between(value: float, least: float, most: float) -> float:
    return max(least, min(value, most)) if most > least else least


def _mm(length_pt: float) -> float:
    return round(length_pt / _PT_OF_MM, 1)
