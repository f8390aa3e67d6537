"""Whether a part of a drawn page is blank, or has nothing but thin lines to sign on.

Rows of pixels are Python integers with a bit for each pixel of ink, so that whole rows are compared
at once.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

MIN_INK_CONTRAST = 40
"""Of 255 levels of a colour, against the commonest one: paler marks are paper."""
MAX_LINE_PX = 3
"""A line of one point, drawn at 100 dpi between two rows of pixels."""
MIN_LINE_PX = 20
MAX_GAP_PX = 6
"""Between the dots or dashes of a line."""
MAX_STRAY_PX = 4
"""Where lines cross or end."""


def is_clear(rows: Sequence[bytes]) -> bool:
    """`rows` have three bytes a pixel. Ink that is not part of a thin straight line makes it not
    clear."""
    if not any(rows):
        return True
    width = len(rows[0]) // 3
    colours = [_ink([row[colour::3] for row in rows]) for colour in range(3)]
    ink = [red | green | blue for red, green, blue in zip(*colours, strict=True)]
    level = _thin(ink)
    upright = _transposed(_thin(_transposed(ink, width)), len(rows))
    rest = [one & ~(across | down) for one, across, down in zip(ink, level, upright, strict=True)]
    return sum(one.bit_count() for one in _not_alone(rest)) <= MAX_STRAY_PX


def _ink(rows: Sequence[bytes]) -> list[int]:
    """Yellow on white is seen in its blue alone: each colour is judged by itself."""
    levels = b"".join(rows)
    paper = max(set(levels), key=levels.count)
    table = bytes(48 + (abs(level - paper) > MIN_INK_CONTRAST) for level in range(256))
    return [int(b"0" + row.translate(table), 2) for row in rows]


def _thin(ink: Sequence[int]) -> list[int]:
    """The ink of thin lines along the rows, dotted ones included."""
    runs = [_runs(_closed(row)) for row in ink]
    thick = [0] * len(runs)
    for at in range(len(runs) - MAX_LINE_PX):
        window = range(at, at + MAX_LINE_PX + 1)
        solid = reduce(and_, (runs[one] for one in window))
        for one in window:
            thick[one] |= solid
    return [row & run & ~solid for row, run, solid in zip(ink, runs, thick, strict=True)]


def _closed(row: int) -> int:
    """With the gaps filled that are at most MAX_GAP_PX wide."""
    grown = reduce(or_, (row << step for step in range(MAX_GAP_PX + 1)))
    return reduce(and_, (grown >> step for step in range(MAX_GAP_PX + 1)))


def _runs(row: int) -> int:
    """The parts of the row that are at least MIN_LINE_PX long."""
    starts = row
    length = 1
    while length < MIN_LINE_PX:
        step = min(length, MIN_LINE_PX - length)
        starts &= starts >> step
        length += step
    runs, length = starts, 1
    while length < MIN_LINE_PX:
        step = min(length, MIN_LINE_PX - length)
        runs |= runs << step
        length += step
    return runs


def _transposed(rows: Sequence[int], width: int) -> list[int]:
    written = [f"{row:0{width}b}"[-width:] for row in rows]
    return [int("".join(column), 2) for column in zip(*written, strict=True)] if written else []


def _not_alone(rows: Sequence[int]) -> list[int]:
    """Without the pixels that have no neighbour: dust of a scan."""
    padded = [0, *rows, 0]
    kept = []
    for above, row, below in zip(padded, padded[1:], padded[2:], strict=False):
        beside = (row << 1) | (row >> 1)
        over = above | above << 1 | above >> 1
        under = below | below << 1 | below >> 1
        kept.append(row & (beside | over | under))
    return kept
