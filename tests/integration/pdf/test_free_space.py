"""A stamp in an empty field, or where there is room for it."""

from collections.abc import Callable
from io import BytesIO
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from meterai.domain.errors import DocumentRefused, FieldNotFound, NoFreeSpace
from meterai.domain.stamping.placement import Placement, overlap
from meterai.domain.stamping.placement_requests import Corner, FieldPlacement, PointPlacement
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.remake import SCAN
from tests.fixtures.documents.signed import signed_by
from tests.generated import examples
from tests.integration.pdf.placement_requests import (
    CLOSING,
    LETTERS,
    NAME,
    in_free_space,
    page_with,
    placed,
    written,
)


def _with_field(content: bytes, name: str, box: tuple[int, int, int, int]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(content))
    append_signature_field(writer, SigFieldSpec(name, box=box))
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_a_stamp_stands_in_the_middle_of_an_empty_signature_field() -> None:
    content = _with_field(document(), "Meterai", (100, 100, 260, 180))
    assert placed(content, FieldPlacement("Meterai")) == (Placement(1, 140, 100, 80),)


def test_a_field_on_a_turned_page_is_found_as_displayed() -> None:
    turned = document(Shape(), Shape(media_box=(0, 0, 400, 500), rotate=90))
    content = _with_field(turned, "Meterai", (100, 100, 260, 180))
    assert placed(content, FieldPlacement("Meterai"))[0].page == 1
    entries = "/Annots[100 0 R]"
    widget = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Dua)/Rect[300 200 380 280]/F 4>>"
    content = document(
        Shape(media_box=(0, 0, 400, 500), rotate=90, entries=entries),
        form="/Fields[100 0 R]",
        objects={100: widget},
    )
    assert placed(content, FieldPlacement("Dua")) == (Placement(1, 200, 20, 80),)


def test_only_empty_signature_fields_are_offered() -> None:
    content = _with_field(signed_by(authority().person, document()), "Saksi", (300, 300, 400, 400))
    for name in ("Pelamar", "Nama"):
        with pytest.raises(FieldNotFound) as refused:
            placed(content, FieldPlacement(name))
        assert refused.value.values == {"field": name, "fields": "Saksi"}


def test_free_space_is_found_where_a_person_signs() -> None:
    for content in (LETTERS, SCAN.read_bytes()):
        (place,) = placed(content, in_free_space())
        assert not overlap(place.box, CLOSING)
        assert not overlap(place.box, NAME)
        assert overlap(place.box, (340, 212, 410, 302)), "between the closing and the name"


@pytest.mark.parametrize("prefer", Corner)
def test_without_words_it_is_towards_the_corner_that_is_preferred(prefer: Corner) -> None:
    (place,) = placed(document(), in_free_space(prefer=prefer))
    middle = (place.x_pt + 36 > 595 / 2, place.y_pt + 36 > 842 / 2)
    assert middle == (prefer.value.endswith("right"), prefer.value.startswith("top"))


def test_several_find_room_beside_one_another() -> None:
    places = placed(LETTERS, *[in_free_space()] * 4, PointPlacement(1, 340, 222, 72))
    assert not any(overlap(one.box, other.box) for one, other in combinations(places, 2))
    assert places[4] == Placement(1, 340, 222, 72)


def _full() -> bytes:
    lines = [("Lorem ipsum dolor sit amet " * 4, 20.0, 20.0 + 30 * row) for row in range(28)]
    return written(*lines)


def _covered_by_a_picture() -> bytes:
    picture = (
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
        "/Length 1>>\nstream\n\xff\nendstream"
    )
    entries = "/Resources<</XObject<</P 100 0 R>>>>/Contents 101 0 R"
    paint = "q 595 0 0 420 0 0 cm /P Do Q"
    stream = f"<</Length {len(paint)}>>\nstream\n{paint}\nendstream"
    return document(Shape(entries=entries), objects={100: picture, 101: stream})


def test_a_full_page_has_no_free_space() -> None:
    with pytest.raises(NoFreeSpace) as refused:
        placed(_full(), in_free_space())
    assert refused.value.values == {"page": 1, "side_pt": 72}


def test_a_picture_is_not_covered_though_it_be_white() -> None:
    (place,) = placed(_covered_by_a_picture(), in_free_space())
    assert place.y_pt >= 420


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: LETTERS, id="letter"),
        pytest.param(SCAN.read_bytes, id="scan"),
        pytest.param(
            lambda: document(
                Shape(entries="/Annots[<</Type/Annot/Subtype/Square/Rect[200 100 500 400]/F 4>>]")
            ),
            id="annotation",
        ),
        pytest.param(_covered_by_a_picture, id="picture"),
    ],
)
def test_the_same_document_comes_to_the_same_place(make: Callable[[], bytes]) -> None:
    requests = [in_free_space(side_pt=60), in_free_space(prefer=Corner.TOP_LEFT)]
    assert placed(make(), *requests) == placed(make(), *requests)


@examples(30)
@given(
    blots=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 700)), min_size=1, max_size=12),
    side_pt=st.floats(54, 120),
    prefer=st.sampled_from(Corner),
)
def test_free_space_covers_nothing_that_shows(
    blots: list[tuple[int, int]], side_pt: float, prefer: Corner
) -> None:
    ink = " ".join(f"{x} {y} 90 60 re f" for x, y in blots)
    content = page_with(f"0.2 0.3 0.5 rg {ink}", Shape())
    try:
        (place,) = placed(content, in_free_space(prefer=prefer, side_pt=side_pt))
    except NoFreeSpace:
        return
    assert not any(overlap(place.box, (x, y, x + 90, y + 60)) for x, y in blots)


def test_hostile_pages_are_refused_or_placed_on_but_never_crash() -> None:
    """A page of a million letters, a form within itself, a page without any size."""
    letters = page_with("BT /F 1 Tf " + "(aaaaaaaaaa) Tj " * 11_000 + "ET", Shape())
    with pytest.raises(DocumentRefused):
        placed(letters, in_free_space())
    form = (
        "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 100 0 R>>>>/Length 5>>"
    )
    entries = "/Resources<</XObject<</A 100 0 R>>>>/Contents 101 0 R"
    looping = document(
        Shape(entries=entries),
        objects={
            100: f"{form}\nstream\n/A Do\nendstream",
            101: "<</Length 5>>\nstream\n/A Do\nendstream",
        },
    )
    assert placed(looping, in_free_space())
    assert placed(document(Shape(media_box=(0, 0, 14_400, 14_400))), in_free_space())
