"""A stamp beside words: found however they are written, wherever they are displayed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.domain.errors import AnchorNotFound, PageOutOfRange
from meterai.domain.stamping.placement import overlap
from meterai.domain.stamping.placement_requests import Beside, PointPlacement, TextAnchor
from tests.fixtures.documents.plain import Box, Shape, document
from tests.fixtures.documents.remake import SCAN
from tests.generated import examples
from tests.integration.pdf.placement_requests import (
    CLOSING,
    FONT,
    LETTERS,
    NAME,
    beside,
    inspected,
    page_with,
    placed,
    written,
)


def test_a_stamp_stands_beside_the_words() -> None:
    places = {
        where: placed(LETTERS, beside("Hormat saya", where))[0]
        for where in (Beside.RIGHT, Beside.LEFT, Beside.BELOW)
    }
    right, left, below = places.values()
    assert right.x_pt == pytest.approx(406.5, abs=0.5)
    assert right.y_pt + 72 == pytest.approx(CLOSING[3], abs=0.5)
    assert left.x_pt + 72 == pytest.approx(CLOSING[0] - 8, abs=0.5)
    assert below.x_pt == pytest.approx(CLOSING[0], abs=0.5)
    assert below.y_pt + 72 == pytest.approx(CLOSING[1] - 8, abs=0.5)
    assert not any(overlap(one.box, NAME) for one in places.values())


def test_an_offset_moves_it_on() -> None:
    ((plain,), (moved,)) = (
        placed(LETTERS, beside("Hormat saya", dx_pt=dx, dy_pt=dy))
        for dx, dy in ((0, 0), (20, -9.5))
    )
    assert (moved.x_pt, moved.y_pt) == pytest.approx((plain.x_pt + 20, plain.y_pt - 9.5))


@pytest.mark.parametrize(
    "text", ["hormat saya", "HORMAT  SAYA,", "Hormat\nsaya", "Hórmat saya", "hormatsaya"]
)
def test_case_spaces_and_accents_make_no_difference(text: str) -> None:
    assert placed(LETTERS, beside(text))[0].y_pt == placed(LETTERS, beside("Hormat saya"))[0].y_pt


def test_words_that_go_over_a_line_are_found_at_their_end() -> None:
    request = beside("perhatian Bapak/Ibu saya ucapkan terima kasih. Hormat saya", Beside.RIGHT)
    assert placed(LETTERS, request)[0] == placed(LETTERS, beside("Hormat saya"))[0]


def test_a_part_of_a_word_is_not_the_word() -> None:
    with pytest.raises(AnchorNotFound) as refused:
        placed(LETTERS, beside("Horm"))
    assert refused.value.values == {"text": "Horm", "occurrence": 1, "found": 0}


def test_occurrences_count_as_one_reads() -> None:
    """Not as they are written in the file."""
    content = written(("saksi", 300, 200), ("saksi", 60, 600), ("saksi", 60, 200))
    corners = [
        (one.x_pt > 200, one.y_pt > 400)
        for nth in (1, 2, 3, -1)
        for one in placed(content, beside("saksi", occurrence=nth))
    ]
    assert corners == [(False, True), (False, False), (True, False), (True, False)]
    for nth in (0, 4, -4):
        with pytest.raises(AnchorNotFound) as refused:
            placed(content, beside("saksi", occurrence=nth))
        assert refused.value.values["found"] == 3


def test_words_may_be_on_any_page_or_on_one() -> None:
    shape = Shape(entries="/Resources<</Font<</F 100 0 R>>>>/Contents 101 0 R")
    stream = "BT /F 12 Tf 1 0 0 1 60 500 Tm (Pemohon) Tj ET"
    objects = {**FONT, 101: f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream"}
    content = document(Shape(), shape, objects=objects)
    for page in (None, 2, -1):
        assert placed(content, beside("pemohon", page=page))[0].page == 2
    with pytest.raises(AnchorNotFound):
        placed(content, beside("pemohon", page=1))
    with pytest.raises(PageOutOfRange):
        placed(content, beside("pemohon", page=3))


def test_a_scan_has_no_words() -> None:
    with pytest.raises(AnchorNotFound):
        placed(SCAN.read_bytes(), beside("Hormat saya"))


# Upright on the page as displayed: the text matrix for each rotation, and user space's size.
TURNED = {0: "1 0 0 1", 90: "0 1 -1 0", 180: "-1 0 0 -1", 270: "0 -1 1 0"}
CROPS: list[tuple[Box, Box]] = [
    ((0, 0, 400, 500), (0, 0, 400, 500)),
    ((-60, 40, 440, 640), (20, 100, 420, 600)),
]


@examples(40)
@given(
    rotate=st.sampled_from(sorted(TURNED)),
    boxes=st.sampled_from(CROPS),
    unit=st.sampled_from([None, 2.0]),
    x=st.floats(130, 240),
    y=st.floats(150, 380),
)
def test_words_are_found_where_they_are_displayed(
    rotate: int, boxes: tuple[Box, Box], unit: float | None, x: float, y: float
) -> None:
    """Turned, cropped, moved and scaled, the stamp stands to the right of them and covers none."""
    media, crop = boxes
    content = page_with(
        f"BT /F 12 Tf {TURNED[rotate]} {crop[0] + x:g} {crop[1] + y:g} Tm (Tertanda) Tj ET",
        Shape(media_box=media, crop_box=crop, rotate=rotate, user_unit=unit),
    )
    scale = unit or 1
    width, height = 400 * scale, 500 * scale
    shown = {
        0: (x * scale, y * scale),
        90: (y * scale, width - x * scale),
        180: (width - x * scale, height - y * scale),
        270: (height - y * scale, x * scale),
    }[rotate]
    request = TextAnchor(1, "tertanda", 1, Beside.RIGHT, 0, 0, 54)
    (place,) = placed(content, request)
    end_of_word = shown[0] + 48 * scale + 8
    assert place.x_pt == pytest.approx(end_of_word, abs=2.5 * scale)
    assert place.y_pt + 54 == pytest.approx(shown[1] + 9 * scale, abs=2.5 * scale)
    on_it = PointPlacement(1, shown[0] + 2, shown[1] - 20, 54)
    assert inspected(content, on_it, allow_overlap=True).covers == ("Tertanda",)
