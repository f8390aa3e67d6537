"""From a box as displayed to the page's coordinates: rotation, crop box, origin and user unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.domain.errors import BoxOffPage, DocumentDamaged
from meterai.domain.stamping.placement import Placement
from meterai.pdf.structure.pages import Page, page_from_numbers

UPRIGHT = Page(left=0, bottom=0, width=600, height=800, rotation=0, user_unit=1)
BOX = Placement(page=1, x_pt=10, y_pt=20, side_pt=60)


@pytest.mark.parametrize(
    ("rotation", "rectangle"),
    [
        (0, (10, 20, 70, 80)),
        (90, (520, 10, 580, 70)),  # the page's right edge is displayed at the bottom
        (180, (530, 720, 590, 780)),
        (270, (20, 730, 80, 790)),
    ],
)
def test_a_box_is_converted_to_the_coordinates_of_a_rotated_page(
    rotation: int, rectangle: tuple[float, float, float, float]
) -> None:
    assert UPRIGHT._replace(rotation=rotation).rectangle(BOX) == rectangle


@pytest.mark.parametrize(
    ("turned", "normal"), [(-90, 270), (-270, 90), (450, 90), (720, 0), (-180, 180), (90.0, 90)]
)
def test_a_rotation_by_any_multiple_of_ninety_is_normalised(turned: float, normal: int) -> None:
    assert page_from_numbers((0, 0, 600, 800), None, turned, 1).rotation == normal


def test_a_rotation_that_is_no_multiple_of_ninety_is_refused() -> None:
    with pytest.raises(DocumentDamaged):
        page_from_numbers((0, 0, 600, 800), None, 45, 1)


def test_the_page_is_the_intersection_of_crop_box_and_media_box() -> None:
    page = page_from_numbers((0, 0, 600, 800), (50, -100, 700, 300), 0, 1)
    assert page == Page(left=50, bottom=0, width=550, height=300, rotation=0, user_unit=1)


def test_the_corners_of_a_box_may_be_in_any_order() -> None:
    page = page_from_numbers((600, 800, 0, 0), (590, 10, 20, 700), 0, 1)
    assert page == Page(left=20, bottom=10, width=570, height=690, rotation=0, user_unit=1)


def test_a_page_without_a_usable_box_is_letter_size_as_viewers_show_it() -> None:
    letter = Page(left=0, bottom=0, width=612, height=792, rotation=0, user_unit=1)
    assert page_from_numbers(None, None, 0, 1) == letter
    assert page_from_numbers((0, 0, 0, 0), None, 0, 1) == letter
    assert page_from_numbers((0, 0, float("inf"), 9), None, 0, 1) == letter
    assert page_from_numbers((0, 0, 1), (0, 0, 0, 5), 0, 1) == letter


def test_a_page_with_an_empty_visible_area_is_refused() -> None:
    with pytest.raises(DocumentDamaged):
        page_from_numbers((0, 0, 600, 800), (700, 0, 900, 800), 0, 1)


def test_displayed_lengths_are_in_points_whatever_the_user_unit() -> None:
    page = UPRIGHT._replace(user_unit=2.5)
    assert page.displayed_size_pt == (1500.0, 2000.0)
    assert page.rectangle(BOX) == (4.0, 8.0, 28.0, 32.0)


def test_an_invalid_user_unit_counts_as_one_point() -> None:
    assert page_from_numbers((0, 0, 600, 800), None, 0, -3).user_unit == 1


@pytest.mark.parametrize(
    "box",
    [
        Placement(page=1, x_pt=541, y_pt=0, side_pt=60),
        Placement(page=1, x_pt=-1, y_pt=0, side_pt=60),
        Placement(page=1, x_pt=0, y_pt=741, side_pt=60),
        Placement(page=1, x_pt=0, y_pt=0, side_pt=0),
        Placement(page=1, x_pt=0, y_pt=0, side_pt=601),
    ],
)
def test_a_box_that_is_not_wholly_on_the_page_is_refused(box: Placement) -> None:
    with pytest.raises(BoxOffPage):
        UPRIGHT.rectangle(box)


@given(
    page=st.builds(
        Page,
        left=st.floats(-500, 500),
        bottom=st.floats(-500, 500),
        width=st.floats(100, 2000),
        height=st.floats(100, 2000),
        rotation=st.sampled_from((0, 90, 180, 270)),
        user_unit=st.floats(0.5, 4),
    ),
    across=st.floats(0, 1),
    up=st.floats(0, 1),
    share=st.floats(0.1, 1),
)
def test_every_box_on_the_displayed_page_becomes_a_square_within_the_page_box(
    page: Page, across: float, up: float, share: float
) -> None:
    width_pt, height_pt = page.displayed_size_pt
    side_pt = share * min(width_pt, height_pt)
    box = Placement(1, across * (width_pt - side_pt), up * (height_pt - side_pt), side_pt)
    left, bottom, right, top = page.rectangle(box)
    side = side_pt / page.user_unit
    assert right - left == pytest.approx(side, abs=0.001)
    assert top - bottom == pytest.approx(side, abs=0.001)
    assert left >= page.left - 0.02
    assert bottom >= page.bottom - 0.02
    assert right <= page.left + page.width + 0.02
    assert top <= page.bottom + page.height + 0.02


@given(
    left=st.floats(-500, 500),
    bottom=st.floats(-500, 500),
    rotation=st.sampled_from([0, 90, 180, 270]),
    user_unit=st.sampled_from([1, 0.5, 2.5]),
    x_pt=st.floats(0, 200),
    y_pt=st.floats(0, 200),
)
def test_a_placement_is_displayed_where_it_was_requested(
    left: float, bottom: float, rotation: int, user_unit: float, x_pt: float, y_pt: float
) -> None:
    page = Page(left, bottom, width=600, height=800, rotation=rotation, user_unit=user_unit)
    placed = Placement(page=1, x_pt=x_pt, y_pt=y_pt, side_pt=60)
    assert page.displayed(page.rectangle(placed)) == pytest.approx(placed.box, abs=0.001)
