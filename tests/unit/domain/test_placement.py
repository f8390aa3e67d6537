"""Placements are on an existing page and wholly within it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.domain.errors import BoxOffPage, PageOutOfRange
from meterai.domain.stamping.placement import Placement, Rectangle, overlap
from tests.generated import examples

A4 = (595.276, 841.89)


@pytest.mark.parametrize(("page", "index"), [(1, 0), (3, 2), (-1, 2), (-3, 0)])
def test_pages_count_from_one_or_from_the_end(page: int, index: int) -> None:
    assert Placement(page, 0, 0, 72).page_index(3) == index


@examples(50)
@given(st.integers(-9, 9), st.integers(0, 4))
def test_a_page_exists_or_is_refused(page: int, page_count: int) -> None:
    there = 1 <= page <= page_count or -page_count <= page <= -1
    if there:
        assert 0 <= Placement(page, 0, 0, 72).page_index(page_count) < page_count
        return
    with pytest.raises(PageOutOfRange) as refused:
        Placement(page, 0, 0, 72).page_index(page_count)
    assert refused.value.values == {"page": page, "page_count": page_count}


@pytest.mark.parametrize(
    ("x_pt", "y_pt"),
    [(0, 0), (-0.01, -0.01), (A4[0] - 72, A4[1] - 72), (523.28, 769.9), (200.5, 300.25)],
)
def test_a_box_on_the_page_is_accepted(x_pt: float, y_pt: float) -> None:
    Placement(1, x_pt, y_pt, 72).check_on_page(*A4)


@pytest.mark.parametrize(
    ("x_pt", "y_pt", "side_pt"),
    [
        (-0.02, 0, 72),
        (0, -0.02, 72),
        (A4[0] - 71.9, 0, 72),
        (0, A4[1] - 71.9, 72),
        (0, 0, 0),
        (0, 0, -72),
        (10_000, 10_000, 72),
        (float("nan"), 0, 72),
        (0, 0, float("inf")),
    ],
)
def test_a_box_off_the_page_is_refused(x_pt: float, y_pt: float, side_pt: float) -> None:
    with pytest.raises(BoxOffPage) as refused:
        Placement(2, x_pt, y_pt, side_pt).check_on_page(*A4)
    assert refused.value.values == {"page": 2, "page_width_pt": 595, "page_height_pt": 842}


@pytest.mark.parametrize(
    ("other", "is_overlap"),
    [
        ((10, 10, 20, 20), True),
        ((15, 12, 25, 22), True),
        ((19.5, 10, 30, 20), False),
        ((19.25, 10, 30, 20), True),
        ((10, 19.5, 20, 30), False),
        ((10, 19.25, 20, 30), True),
        ((50, 10, 60, 90), False),
        ((10, 50, 90, 60), False),
        ((0, 0, 9, 90), False),
        ((0, 0, 90, 9), False),
    ],
)
def test_boxes_overlap_where_they_share_more_than_an_edge(
    other: Rectangle, *, is_overlap: bool
) -> None:
    one = (10, 10, 20, 20)
    tall, wide = (10, 10, 20, 80), (10, 10, 80, 20)
    assert overlap(one, other) is overlap(other, one) is is_overlap
    assert not overlap(tall, (20, 0, 30, 100))
    assert not overlap(wide, (0, 20, 100, 30))


def test_a_box_of_one_point_is_accepted_as_on_the_page() -> None:
    """The least size of a stamp is checked where the request is resolved."""
    Placement(1, 0, 0, 0.5).check_on_page(*A4)


def test_a_box_may_be_larger_than_the_page_by_the_hundredth_that_rounding_adds() -> None:
    Placement(1, 0, 0, 100.01).check_on_page(100, 200)
    Placement(1, 0, 0, 100.01).check_on_page(200, 100)
    with pytest.raises(BoxOffPage):
        Placement(1, 0, 0, 100.02).check_on_page(100, 200)
