"""Placements: on a page that is there, and wholly on it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterai.domain.errors import BoxOffPage, PageOutOfRange
from meterai.domain.placement import Placement

A4 = (595.276, 841.89)


@pytest.mark.parametrize(("page", "index"), [(1, 0), (3, 2), (-1, 2), (-3, 0)])
def test_pages_count_from_one_or_from_the_end(page: int, index: int) -> None:
    assert Placement(page, 0, 0, 72).page_index(3) == index


@settings(max_examples=50, deadline=None)
@given(st.integers(-9, 9), st.integers(0, 4))
def test_a_page_is_there_or_is_refused(page: int, page_count: int) -> None:
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
def test_a_box_on_the_page_is_taken(x_pt: float, y_pt: float) -> None:
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
