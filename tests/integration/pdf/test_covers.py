"""What a stamp would cover, and what it may never cover."""

import pytest

from meterai.domain.errors import CoversStamp, CoversText, DocumentTooComplex
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.pdf.preflight.preflight import PdfPreflight
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.placement_requests import FONT, LETTERS, inspected, placed
from tests.integration.pdf.stamping import BOX, a_spec, serial, stamped


def test_a_stamp_on_words_is_refused_unless_it_is_asked_for_twice() -> None:
    on_it = PointPlacement(1, 338, 250, 72)
    with pytest.raises(CoversText) as refused:
        placed(LETTERS, on_it)
    assert refused.value.values == {"number": 1, "covers": "Hormat saya,", "page": 1}
    assert inspected(LETTERS, on_it, allow_overlap=True).placements == (Placement(1, 338, 250, 72),)


def test_it_says_which_of_several_covers_something() -> None:
    with pytest.raises(CoversText) as refused:
        placed(LETTERS, PointPlacement(1, 100, 60, 72), PointPlacement(-1, 338, 240, 72))
    assert refused.value.values == {"number": 2, "covers": "Hormat saya,", "page": 1}


def test_whole_words_are_told_and_no_more_than_a_few() -> None:
    (covers,) = inspected(LETTERS, PointPlacement(1, 100, 330, 200), allow_overlap=True).covers
    assert covers.startswith("Contoh,") or covers[0].isalpha()
    assert len(covers) <= 120
    assert covers.endswith("…")


def test_what_a_person_wrote_over_the_page_is_covered_too() -> None:
    note = (
        "/Annots[<</Type/Annot/Subtype/FreeText/Rect[100 100 300 160]/Contents(Lunas)/F 4>>"
        "<</Type/Annot/Subtype/FreeText/Rect[100 500 300 560]/Contents(Unsichtbar)/F 2>>]"
    )
    content = document(Shape(entries=note))
    with pytest.raises(CoversText) as refused:
        placed(content, PointPlacement(1, 120, 90, 72))
    assert refused.value.values["covers"] == "Lunas"
    assert placed(content, PointPlacement(1, 120, 500, 72))


def test_a_persons_signature_is_not_covered_unless_asked_twice() -> None:
    content = signed_by(authority().person, document())
    with pytest.raises(CoversText) as refused:
        placed(content, PointPlacement(1, 60, 60, 72))
    assert refused.value.values["covers"] == "[Pelamar]"
    assert inspected(content, PointPlacement(1, 200, 60, 72)).signed


def test_a_document_stamped_already_is_recognised() -> None:
    made = stamped(LETTERS, a_spec(1), a_spec(2, Placement(1, 100, 60, 60)))
    found = inspected(made, PointPlacement(1, 200, 60, 72))
    assert (found.already_stamped, found.signed) == ((serial(1), serial(2)), True)


def test_stamps_never_lie_on_one_another() -> None:
    with pytest.raises(CoversStamp) as refused:
        inspected(
            document(),
            PointPlacement(1, 100, 100, 72),
            PointPlacement(-1, 150, 150, 72),
            allow_overlap=True,
        )
    assert refused.value.values == {"number": 2, "other": 1, "page": 1}
    with pytest.raises(CoversStamp) as refused:
        inspected(
            stamped(document(), a_spec(1)),
            PointPlacement(1, BOX.x_pt, BOX.y_pt, 72),
            allow_overlap=True,
        )
    assert refused.value.values == {"number": 1, "other": serial(1), "page": 1}


def test_a_page_that_takes_too_much_is_refused_and_nothing_else_suffers() -> None:
    """Forms that call forms, nine by nine: 387 million letters, were they all drawn."""
    objects = {99: FONT[100]}
    for level in range(9):
        body = "/A Do " * 9 if level < 8 else "BT /F 9 Tf (x) Tj ET"
        resources = f"/Resources<</XObject<</A {101 + level} 0 R>>/Font<</F 99 0 R>>>>"
        form = f"<</Type/XObject/Subtype/Form/BBox[0 0 99 99]{resources}/Length {len(body)}>>"
        objects[100 + level] = f"{form}\nstream\n{body}\nendstream"
    objects[200] = "<</Length 5>>\nstream\n/A Do\nendstream"
    entries = "/Resources<</XObject<</A 100 0 R>>>>/Contents 200 0 R"
    content = document(Shape(entries=entries), objects=objects)
    with pytest.raises(DocumentTooComplex):
        PdfPreflight(800_000)(content, [PointPlacement(1, 100, 100, 72)], allow_overlap=True)
