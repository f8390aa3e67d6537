"""What is written or drawn on a page, as far as its picture tells; the rest is paper.

Paper is the largest area whose shade varies by little from one place to the next: white, coloured,
or lit unevenly before a camera. Whatever is beyond a sharp edge (a photograph, a dark bar, the desk
under a sheet) is no paper. On paper these count as paper too: pale marks that are wider than a
pen's line, as watermarks and shaded cells are, and hairlines across the page, as ruled and squared
paper has and as seams between the strips of a scan are.
"""

from collections.abc import Sequence
from functools import cache

from meterai.pdf.rendering.bitmap import (
    Bitmap,
    both,
    closed,
    either,
    grown,
    opened_across,
    opened_down,
    without,
    without_specks,
)

BLOCK = 16
"""Shades are compared between squares of so many dots; a dot is about a point."""
MAX_STEP = 0.21  # of the brighter shade: more from one square to the next is an edge
BRIGHT_SHARE = 0.75  # a square's shade is exceeded by a quarter of it: letters cover less
MIN_NOISE_CONTRAST = 0.08  # of the paper's shade: a pale line differs by so much, and noise may
MIN_CONTRAST = 0.16  # what is fainter is no mark: the other side showing, or folds
MIN_CLEAR_CONTRAST = 0.36  # what is fainter than this is pale
MAX_PEN = 4  # dots: a pen's line is no wider
MIN_HAIRLINE_SHARE = 0.25  # of the page's width
MIN_THICK = 3  # dots: a hairline is thinner
MAX_GAPS = (6, 4)  # dots, across and down: within dotted lines, and within letters


def ink(rows: Sequence[bytes]) -> Bitmap:
    """The dots that may not be covered. `rows`: shades from 0 (black) to 255, from the top."""
    shades = _paper_shades(rows)
    noise, faint, clear = (
        _differing(rows, shades, share)
        for share in (MIN_NOISE_CONTRAST, MIN_CONTRAST, MIN_CLEAR_CONTRAST)
    )
    length = round(MIN_HAIRLINE_SHARE * len(rows[0]))
    wide = opened_down(opened_across(faint, MAX_PEN + 1), MAX_PEN + 1)
    marks = either(clear, without(faint, grown(wide, MAX_PEN + 1)))
    pale_lines = without(_long(noise, noise, length), clear)
    return without_specks(without(marks, either(pale_lines, _hairlines(marks, length))))


def _paper_shades(rows: Sequence[bytes]) -> list[list[int | None]]:
    """The paper's shade by squares; None where there is no paper."""
    width = len(rows[0])
    shades = [
        [_shade(rows[top : top + BLOCK], left) for left in range(0, width, BLOCK)]
        for top in range(0, len(rows), BLOCK)
    ]
    paper = _largest_area(shades)
    return [
        [shade if (down, across) in paper else None for across, shade in enumerate(line)]
        for down, line in enumerate(shades)
    ]


def _shade(rows: Sequence[bytes], left: int) -> int:
    dots = b"".join([row[left : left + BLOCK] for row in rows[::2]])
    return sorted(dots)[int(BRIGHT_SHARE * len(dots))]


def _largest_area(shades: list[list[int]]) -> set[tuple[int, int]]:
    """The squares that hang together without an edge between them."""
    left = {(down, across) for down, line in enumerate(shades) for across in range(len(line))}
    largest: set[tuple[int, int]] = set()
    while len(left) > len(largest):
        waiting = [left.pop()]
        area = set(waiting)
        while waiting:
            down, across = waiting.pop()
            for beside in (
                (down - 1, across),
                (down + 1, across),
                (down, across - 1),
                (down, across + 1),
            ):
                if beside in left and _is_near(shades[down][across], shades[beside[0]][beside[1]]):
                    left.remove(beside)
                    area.add(beside)
                    waiting.append(beside)
        largest = max(largest, area, key=len)
    return largest


def _is_near(one: int, other: int) -> bool:
    return abs(one - other) <= MAX_STEP * max(one, other)


def _differing(rows: Sequence[bytes], shades: list[list[int | None]], contrast: float) -> Bitmap:
    """The dots that differ from the paper by so much, and all that are not on paper."""
    found: Bitmap = []
    for at, line in enumerate(shades):
        tables = [_table(shade, contrast) for shade in line]
        here = rows[at * BLOCK : (at + 1) * BLOCK]
        if len(set(line)) == 1:
            found += [int(row.translate(tables[0]), 2) for row in here]
            continue
        parts = [(slice(at * BLOCK, (at + 1) * BLOCK), table) for at, table in enumerate(tables)]
        for row in here:
            found.append(int(b"".join([row[part].translate(table) for part, table in parts]), 2))
    return found


@cache
def _table(paper: int | None, contrast: float) -> bytes:
    """For `bytes.translate`: b"1" for the shades that are ink, b"0" for the others."""
    if paper is None:
        return b"1" * 256
    far = contrast * max(paper, 255 - paper)
    return bytes(ord("1") if abs(shade - paper) > far else ord("0") for shade in range(256))


def _hairlines(marks: Bitmap, length: int) -> Bitmap:
    """Thin lines of at least such a length, dotted ones too."""
    solid = closed(marks, *MAX_GAPS)
    thick = opened_down(opened_across(solid, MIN_THICK), MIN_THICK)
    gap = MAX_GAPS[0]
    return without(both(marks, _long(closed(marks, gap, 0), closed(marks, 0, gap), length)), thick)


def _long(level: Bitmap, upright: Bitmap, length: int) -> Bitmap:
    """Lines of at least such a length, which need not be quite level or upright."""
    return either(opened_across(grown(level, 1), length), opened_down(grown(upright, 1), length))
