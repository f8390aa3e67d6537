"""Conversion between a page as displayed and its user space (ISO 32000-1, 7.7.3.3, 8.3.2.3).

Pure arithmetic on a page's boxes, rotation and unit. Placements are in points of the page as
displayed: rotated, cropped, scaled by UserUnit.
"""

from collections.abc import Sequence
from typing import NamedTuple

from meterai.domain.errors import DocumentDamaged
from meterai.domain.stamping.placement import Placement, Rectangle

LETTER = (0.0, 0.0, 612.0, 792.0)
"""The page size that poppler and pdfium use where a page has no usable MediaBox."""


class Page(NamedTuple):
    """The visible part of a page: its box in user space units, and how it is shown.

    `rotation` is 0, 90, 180 or 270 degrees clockwise; `user_unit` is points per unit.
    """

    left: float
    bottom: float
    width: float
    height: float
    rotation: int
    user_unit: float

    @property
    def displayed_size_pt(self) -> tuple[float, float]:
        """Width and height in points, as a reader shows the page."""
        width_pt, height_pt = self.width * self.user_unit, self.height * self.user_unit
        return (height_pt, width_pt) if self.rotation in (90, 270) else (width_pt, height_pt)

    def rectangle(self, placement: Placement) -> Rectangle:
        """The placement's box in user space (left, bottom, right, top). Raises BoxOffPage."""
        placement.check_on_page(*self.displayed_size_pt)
        near = self._to_user_space(placement.x_pt, placement.y_pt)
        far = self._to_user_space(
            placement.x_pt + placement.side_pt, placement.y_pt + placement.side_pt
        )
        (left, bottom), (right, top) = near, far
        if self.rotation in (90, 180):
            left, right = right, left
        if self.rotation in (180, 270):
            bottom, top = top, bottom
        return round(left, 4), round(bottom, 4), round(right, 4), round(top, 4)

    def displayed(self, rectangle: Rectangle) -> Rectangle:
        """The displayed rectangle in points, from one in user space: the inverse of `rectangle`."""
        left, bottom, right, top = rectangle
        corners = (self._to_display(left, bottom), self._to_display(right, top))
        across, up = zip(*corners, strict=True)
        return min(across), min(up), max(across), max(up)

    def _to_user_space(self, x_pt: float, y_pt: float) -> tuple[float, float]:
        across, up = x_pt / self.user_unit, y_pt / self.user_unit
        match self.rotation:
            case 0:
                x, y = across, up
            case 90:
                x, y = self.width - up, across
            case 180:
                x, y = self.width - across, self.height - up
            case _:
                x, y = up, self.height - across
        return self.left + x, self.bottom + y

    def _to_display(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.bottom
        across, up = {
            0: (x, y),
            90: (y, self.width - x),
            180: (self.width - x, self.height - y),
            270: (self.height - y, x),
        }[self.rotation]
        return across * self.user_unit, up * self.user_unit


def page_from_numbers(
    media_box: Sequence[float] | None,
    crop_box: Sequence[float] | None,
    rotation: float,
    user_unit: float,
) -> Page:
    """The visible page: CropBox within MediaBox, rotated by `rotation` (any multiple of 90).

    Raises DocumentDamaged where nothing is visible, or `rotation` is no multiple of 90.
    """
    media = _normal(media_box) or LETTER
    crop = _normal(crop_box) or media
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right <= left or top <= bottom:
        raise DocumentDamaged(cause="page_box_empty")
    if rotation % 90:
        raise DocumentDamaged(cause="page_rotation", rotation=str(rotation))
    return Page(
        left=left,
        bottom=bottom,
        width=right - left,
        height=top - bottom,
        rotation=int(rotation) % 360,
        user_unit=user_unit if user_unit > 0 else 1.0,
    )


def _normal(box: Sequence[float] | None) -> Rectangle | None:
    """The box of any two opposite corners; None for no box, and for one without area."""
    if box is None or len(box) != 4:
        return None
    left, bottom, right, top = box
    if right < left:
        left, right = right, left
    if top < bottom:
        bottom, top = top, bottom
    fits = -1e6 < left < right < 1e6 and -1e6 < bottom < top < 1e6
    return (left, bottom, right, top) if fits else None
