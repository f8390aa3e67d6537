"""What the judges of the corpus leave out is what readers draw in their own way, and no more."""

from tests.corpus.judging import faults
from tests.fixtures.documents.plain import Shape, document
from tests.integration.pdf.stamping import BOX, stamped
from tests.integration.pdf.whole_page import PlacedStamp

WIDGET = "/Type/Annot/Subtype/Widget/FT/Tx/F 4/P 10 0 R"


def _appearance(words: str) -> str:
    operators = f"/Tx BMC q BT /F1 12 Tf 2 5 Td ({words}) Tj ET Q EMC"
    return (
        "<</Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 5 0 R>>>>"
        f"/Length {len(operators)}>>stream\n{operators}\nendstream"
    )


ORIGINAL = document(
    Shape(entries="/Annots[100 0 R 101 0 R 102 0 R]"),
    form="/Fields[100 0 R 101 0 R]/NeedAppearances true/DA(/F1 12 Tf 0 g)/DR<</Font<</F1 5 0 R>>>>",
    objects={
        5: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        100: f"<<{WIDGET}/T(nama)/V(Ratna)/AP<</N 103 0 R>>/Rect[60 600 260 620]>>",
        101: f"<<{WIDGET}/T(jumlah)/AP<</N 104 0 R>>/Rect[60 500 260 520]>>",
        102: "<</Type/Annot/Subtype/Square/Rect[50 300 200 400]/F 4/C[1 0 0]/Border[0 0 3]>>",
        103: _appearance("Ratna"),
        104: _appearance("     "),
    },
)
STAMP = PlacedStamp(BOX, (595.28, 841.89))
PREFIX = "the original is no prefix"


def _told_of(before: bytes, after: bytes) -> list[str]:
    """The faults of a stamp that also changed this, without those of the signature."""
    made = stamped(ORIGINAL)
    assert made.count(before) == 1
    assert len(before) == len(after)
    found = faults(ORIGINAL, ORIGINAL, made.replace(before, after), STAMP)
    assert PREFIX in found
    signatures = ("pyHanko", "pdfsig", PREFIX)
    return [fault for fault in found if not fault.startswith(signatures)]


def test_a_form_that_readers_draw_is_stamped_without_fault() -> None:
    assert faults(ORIGINAL, ORIGINAL, stamped(ORIGINAL), STAMP) == []


def test_a_note_beside_such_fields_must_show_as_before() -> None:
    found = _told_of(b"/C[1 0 0]", b"/C[0 0 1]")
    assert found
    assert all("dots outside the stamp have changed" in fault for fault in found)


def test_the_words_of_such_a_field_stay_and_none_are_added() -> None:
    gone, come = "poppler: words have gone: ['Ratna']", "poppler: words have come: ['Citra']"
    assert _told_of(b"(Ratna) Tj", b"(Citra) Tj") == [gone, come]
    come = "poppler: words have come: ['Lunas']"
    assert _told_of(b"(     ) Tj", b"(Lunas) Tj") == [come]
