"""What every reader opens without a password is stamped, and still opens everywhere."""

import pytest

from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.rendering.render import render_page
from tests.fixtures.documents.ambiguous import BODIES, OWED
from tests.fixtures.documents.encrypted import variants
from tests.fixtures.documents.plain import Shape, assemble, document
from tests.integration.pdf.judges import (
    mupdf_picture,
    pdfsig_verdicts,
    poppler_picture,
    poppler_text,
    qpdf_complaints,
)
from tests.integration.pdf.stamping import a_spec, all_hold, serial, stamped

VARIANTS = variants()
PLACE = [PointPlacement(page=1, x_pt=300, y_pt=250, side_pt=80)]
DPI = 40
WIDGET = "/FT/Tx/Subtype/Widget/Type/Annot/Rect[60 600 260 620]"
CIRCLES = {
    "parent and kid": {
        100: "<</T(a)/Kids[101 0 R]/Parent 101 0 R>>",
        101: f"<</T(b)/Kids[100 0 R]/Parent 100 0 R{WIDGET}>>",
    },
    "its own kid": {100: f"<</T(a)/Kids[100 0 R]{WIDGET}>>"},
    "its own parent": {100: f"<</T(a)/Parent 100 0 R{WIDGET}>>"},
    "a kid of two": {
        100: f"<</T(a)/Kids[102 0 R 101 0 R]{WIDGET}>>",
        101: "<</T(b)/Kids[102 0 R]>>",
        102: f"<</T(c)/Parent 100 0 R{WIDGET}>>",
    },
}


@pytest.mark.parametrize("name", VARIANTS)
def test_what_opens_without_a_password_is_stamped(name: str) -> None:
    content = VARIANTS[name]
    facts = PdfPreflight(800_000)(content, PLACE, allow_overlap=True)
    assert "encryption_without_password" in {one.code for one in facts.findings}
    made = stamped(content, a_spec(1), a_spec(2))
    assert made.startswith(content)
    assert all_hold(made, [f"Emet{serial(1)}", f"Emet{serial(2)}"])
    assert [one.valid for one in pdfsig_verdicts(made)] == [True, True]
    assert qpdf_complaints(made) == []
    assert OWED in poppler_text(made)


@pytest.mark.parametrize("name", [name for name in VARIANTS if "," not in name])
def test_an_encrypted_file_shows_the_stamp_that_a_plain_one_shows(name: str) -> None:
    made, plain = stamped(VARIANTS[name]), stamped(assemble(BODIES))
    assert poppler_picture(made, dpi=DPI) == poppler_picture(plain, dpi=DPI)
    assert mupdf_picture(made, dpi=DPI) == mupdf_picture(plain, dpi=DPI)
    assert render_page(made, 0, dpi=DPI) == render_page(plain, 0, dpi=DPI)


@pytest.mark.usefixtures("every_engine")
@pytest.mark.parametrize("name", CIRCLES)
def test_a_form_whose_fields_contain_each_other_is_stamped(name: str) -> None:
    content = document(
        Shape(entries="/Annots[100 0 R]"), form="/Fields[100 0 R]", objects=CIRCLES[name]
    )
    assert PdfPreflight(800_000)(content, PLACE, allow_overlap=True).page_count == 1
    made = stamped(content, a_spec(1), a_spec(2))
    assert [one.valid for one in pdfsig_verdicts(made)] == [True, True]
    assert qpdf_complaints(made) == []
