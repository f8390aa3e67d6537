"""Placement requests that only need the page's size, resolved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.domain.errors import CanvasMismatch, StampSizeRefused
from meterai.domain.stamping.placement import Placement, overlap
from meterai.domain.stamping.placement_requests import (
    BoxPlacement,
    CanvasPlacement,
    Corner,
    CornerPlacement,
    Stated,
)

A4 = (595.28, 841.89)
Numbers = st.floats(min_value=0, max_value=500)


def on_a4(request: Stated) -> Placement:
    return request.on_page(1, *A4)


@given(x=Numbers, y=Numbers, width=st.floats(54, 400), height=st.floats(54, 400))
def test_swapped_corners_are_put_in_order(x: float, y: float, width: float, height: float) -> None:
    corners = [
        (x, y, x + width, y + height),
        (x + width, y + height, x, y),
        (x, y + height, x + width, y),
        (x + width, y, x, y + height),
    ]
    (placed,) = {on_a4(BoxPlacement(1, *four)) for four in corners}
    assert placed.side_pt == pytest.approx(min(width, height, 200), abs=0.001)
    assert placed.x_pt + placed.side_pt / 2 == pytest.approx(x + width / 2, abs=0.01)
    assert placed.y_pt + placed.side_pt / 2 == pytest.approx(y + height / 2, abs=0.01)


def test_a_box_too_small_for_a_stamp_is_refused() -> None:
    with pytest.raises(StampSizeRefused) as refused:
        on_a4(BoxPlacement(1, 100, 100, 140, 300))
    assert refused.value.values == {"side_pt": 40, "min_side_pt": 54, "max_side_pt": 200}


@given(scale=st.floats(0.3, 8), x_pt=st.floats(0, 500), y_pt=st.floats(0, 700))
def test_pixels_from_the_top_left_are_points_from_the_bottom_left(
    scale: float, x_pt: float, y_pt: float
) -> None:
    """At whatever size the page is shown."""
    width_px, height_px = A4[0] * scale, A4[1] * scale
    top_px = (A4[1] - y_pt - 72) * scale
    request = CanvasPlacement(1, width_px, height_px, x_pt * scale, max(0, top_px), 72 * scale)
    placed = on_a4(request)
    assert (placed.x_pt, placed.side_pt) == pytest.approx((x_pt, 72), abs=0.01)
    assert placed.y_pt == pytest.approx(min(y_pt, A4[1] - 72), abs=0.01)


def test_a_canvas_of_another_shape_is_refused() -> None:
    with pytest.raises(CanvasMismatch) as refused:
        on_a4(CanvasPlacement(1, 800, 600, 10, 10, 80))
    assert refused.value.values == {
        "page": 1,
        "canvas": "800 x 600",
        "page_width_pt": 595,
        "page_height_pt": 842,
    }


@pytest.mark.parametrize(("side_px", "side_pt"), [(27, 27), (202, 202)])
def test_pixels_that_make_an_unreadable_stamp_are_refused(side_px: float, side_pt: int) -> None:
    with pytest.raises(StampSizeRefused) as refused:
        on_a4(CanvasPlacement(1, *A4, 10, 10, side_px))
    assert refused.value.values["side_pt"] == side_pt


def test_a_corner_keeps_its_margin() -> None:
    placed = [on_a4(CornerPlacement(1, corner, 36, 72)) for corner in Corner]
    assert placed == [
        Placement(1, 36, 733.89, 72),
        Placement(1, 487.28, 733.89, 72),
        Placement(1, 36, 36, 72),
        Placement(1, 487.28, 36, 72),
    ]


def test_boxes_that_only_touch_do_not_overlap() -> None:
    assert not overlap((0, 0, 10, 10), (10, 0, 20, 10))
    assert overlap((0, 0, 10, 10), (9, 9, 20, 20))
    assert not overlap((0, 0, 10, 10), (9.9, 0, 20, 10))


@pytest.mark.parametrize(
    ("side_pt", "taken"),
    [(53.9, False), (53.95, True), (54, True), (200, True), (200.05, True), (200.1, False)],
)
def test_a_stamp_has_the_size_that_is_read_or_a_hair_less(side_pt: float, *, taken: bool) -> None:
    request = CanvasPlacement(1, *A4, 100, 100, side_pt)
    if taken:
        assert on_a4(request).side_pt == side_pt
        return
    with pytest.raises(StampSizeRefused):
        on_a4(request)
