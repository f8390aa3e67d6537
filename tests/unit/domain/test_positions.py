"""Whatever somebody does to a square on a page, it stays there and lands where they meant."""

import pytest

from meterai.domain.stamping.placement import MAX_SIDE_PT, MIN_SIDE_PT, Placement
from meterai.domain.stamping.placement_requests import Corner
from meterai.domain.stamping.positions import (
    Direction,
    PageArea,
    decimal_number,
    points,
    whole_number,
)

A4 = PageArea(2, 595.28, 841.89)
SQUARE = Placement(2, 100, 200, 72)


def test_an_inch_is_72_points() -> None:
    assert points(25.4) == pytest.approx(72)


@pytest.mark.parametrize(
    ("direction", "moved"),
    [
        (Direction.LEFT, (71.65, 200)),
        (Direction.RIGHT, (128.35, 200)),
        (Direction.UP, (100, 228.35)),
        (Direction.DOWN, (100, 171.65)),
    ],
)
def test_a_step_of_a_centimetre_goes_to_one_side(
    direction: Direction, moved: tuple[float, float]
) -> None:
    assert A4.nudged(SQUARE, direction, 10) == Placement(2, *moved, 72)


@pytest.mark.parametrize("direction", Direction)
def test_no_number_of_steps_leaves_the_page(direction: Direction) -> None:
    square = SQUARE
    for _ in range(100):
        square = A4.nudged(square, direction, 10)

    square.check_on_page(A4.width_pt, A4.height_pt)


def test_a_tap_is_the_middle_of_the_square() -> None:
    assert A4.tapped(0.5, 0.25, 72) == Placement(2, 261.64, 595.42, 72)


@pytest.mark.parametrize("tap", [(0, 0), (1, 0), (0, 1), (1, 1), (-5, 7), (99, -3)])
def test_a_tap_at_the_edge_or_beyond_it_stays_on_the_page(tap: tuple[float, float]) -> None:
    A4.tapped(*tap, 72).check_on_page(A4.width_pt, A4.height_pt)


def test_millimetres_count_from_the_upper_left_corner_as_on_paper() -> None:
    placed = A4.from_mm(25.4, 25.4, 25.4)

    assert placed == Placement(2, 72, 697.89, 72)
    assert A4.in_mm(placed) == (25.4, 25.4, 25.4)


@pytest.mark.parametrize(("side_mm", "side_pt"), [(1, MIN_SIDE_PT), (500, MAX_SIDE_PT)])
def test_a_side_is_what_an_emeterai_may_have(side_mm: float, side_pt: float) -> None:
    assert A4.from_mm(0, 0, side_mm).side_pt == side_pt


def test_a_side_is_no_longer_than_the_page() -> None:
    assert PageArea(1, 60, 500).from_mm(0, 0, 70).side_pt == 60


def test_a_page_smaller_than_any_emeterai_keeps_it_in_its_corner() -> None:
    assert PageArea(1, 40, 40).nudged(Placement(1, 3, 3, 72), Direction.UP, 10) == Placement(
        1, 0, 0, MIN_SIDE_PT
    )


@pytest.mark.parametrize("corner", Corner)
def test_a_corner_keeps_its_margin_where_the_page_has_room(corner: Corner) -> None:
    placed = A4.in_corner(corner, 72)
    left, bottom, right, top = placed.box

    assert min(left, A4.width_pt - right) == pytest.approx(36, abs=0.01)
    assert min(bottom, A4.height_pt - top) == pytest.approx(36, abs=0.01)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "٣", "1e3", "1234567890", " 1"])
def test_forged_whole_numbers_are_none(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize("text", ["", "nan", "inf", "-inf", "1e9", "satu", "1,2,3"])
def test_forged_decimal_numbers_are_none(text: str) -> None:
    assert decimal_number(text) is None


def test_decimals_have_a_comma_or_a_point() -> None:
    assert decimal_number(" 25,4 ") == decimal_number("25.4") == 25.4
