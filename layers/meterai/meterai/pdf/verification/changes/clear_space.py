"""Whether a part of a drawn page is blank, or has nothing but thin lines to sign on.

Rows of pixels are Python integers with a bit for each pixel of ink, so that whole rows are compared
at once.
"""

from collections import Counter
from collections.abc import Sequence

from meterai.pdf.rendering.bitmap import (
    Bitmap,
    closed,
    either,
    grown,
    opened_across,
    opened_down,
    with_neighbours,
    without,
    without_specks,
)

Pixels = tuple[int, int, int, int]
"""Left, top, right and bottom, from the top left of the picture."""

MIN_CLEAR_CONTRAST = 40
"""Of 255 levels of a colour, against the commonest one."""
MIN_PALE_CONTRAST = 8
"""What is paler shows to nobody."""
NOISE = 8
"""Times what half of the pixels differ by: a scan's paper differs by more in a few places only."""
MIN_SHADE_SHARE = 0.2
MIN_WIDE_PX = 6
"""Pale marks that are so wide are paper, as shaded cells and watermarks are: no pen draws them."""
MAX_LINE_PX = 3
"""A line of one point, drawn at 100 dpi between two rows of pixels."""
MIN_LINE_PX = 20
"""That goes on beyond the part."""
MIN_WHOLE_LINE_PX = 50
"""That ends within it: shorter ones are dashes and parts of figures."""
MAX_GAP_PX = 6
"""Between the dots or dashes of a line."""
MAX_STRAY_PX = 4
"""Where lines cross or end."""


def is_clear(rows: Sequence[bytes]) -> bool:
    """`rows` have three bytes a pixel. Ink that is not part of a thin straight line makes it not
    clear. Pale ink may also be a broad area, or go on beyond the part, where it can be seen."""
    clear, pale = _ink(rows)
    if not any(either(clear, pale)):
        return True
    width = len(rows[0]) // 3
    kept = either(clear, _ending_here(pale, width))
    marks = without_specks(without(kept, _lines_in(either(clear, pale), width)))
    return sum(one.bit_count() for one in marks) <= MAX_STRAY_PX


def marks_in(rows: Sequence[bytes]) -> Bitmap:
    """All that shows but thin lines."""
    ink = either(*_ink(rows))
    return without(ink, _lines_in(ink, len(rows[0]) // 3)) if any(ink) else ink


def _ink(rows: Sequence[bytes]) -> tuple[Bitmap, Bitmap]:
    """Clear and pale. Yellow on white is seen in its blue alone: each colour is judged by
    itself."""
    clear, pale = [0] * len(rows), [0] * len(rows)
    for colour in range(3):
        levels = [row[colour::3] for row in rows]
        counts = Counter(b"".join(levels))
        paper = max(counts, key=lambda level: counts[level], default=0)
        pale_contrast = max(MIN_PALE_CONTRAST, NOISE * _half_differ_by(counts))
        clear = either(clear, _differing(levels, paper, MIN_CLEAR_CONTRAST))
        if pale_contrast < MIN_CLEAR_CONTRAST:
            pale = either(pale, _differing(levels, paper, pale_contrast))
    return clear, without(pale, clear)


def _lines_in(ink: Bitmap, width: int) -> Bitmap:
    height = len(ink)
    upright = _transposed(_thin(_transposed(ink, width), height), height)
    return either(_thin(ink, width), upright)


def _ending_here(pale: Bitmap, width: int) -> Bitmap:
    """Without what is wide, and without what goes on beyond the part, where it can be seen."""
    wide = opened_down(opened_across(pale, MIN_WIDE_PX), MIN_WIDE_PX)
    left = without(pale, grown(wide, MIN_WIDE_PX))
    edges = 1 | 1 << width - 1
    beyond = [row & edges for row in pale]
    beyond[0], beyond[-1] = pale[0], pale[-1]
    return without(left, _reached(beyond, pale))


def _reached(start: Bitmap, marks: Bitmap) -> Bitmap:
    """The marks that hang together with the first ones."""
    found, before = list(start), None
    while found != before:
        before = list(found)
        for order in (range(len(found)), reversed(range(len(found)))):
            beside = 0
            for at in order:
                found[at] = beside = _filled(
                    found[at] | beside | beside << 1 | beside >> 1, marks[at]
                )
    return found


def _filled(start: int, marks: int) -> int:
    """The runs of a row in which any of the first ones is."""
    found = start & marks
    while (more := (found | found << 1 | found >> 1) & marks) != found:
        found = more
    return found


def _half_differ_by(counts: Counter[int]) -> int:
    """The least difference from a shade of paper that half of the pixels do not exceed. Cells of a
    table may have several shades; of noise none has so many pixels."""
    total = counts.total()
    shades = [level for level, count in counts.items() if count >= MIN_SHADE_SHARE * total]
    shades = shades or [level for level, _ in counts.most_common(1)]
    found = 0
    for difference in range(256):
        near = {level for shade in shades for level in (shade - difference, shade + difference)}
        found += sum(counts.pop(level, 0) for level in near)
        if 2 * found >= total:
            return difference
    return 255


def _differing(rows: Sequence[bytes], paper: int, contrast: int) -> Bitmap:
    table = bytes(ord("0") + (abs(level - paper) > contrast) for level in range(256))
    return [int(b"0" + row.translate(table), 2) for row in rows]


def _thin(ink: Bitmap, width: int) -> Bitmap:
    """The ink of thin lines along the rows, dotted ones and slightly skewed ones included."""
    tall = [above | row | below for above, row, below in with_neighbours(ink)]
    runs = [_lines(row, width) for row in closed(tall, MAX_GAP_PX, 0)]
    thick = opened_down(runs, MAX_LINE_PX + 3)
    return [row & run & ~solid for row, run, solid in zip(ink, runs, thick, strict=True)]


def _lines(row: int, width: int) -> int:
    """The runs of a row that are long enough."""
    (whole,) = opened_across([row], MIN_WHOLE_LINE_PX)
    (runs,) = opened_across([row], MIN_LINE_PX)
    from_right = runs & ~(runs + 1)
    gap = (~runs & (1 << width) - 1).bit_length()
    return whole | from_right | runs >> gap << gap


def _transposed(rows: Bitmap, width: int) -> Bitmap:
    written = [f"{row:0{width}b}"[-width:] for row in rows]
    return [int("".join(column), 2) for column in zip(*written, strict=True)] if written else []
