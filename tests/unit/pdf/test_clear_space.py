"""What is a clear place to sign on: paper, and thin lines across it; no mark that ends there."""

from collections.abc import Iterable, Sequence

import pytest

from meterai.pdf.verification.changes.clear_space import is_clear, marks_in

WIDTH, HEIGHT = 120, 60
Dots = Iterable[tuple[int, int]]


def part(shade: int, dots: Dots, paper: Sequence[int] = (255,)) -> list[bytes]:
    """Rows of grey pixels; `paper` is repeated along them."""
    rows = [[paper[(x + y) % len(paper)] for x in range(WIDTH)] for y in range(HEIGHT)]
    for x, y in dots:
        rows[y][x] = shade
    return [bytes(level for level in row for _ in range(3)) for row in rows]


def area(left: int, top: int, right: int, bottom: int) -> Dots:
    return [(x, y) for y in range(top, bottom) for x in range(left, right)]


def dashes(gap: int) -> Dots:
    return [(x, 30) for x in range(WIDTH) if x % (4 + gap) < 4]


STROKE = area(40, 20, 42, 32)
LINE = area(0, 30, WIDTH, 32)
ACROSS = [(x, 30 + x // 40) for x in range(WIDTH)]
PAPER_WITH_NOISE = (255, 252, 250, 255, 248)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(part(0, []), id="blank"),
        pytest.param(part(0, [(10, 10), (50, 40), (90, 20)]), id="dust"),
        pytest.param(part(90, LINE), id="a line across"),
        pytest.param(part(90, ACROSS), id="a skewed line"),
        pytest.param(part(0, area(20, 30, 80, 31)), id="a line within"),
        pytest.param(part(0, area(0, 30, 30, 31)), id="a line that ends here"),
        pytest.param(part(0, [(x, 30) for x in range(0, WIDTH, 5)]), id="a dotted line"),
        pytest.param(part(0, dashes(gap=6)), id="a dashed line"),
        pytest.param(part(0, area(40, 20, 42, 22)), id="a speck"),
        pytest.param(part(235, area(30, 10, 90, 50)), id="a pale cell"),
        pytest.param(part(235, area(30, 10, 37, 50)), id="a pale bar"),
        pytest.param(part(235, area(40, 0, 43, 18)), id="a pale stroke that goes on beyond"),
        pytest.param(part(0, [], PAPER_WITH_NOISE), id="noise"),
        pytest.param(part(248, STROKE), id="what is too pale to be seen"),
    ],
)
def test_a_place_to_sign_on_is_clear(rows: list[bytes]) -> None:
    assert is_clear(rows)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(part(0, STROKE), id="a stroke"),
        pytest.param(part(240, STROKE), id="a pale stroke"),
        pytest.param(part(240, area(40, 20, 45, 32)), id="a pale stroke of a broad pen"),
        pytest.param(part(200, STROKE, PAPER_WITH_NOISE), id="a pale stroke on noise"),
        pytest.param(part(0, area(40, 30, 70, 31)), id="a dash"),
        pytest.param(part(0, dashes(gap=12)), id="a row of dashes"),
        pytest.param(part(0, area(0, 30, WIDTH, 35)), id="a bar"),
        pytest.param(part(0, area(40, 20, 42, 23)), id="a full stop"),
        pytest.param(part(120, area(30, 10, 90, 50)), id="a dark area"),
        pytest.param(part(210, area(30, 10, 90, 50)), id="a grey area"),
        pytest.param(part(0, area(40, 0, 43, 18)), id="a dark stroke that goes on beyond"),
    ],
)
def test_a_place_where_something_is_written_is_not(rows: list[bytes]) -> None:
    assert not is_clear(rows)


def test_marks_are_all_that_shows_but_lines() -> None:
    assert any(marks_in(part(235, area(30, 10, 90, 50))))
    assert not any(marks_in(part(90, LINE)))
    assert not any(marks_in([]))
