"""Form values that readers draw: after the stamp the page shows what it showed before."""

import zlib
from io import BytesIO
from itertools import pairwise

import pikepdf
import pytest

from meterai.domain.errors import FieldsNotDrawn
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.pdf.engines.repair import repaired
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.rendering.pictures import show_the_same
from meterai.pdf.sandbox import ResourceBudget
from tests.fixtures.documents.forms import BEYOND, DRAWN, UNDRAWN, UNDRAWN_MARKS, form
from tests.integration.pdf.incremental_engine import outcome
from tests.integration.pdf.judges import pdfsig_verdicts, poppler_text, qpdf_complaints
from tests.integration.pdf.stamping import a_spec, all_hold, serial, stamped

PREFLIGHT = PdfPreflight(800_000)
PLACE = [PointPlacement(page=1, x_pt=300, y_pt=250, side_pt=80)]
ALL_UNDRAWN = UNDRAWN | {f"box: {name}": content for name, content in UNDRAWN_MARKS.items()}


def _lines(content: bytes) -> list[str]:
    return [line for line in poppler_text(content).splitlines() if line.strip()]


@pytest.mark.usefixtures("every_engine")
@pytest.mark.parametrize("name", DRAWN)
def test_a_form_whose_values_are_drawn_needs_nothing(name: str) -> None:
    before = _lines(DRAWN[name])
    made = stamped(DRAWN[name], a_spec(1), a_spec(2))
    assert all_hold(made, [f"Emet{serial(1)}", f"Emet{serial(2)}"])
    assert _lines(made)[: len(before)] == before
    with pikepdf.open(BytesIO(made)) as opened:
        assert "/NeedAppearances" not in opened.Root.AcroForm


@pytest.mark.parametrize("name", DRAWN)
def test_a_form_whose_values_are_drawn_needs_no_pyhanko(name: str) -> None:
    assert outcome(DRAWN[name]) == "supported"


def test_an_appearance_with_a_predictor_is_read_by_pyhanko() -> None:
    """The predictor still has to be undone after inflating (ISO 32000-1, 7.4.4.4)."""
    rows = b"".join(b"\2" + bytes([byte]) for byte in _differences(b"BT (lama) Tj ET"))
    data = zlib.compress(rows).decode("latin-1")
    entries = "/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 1>>/BBox[0 0 9 9]"
    stream = f"<</Subtype/Form{entries}/Length {len(data)}>>stream\n{data}\nendstream"
    original = form("/FT/Tx/V(lama)/AP<</N 105 0 R>>", further={105: stream})
    assert outcome(original) == "unsupported"
    assert all_hold(stamped(original), [f"Emet{serial(1)}"])


def _differences(content: bytes) -> list[int]:
    """Of each byte and the one before: the predictor Up, with rows of one byte."""
    return [(one - before) % 256 for before, one in pairwise(b"\0" + content)]


@pytest.mark.usefixtures("every_engine")
@pytest.mark.parametrize("name", ALL_UNDRAWN)
def test_a_value_that_would_vanish_is_refused(name: str) -> None:
    with pytest.raises(FieldsNotDrawn) as refused:
        stamped(ALL_UNDRAWN[name])
    assert refused.value.values == {"field": "isian"}


@pytest.mark.parametrize("name", ALL_UNDRAWN)
def test_a_repair_draws_what_viewers_show(name: str) -> None:
    original = ALL_UNDRAWN[name]
    mended = repaired(original, ResourceBudget())
    assert show_the_same(original, mended)
    if name in UNDRAWN:  # poppler writes marks, pdfium paints them
        assert _lines(mended) == _lines(original)
    assert qpdf_complaints(mended) == []
    with pikepdf.open(BytesIO(mended)) as opened:
        assert "/NeedAppearances" not in opened.Root.AcroForm
        assert "/N" in opened.pages[0].obj.Annots[0].AP


def test_it_is_offered_and_then_stamped() -> None:
    original = UNDRAWN["another text"]
    with pytest.raises(FieldsNotDrawn) as refused:
        PREFLIGHT(original, PLACE, allow_overlap=True)
    assert refused.value.values == {"field": "isian", "repairable": True}
    facts = PREFLIGHT(original, PLACE, allow_overlap=True, repair=True)
    assert [one.code for one in facts.repairs] == ["fields_not_drawn"]
    made = stamped(original, repair=True)
    assert _lines(made)[0] == "Rp 5.000"
    assert [one.valid for one in pdfsig_verdicts(made)] == [True]


def test_the_same_form_is_drawn_alike() -> None:
    original = UNDRAWN["of several lines"]
    assert repaired(original, ResourceBudget()) == repaired(original, ResourceBudget())


@pytest.mark.parametrize("name", BEYOND)
def test_what_no_viewer_draws_alike_is_refused_with_a_repair_too(name: str) -> None:
    with pytest.raises(FieldsNotDrawn) as refused:
        PREFLIGHT(BEYOND[name], PLACE, allow_overlap=True, repair=True)
    assert "repairable" not in refused.value.values


def test_a_signed_form_is_not_drawn_anew() -> None:
    signed = form("/FT/Tx/V(Rp 5.000)/AP<</N 101 0 R>>", signed=True)
    with pytest.raises(FieldsNotDrawn) as refused:
        PREFLIGHT(signed, PLACE, allow_overlap=True, repair=True)
    assert refused.value.values == {"field": "isian", "bears": "signature"}
