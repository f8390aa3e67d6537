"""Free space on a page: the square nearest to a wanted point that covers nothing.

The page is rendered once, at low resolution. Cells that differ from the background are taken; so
are the boxes of text, images and annotations, which may be invisible. Where an image fills the page
(a scan, a letterhead), the image is the background. Photographs are lit unevenly, so there a cell
is taken if it differs from its neighbours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, sqrt
from operator import add

import pypdfium2

from meterai.domain.stamping.placement import Rectangle
from meterai.pdf.structure.pages import Page

CELL_PT = 3.0
MAX_CELLS = 150_000  # a page may declare any size: cells then grow
CLEARANCE_PT = 4.0
MARGIN_PT = 18.0  # the page's margin, which printers do not reach
MIN_INK_CONTRAST = 12  # of 255, from the background: a watermark is free, a hairline is not
MIN_CONTRAST = 14  # of 255, between neighbours in a scan
MAX_DARK_SHARE = 0.4  # of the scan's median shade: darker is beyond the sheet's edge


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
    page: pypdfium2.PdfPage,
    geometry: Page,
    taken: Iterable[Rectangle],
    *,
    fills_page: bool,
) -> FreeSpace:
    """`taken` are boxes on the page as displayed; `fills_page`: an image is the background."""
    width_pt, height_pt = geometry.displayed_size_pt
    cell_pt = max(CELL_PT, sqrt(width_pt * height_pt / MAX_CELLS))
    scale = width_pt / cell_pt / page.get_width()
    picture = page.render(scale=scale, grayscale=True)
    shades = bytes(picture.buffer)
    rows = [
        shades[at * picture.stride : at * picture.stride + picture.width]
        for at in range(picture.height)
    ]
    cells = _contrasting(rows) if fills_page else _inked(rows)
    for box in taken:
        _take(cells, box, cell_pt, height_pt)
    sums = [[0] * (picture.width + 1)]
    for row in cells:
        sums.append(list(map(add, sums[-1], accumulate(row, initial=0))))
    return FreeSpace(sums, cell_pt, height_pt)


def _inked(rows: list[bytes]) -> list[bytearray]:
    """The cells that differ from the commonest shade."""
    counts = [0] * 256
    for row in rows:
        for shade in set(row):
            counts[shade] += row.count(shade)
    paper = counts.index(max(counts))
    table = bytes(abs(shade - paper) > MIN_INK_CONTRAST for shade in range(256))
    return [bytearray(row.translate(table)) for row in rows]


def _contrasting(rows: list[bytes]) -> list[bytearray]:
    """The cells that differ from the one to the right or below, and those darker than any sheet."""
    middle = sorted(b"".join(rows[:: max(1, len(rows) // 64)]))
    dark = MAX_DARK_SHARE * middle[len(middle) // 2]
    return [
        bytearray(
            shade < dark or abs(shade - right) > MIN_CONTRAST or abs(shade - below) > MIN_CONTRAST
            for shade, right, below in zip(row, row[1:] + row[-1:], following, strict=True)
        )
        for row, following in zip(rows, rows[1:] + rows[-1:], strict=True)
    ]


def _take(cells: list[bytearray], box: Rectangle, cell_pt: float, height_pt: float) -> None:
    left, bottom, right, top = box
    first, last = max(0, int(left / cell_pt)), min(len(cells[0]), ceil(right / cell_pt))
    above, below = int((height_pt - top) / cell_pt), ceil((height_pt - bottom) / cell_pt)
    if last > first:
        for row in cells[max(0, above) : max(0, below)]:
            row[first:last] = b"\1" * (last - first)
