"""A picture of two colours: one integer for each row, from the top; its highest bit is at the left.

Whole rows are shifted and combined at once, so that a page takes milliseconds. "Closing" fills
narrow gaps, "opening" removes what is narrow (mathematical morphology; Serra, 1982).
"""

from collections.abc import Callable, Iterable, Sequence
from operator import and_, or_

Bitmap = list[int]
_Combine = Callable[[int, int], int]


def closed(rows: Bitmap, across: int, down: int) -> Bitmap:
    """With gaps of up to `across` columns filled, then those of up to `down` rows."""
    rows = [_run(_run(row, across + 1, or_, left=True), across + 1, and_) for row in rows]
    return _over_rows([*[0] * down, *rows, *[0] * down], down + 1, or_, and_)[down : -down or None]


def opened_across(rows: Bitmap, columns: int) -> Bitmap:
    """Only runs of at least so many columns."""
    return [_run(_run(row, columns, and_), columns, or_, left=True) if row else 0 for row in rows]


def opened_down(rows: Bitmap, count: int) -> Bitmap:
    """Only runs of at least so many rows."""
    return _over_rows(rows, count, and_, or_)


def grown(rows: Bitmap, by: int) -> Bitmap:
    """Wider by so many columns and rows on each side; the left side is not clipped."""
    wide = [_run(row << by, 2 * by + 1, or_) if row else 0 for row in rows]
    none = [0] * by
    return _spread([*none, *wide, *none], 2 * by + 1, or_)


def without(rows: Bitmap, others: Bitmap) -> Bitmap:
    return [row & ~other for row, other in zip(rows, others, strict=True)]


def both(rows: Bitmap, others: Bitmap) -> Bitmap:
    return list(map(and_, rows, others))


def either(rows: Bitmap, others: Bitmap) -> Bitmap:
    return list(map(or_, rows, others))


def without_specks(rows: Bitmap) -> Bitmap:
    """Without the bits that have no neighbour, also none at a corner: the dust of a scan."""
    kept = []
    for above, row, below in with_neighbours(rows):
        around = above | row | below
        kept.append(row & (above | below | around << 1 | around >> 1))
    return kept


def with_neighbours(rows: Bitmap) -> Iterable[tuple[int, int, int]]:
    """Each row with the ones above and below it."""
    padded = [0, *rows, 0]
    return zip(padded, padded[1:], padded[2:], strict=False)


def _run(row: int, length: int, combine: _Combine, *, left: bool = False) -> int:
    """The row combined with itself, moved by 1 to `length` - 1 columns: to the right, so that the
    bits of a run gather at its right end; or to the left, which undoes this."""
    done = 1
    while done < length:
        step = min(done, length - done)
        row = combine(row, row << step if left else row >> step)
        done += step
    return row


def _over_rows(rows: Bitmap, count: int, first: _Combine, second: _Combine) -> Bitmap:
    """Rows combined over `count` rows from each one down, then over as many from each one up."""
    gathered = _spread(rows, count, first)
    blank = [0] * (count - 1)
    padded = [*blank, *gathered, *blank]
    return _spread(padded, count, second)[: len(rows)]


def _spread(rows: Sequence[int], count: int, combine: _Combine) -> Bitmap:
    """Each row combined with the `count` - 1 rows below it; the last ones, which lack them, go."""
    rows, done = list(rows), 1
    while done < count:
        step = min(done, count - done)
        rows = list(map(combine, rows, rows[step:]))
        done += step
    return rows
