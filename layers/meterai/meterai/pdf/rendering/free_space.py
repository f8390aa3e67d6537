"""Free space on a page: the square nearest to a wanted point that covers nothing.

The page is drawn once, at about 72 dpi. Taken are what is inked (see `ink`) and the boxes of text,
images and annotations, which may be invisible.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, sqrt
from operator import add

import pypdfium2

from meterai.domain.stamping.placement import Rectangle
from meterai.pdf.rendering.bitmap import Bitmap
from meterai.pdf.rendering.ink import ink
from meterai.pdf.structure.pages import Page

CELL_PT = 3.0
DOTS = 3
"""Of the picture, across a cell."""
MAX_CELLS = 150_000  # a page may declare any size: cells then grow
CLEARANCE_PT = 4.0
MARGIN_PT = 18.0  # the page's margin, which printers do not reach

_DIGITS = bytes.maketrans(b"01", b"\0\1")


@dataclass(frozen=True)
class FreeSpace:
    """`sums[row][column]`: the number of taken cells above and to the left; rows from the top."""

    sums: list[list[int]]
    cell_pt: float
    height_pt: float

    def nearest(self, side_pt: float, centre: tuple[float, float]) -> tuple[float, float] | None:
        """The lower left corner of the free square whose middle is nearest to `centre`."""
        reach = ceil((side_pt + 2 * CLEARANCE_PT) / self.cell_pt)
        margin = ceil((MARGIN_PT - CLEARANCE_PT) / self.cell_pt)
        half = reach / 2
        aim_column = centre[0] / self.cell_pt - half
        aim_row = (self.height_pt - centre[1]) / self.cell_pt - half
        best: tuple[float, int, int] | None = None
        for row in range(margin, len(self.sums) - reach - margin):
            down = (row - aim_row) ** 2
            if best is not None and down >= best[0]:
                continue
            upper, lower = self.sums[row], self.sums[row + reach]
            for column in range(margin, len(upper) - reach - margin):
                far = down + (column - aim_column) ** 2
                if best is not None and far >= best[0]:
                    continue
                end = column + reach
                if lower[end] - lower[column] == upper[end] - upper[column]:
                    best = far, row, column
        if best is None:
            return None
        _, row, column = best
        x_pt = (column + half) * self.cell_pt - side_pt / 2
        y_pt = self.height_pt - (row + half) * self.cell_pt - side_pt / 2
        return x_pt, y_pt


def free_space(
    page: pypdfium2.PdfPage, geometry: Page, taken: Iterable[Rectangle], paper: Rectangle
) -> FreeSpace:
    """`taken` are boxes on the page as displayed, and `paper` is one: all around it is taken."""
    width_pt, height_pt = geometry.displayed_size_pt
    cell_pt = max(CELL_PT, sqrt(width_pt * height_pt / MAX_CELLS))
    scale = DOTS * width_pt / cell_pt / page.get_width()
    picture = page.render(scale=scale, grayscale=True)
    shades = bytes(picture.buffer)
    marks = ink(
        [
            shades[at * picture.stride : at * picture.stride + picture.width]
            for at in range(picture.height)
        ]
    )
    cells = _cells(marks, picture.width)
    left, bottom, right, top = paper
    around = (
        (0, 0, left, height_pt),
        (right, 0, width_pt, height_pt),
        (0, 0, width_pt, bottom),
        (0, top, width_pt, height_pt),
    )
    for box in (*taken, *(one for one in around if one[0] < one[2] and one[1] < one[3])):
        _take(cells, box, cell_pt, height_pt)
    sums = [[0] * (len(cells[0]) + 1)]
    for row in cells:
        sums.append(list(map(add, sums[-1], accumulate(row, initial=0))))
    return FreeSpace(sums, cell_pt, height_pt)


def _cells(marks: Bitmap, width: int) -> list[bytearray]:
    """1 for each cell with a mark in it, else 0."""
    columns = -(-width // DOTS)
    missing = columns * DOTS - width
    cells = []
    for at in range(0, len(marks), DOTS):
        row = 0
        for one in marks[at : at + DOTS]:
            row |= one
        row <<= missing
        row |= row << 1 | row << 2
        digits = f"{row & (1 << columns * DOTS) - 1:0{columns * DOTS}b}"
        cells.append(bytearray(digits[::DOTS].encode("ascii").translate(_DIGITS)))
    return cells


def _take(cells: list[bytearray], box: Rectangle, cell_pt: float, height_pt: float) -> None:
    left, bottom, right, top = box
    first, last = max(0, int(left / cell_pt)), min(len(cells[0]), ceil(right / cell_pt))
    above, below = int((height_pt - top) / cell_pt), ceil((height_pt - bottom) / cell_pt)
    if last > first:
        for row in cells[max(0, above) : max(0, below)]:
            row[first:last] = b"\1" * (last - first)
