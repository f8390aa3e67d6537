"""Places are suggested where letters are signed: in an empty field, or at the closing words."""

import pytest

from meterai.domain.errors import DocumentDamaged, PageOutOfRange
from meterai.domain.stamping.inspections import PlacesQuestion
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.domain.stamping.preflight import Basis, SuggestedPlaces
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.preflight.suggestions import suggest_places
from tests.fixtures.documents.plain import A4, Shape, document
from tests.fixtures.documents.remake import LETTER

FIELD = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Meterai)/Rect{}/F 132>>"
SQUARE, LINE = "[300 300 400 400]", "[300 300 500 320]"


def suggested(content: bytes, page: int | None = None, *, repair: bool = False) -> SuggestedPlaces:
    return suggest_places(content, PlacesQuestion(page=page, side_pt=72, repair=repair))


def with_field_on_the_first_of_two_pages(rectangle: str) -> bytes:
    pages = Shape(entries="/Annots[100 0 R]"), Shape()
    return document(*pages, form="/Fields[100 0 R]", objects={100: FIELD.format(rectangle)})


def test_a_letter_is_signed_below_its_closing_words() -> None:
    found = suggested(LETTER.read_bytes())

    [one] = found.suggestions
    assert (one.basis, one.words) == (Basis.CLOSING, "hormat saya")
    place = PointPlacement(1, one.placement.x_pt, one.placement.y_pt, 72)
    facts = PdfPreflight(800_000)(LETTER.read_bytes(), [place], allow_overlap=True)
    assert facts.covers == ("",)


def test_an_empty_signature_field_comes_first_and_decides_the_page() -> None:
    found = suggested(with_field_on_the_first_of_two_pages(SQUARE))

    assert (found.page, found.page_count) == (1, 2)
    assert found.suggestions[0].basis is Basis.FIELD
    assert found.suggestions[0].words == "Meterai"
    assert found.suggestions[0].placement == Placement(1, 300, 300, 100)


def test_a_field_that_is_too_low_for_an_emeterai_is_not_suggested() -> None:
    found = suggested(with_field_on_the_first_of_two_pages(LINE))

    assert [one.basis for one in found.suggestions] == [Basis.FREE_SPACE]


def test_without_words_or_field_the_last_page_is_shown_as_it_is_displayed() -> None:
    found = suggested(document(Shape(), Shape(media_box=(0, 0, 300, 400), rotate=90)))

    assert (found.page, found.page_count, found.width_pt, found.height_pt) == (2, 2, 400, 300)
    assert [one.basis for one in found.suggestions] == [Basis.FREE_SPACE]


def test_a_page_that_is_asked_for_is_the_page_that_is_answered() -> None:
    assert suggested(document(Shape(), Shape()), page=1).page == 1
    with pytest.raises(PageOutOfRange):
        suggested(document(), page=2)


def test_a_page_without_room_has_no_suggestion() -> None:
    assert suggested(document(Shape(media_box=(0, 0, 60, 60)))).suggestions == ()


def test_a_page_of_five_metres_has_its_size() -> None:
    assert suggested(document(Shape(media_box=(0, 0, 14_173, A4[3])))).width_pt == 14_173


def test_a_damaged_document_has_suggestions_once_it_is_repaired() -> None:
    damaged = b"From: scanner\n\n" + LETTER.read_bytes()
    with pytest.raises(DocumentDamaged):
        suggested(damaged)

    assert suggested(damaged, repair=True).suggestions == suggested(LETTER.read_bytes()).suggestions
