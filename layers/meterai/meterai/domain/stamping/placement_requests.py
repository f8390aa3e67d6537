"""The ways to request a place for an e-meterai; each resolves to a `Placement`.

All are of the page as displayed, and what they say of the page itself is decided here: what depends
on its text, its fields or its free space is resolved where the document can be read.
"""

from dataclasses import dataclass
from enum import StrEnum

from meterai.domain.errors import CanvasMismatch, StampSizeRefused
from meterai.domain.stamping.placement import MAX_SIDE_PT, MIN_SIDE_PT, Placement

LAST_PAGE = -1
CANVAS_SLACK = 0.02  # a canvas is whole pixels, and some viewers round the page's size first


class Corner(StrEnum):
    TOP_LEFT = "top_left"
    TOP_RIGHT = "top_right"
    BOTTOM_LEFT = "bottom_left"
    BOTTOM_RIGHT = "bottom_right"


class Beside(StrEnum):
    """On which side of a text; the stamp's upper edge, or its left one, is in line with it."""

    RIGHT = "right"
    LEFT = "left"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class PointPlacement:
    """A square by its lower left corner."""

    page: int
    x_pt: float
    y_pt: float
    side_pt: float

    def on_page(self, page: int, width_pt: float, height_pt: float) -> Placement:  # noqa: ARG002
        return _placed(page, self.x_pt, self.y_pt, self.side_pt)


@dataclass(frozen=True, slots=True)
class BoxPlacement:
    """A rectangle by any two opposite corners: the stamp is the largest square in its middle."""

    page: int
    x1_pt: float
    y1_pt: float
    x2_pt: float
    y2_pt: float

    def on_page(self, page: int, width_pt: float, height_pt: float) -> Placement:  # noqa: ARG002
        """Raises StampSizeRefused."""
        left, right = sorted((self.x1_pt, self.x2_pt))
        bottom, top = sorted((self.y1_pt, self.y2_pt))
        return largest_square(page, (left, bottom, right, top))


@dataclass(frozen=True, slots=True)
class CanvasPlacement:
    """A square in pixels from the top left of the whole page, drawn as large as the canvas."""

    page: int
    canvas_width_px: float
    canvas_height_px: float
    x_px: float
    y_px: float
    side_px: float

    def on_page(self, page: int, width_pt: float, height_pt: float) -> Placement:
        """Raises CanvasMismatch, StampSizeRefused."""
        across = width_pt / self.canvas_width_px
        down = height_pt / self.canvas_height_px
        if abs(across / down - 1) > CANVAS_SLACK:  # pragma: no mutate: a bound between two floats
            raise CanvasMismatch(
                page=page,
                canvas=f"{self.canvas_width_px:g} x {self.canvas_height_px:g}",
                page_width_pt=round(width_pt),
                page_height_pt=round(height_pt),
            )
        side_pt = _checked_side(self.side_px * min(across, down))
        return _placed(page, self.x_px * across, height_pt - self.y_px * down - side_pt, side_pt)


@dataclass(frozen=True, slots=True)
class CornerPlacement:
    page: int
    corner: Corner
    margin_pt: float
    side_pt: float

    def on_page(self, page: int, width_pt: float, height_pt: float) -> Placement:
        at_right = self.corner in (Corner.TOP_RIGHT, Corner.BOTTOM_RIGHT)
        at_top = self.corner in (Corner.TOP_LEFT, Corner.TOP_RIGHT)
        far = self.margin_pt + self.side_pt
        return _placed(
            page,
            width_pt - far if at_right else self.margin_pt,
            height_pt - far if at_top else self.margin_pt,
            self.side_pt,
        )


@dataclass(frozen=True, slots=True)
class TextAnchor:
    """Beside the n-th occurrence of a text (from the end, if negative), as a person reads.

    `page` None: on any page. `dx_pt` and `dy_pt` move the stamp on, to the right and up.
    """

    page: int | None
    text: str
    occurrence: int
    beside: Beside
    dx_pt: float
    dy_pt: float
    side_pt: float


@dataclass(frozen=True, slots=True)
class FieldPlacement:
    """An empty signature field by its full name: the largest square in its middle."""

    name: str


@dataclass(frozen=True, slots=True)
class AutoPlacement:
    """Free space: near the place of the signature, else towards `prefer`."""

    page: int
    prefer: Corner
    side_pt: float


Stated = PointPlacement | BoxPlacement | CanvasPlacement | CornerPlacement
"""What only the page's size is needed for."""

PlacementRequest = Stated | TextAnchor | FieldPlacement | AutoPlacement


def largest_square(page: int, box: tuple[float, float, float, float]) -> Placement:
    """In the middle of a box (left, bottom, right, top). Raises StampSizeRefused: too small."""
    left, bottom, right, top = box
    side_pt = _checked_side(min(right - left, top - bottom, MAX_SIDE_PT))
    return _placed(page, (left + right - side_pt) / 2, (bottom + top - side_pt) / 2, side_pt)


def _checked_side(side_pt: float) -> float:
    slack_pt = 0.05  # 54 pt may come as 53.99 by way of pixels or of another unit
    if not MIN_SIDE_PT - slack_pt <= side_pt <= MAX_SIDE_PT + slack_pt:
        raise StampSizeRefused(
            side_pt=round(side_pt), min_side_pt=MIN_SIDE_PT, max_side_pt=MAX_SIDE_PT
        )
    return side_pt


def _placed(page: int, x_pt: float, y_pt: float, side_pt: float) -> Placement:
    return Placement(page, round(x_pt, 3), round(y_pt, 3), round(side_pt, 3))
