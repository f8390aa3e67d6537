"""The address of the page on which an e-meterai is placed, and what it asks for.

The address has the square that is shown and not yet chosen, and at most one way to move it: a tap,
a step, a corner, or numbers. So the button to go back undoes a move, and a reload repeats none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from meterai.domain.stamping.placement import MAX_SIDE_PT, MIN_SIDE_PT, Placement
from meterai.domain.stamping.placement_requests import Corner
from meterai.domain.stamping.positions import (
    USUAL_SIDE_PT,
    Direction,
    PageArea,
    decimal_number,
    whole_number,
)

ZOOMS = ("1", "1.5", "2")
SHOWN_WIDTH_PX = 320  # at zoom 1: fits a phone of 360 pixels
MAX_SHOWN_HEIGHT_PX = 960  # at zoom 1: a strip of paper is shown narrower
MIN_SHOWN_PX = 48
PICTURE_WIDTH_PX = 794  # A4 at 96 dpi: sharp at each zoom, and one picture for all of them
MIN_DPI, MAX_DPI = 1, 150
DIRECTIONS = {
    "kiri": Direction.LEFT,
    "kanan": Direction.RIGHT,
    "atas": Direction.UP,
    "bawah": Direction.DOWN,
}
CORNERS = {
    "kiri-atas": Corner.TOP_LEFT,
    "kanan-atas": Corner.TOP_RIGHT,
    "kiri-bawah": Corner.BOTTOM_LEFT,
    "kanan-bawah": Corner.BOTTOM_RIGHT,
}
STEPS_MM = (1, 10)

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ShownPage:
    """How large a page is on the screen, in CSS pixels, and at how many dots it is drawn."""

    area: PageArea
    zoom: str

    @property
    def width_px(self) -> int:
        by_height = MAX_SHOWN_HEIGHT_PX * self.area.width_pt / self.area.height_pt
        return max(MIN_SHOWN_PX, round(min(SHOWN_WIDTH_PX, by_height) * float(self.zoom)))

    @property
    def height_px(self) -> int:
        share = self.area.height_pt / self.area.width_pt
        return max(MIN_SHOWN_PX, round(self.width_px * share))

    @property
    def dpi(self) -> int:
        return max(MIN_DPI, min(MAX_DPI, round(72 * PICTURE_WIDTH_PX / self.area.width_pt)))

    def box_px(self, placement: Placement) -> tuple[float, float, float, float]:
        """Left, top, width and height."""
        across = self.width_px / self.area.width_pt
        down = self.height_px / self.area.height_pt
        top_pt = self.area.height_pt - placement.y_pt - placement.side_pt
        side_pt = placement.side_pt
        return (
            round(placement.x_pt * across, 2),
            round(top_pt * down, 2),
            round(side_pt * across, 2),
            round(side_pt * down, 2),
        )


class NoNumber(ValueError):
    """A field for millimetres holds something else."""


def zoom_of(query: Query) -> str:
    zoom = query.get("besar", "")
    return zoom if zoom in ZOOMS else ZOOMS[0]


def square_of(query: Query, area: PageArea) -> Placement | None:
    """The one in the address. None where there is none, or none that makes sense."""
    numbers = [decimal_number(query.get(name, "")) for name in ("x", "y", "sisi")]
    x_pt, y_pt, side_pt = numbers
    if x_pt is None or y_pt is None or side_pt is None:
        return None
    return area.holding(x_pt, y_pt, side_pt)


def chosen_square(form: Query) -> Placement | None:
    """The one in the form, unchanged. None where nobody was shown it: a forged form."""
    page = whole_number(form.get("hal", ""))
    numbers = [decimal_number(form.get(name, "")) for name in ("x", "y", "sisi")]
    x_pt, y_pt, side_pt = numbers
    if page is None or x_pt is None or y_pt is None or side_pt is None:
        return None
    if not MIN_SIDE_PT <= side_pt <= MAX_SIDE_PT:
        return None
    return Placement(page, x_pt, y_pt, side_pt)


def moved(query: Query, square: Placement, shown: ShownPage) -> Placement:
    """The square after the move that the address asks for. Raises NoNumber."""
    area = shown.area
    if "tap.x" in query and "tap.y" in query:
        across, down = whole_number(query["tap.x"]), whole_number(query["tap.y"])
        if across is None or down is None:
            return square
        if across == down == 0:  # what browsers send when the picture is pressed by a key
            return area.tapped(0.5, 0.5, square.side_pt)
        return area.tapped(across / shown.width_px, down / shown.height_px, square.side_pt)
    if "ukuran" in query:
        numbers = [decimal_number(query.get(name, "")) for name in ("kiri", "atas", "ukuran")]
        left_mm, top_mm, side_mm = numbers
        if left_mm is None or top_mm is None or side_mm is None:
            raise NoNumber
        return area.from_mm(left_mm, top_mm, side_mm)
    direction, _, by_mm = query.get("geser", "").partition("-")
    if direction in DIRECTIONS and by_mm in map(str, STEPS_MM):
        return area.nudged(square, DIRECTIONS[direction], int(by_mm))
    if query.get("sudut") in CORNERS:
        return area.in_corner(CORNERS[query["sudut"]], square.side_pt)
    return square


def usual_square(area: PageArea) -> Placement:
    """Where nothing is suggested: on a full page."""
    return area.in_corner(Corner.BOTTOM_RIGHT, USUAL_SIDE_PT)


def address_query(square: Placement, zoom: str) -> str:
    """Of the page that shows this square."""
    return urlencode({"hal": square.page, "besar": zoom, **square_fields(square)})


def square_fields(square: Placement) -> dict[str, str]:
    numbers = {"x": square.x_pt, "y": square.y_pt, "sisi": square.side_pt}
    return {name: f"{value:.2f}" for name, value in numbers.items()}
