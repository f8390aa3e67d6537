"""Only unsigned files are repaired, and only on request; a repaired file can be stamped."""

from io import BytesIO

import pikepdf
import pytest

from meterai.domain.errors import DocumentDamaged, FormIsXfa, MeteraiError
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.domain.stamping.preflight import Severity
from meterai.pdf.engines.repair import repaired
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.sandbox import ResourceBudget
from tests.fixtures.documents.damaged import DAMAGED, FIELD
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.refused import encrypted
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.judges import pdfsig_verdicts, qpdf_complaints
from tests.integration.pdf.stamping import a_spec, all_hold, serial, stamped

PREFLIGHT = PdfPreflight(portal_limit_bytes=800_000)
FIELDS = {
    100: "<</Type/Annot/Subtype/Widget/FT/Tx/T(nama)/F 4/Rect[60 600 260 620]/AP<</N 101 0 R>>>>",
    101: "<</Subtype/Form/BBox[0 0 9 9]/Length 12>>stream\n0 0 9 9 re f\nendstream",
}
PLACE = [PointPlacement(page=1, x_pt=300, y_pt=250, side_pt=80)]


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_document_is_stamped_once_it_is_repaired(name: str) -> None:
    original = DAMAGED[name]
    with pytest.raises((DocumentDamaged, FormIsXfa)) as refused:
        PREFLIGHT(original, PLACE, allow_overlap=False)
    assert refused.value.values["repairable"] is True
    with pytest.raises(type(refused.value)):
        stamped(original)

    document_facts = PREFLIGHT(original, PLACE, allow_overlap=False, repair=True)
    (mended,) = document_facts.repairs
    assert (mended.code, mended.severity, mended.repairable) == (
        refused.value.code,
        Severity.REFUSAL,
        True,
    )
    made = stamped(original, a_spec(placement=document_facts.placements[0]), repair=True)
    assert all_hold(made, [f"Emet{serial(1)}"])
    assert [one.valid for one in pdfsig_verdicts(made)] == [True]
    assert qpdf_complaints(made) == []


def test_the_same_damage_is_repaired_the_same_way() -> None:
    original = DAMAGED["no end"]
    assert repaired(original, ResourceBudget()) == repaired(original, ResourceBudget())
    assert stamped(original, repair=True) == stamped(original, repair=True)


def test_pages_and_fields_are_those_that_were_there() -> None:
    original = document(
        Shape(), Shape(rotate=90), form="/Fields[100 0 R]/NeedAppearances true", objects=FIELD
    )[:-30]
    with pikepdf.open(BytesIO(repaired(original, ResourceBudget()))) as mended:
        assert [int(page.obj.get("/Rotate", 0)) for page in mended.pages] == [0, 90]
        assert [str(field.V) for field in mended.Root.AcroForm.Fields] == ["Ratna"]


@pytest.mark.parametrize(
    "original",
    [
        pytest.param(signed_by(authority().person, document())[:-30], id="signed"),
        pytest.param(encrypted()[:-30], id="encrypted"),
        pytest.param(encrypted(user="rahasia")[:-30], id="password"),
        pytest.param(document()[:100], id="a stump"),
        pytest.param(document(form="/Fields[]/XFA(<xdp/>)"), id="XFA and no field"),
        pytest.param(
            document(
                form="/Fields[100 0 R]/XFA(<xdp/>)", objects=FIELD, catalog="/NeedsRendering true"
            ),
            id="dynamic XFA",
        ),
    ],
)
def test_a_document_that_a_repair_could_spoil_is_not_repaired(original: bytes) -> None:
    with pytest.raises(MeteraiError) as plainly:
        PREFLIGHT(original, PLACE, allow_overlap=False)
    with pytest.raises(MeteraiError) as with_repair:
        PREFLIGHT(original, PLACE, allow_overlap=False, repair=True)
    assert with_repair.value.code == plainly.value.code
    assert "repairable" not in plainly.value.values
    with pytest.raises(MeteraiError):
        stamped(original, repair=True)


def test_a_repair_that_would_show_something_else_is_none() -> None:
    """A cross-reference entry points to another object: pdfium shows no field, others rebuild the
    file."""
    original = document(Shape(entries="/Annots[100 0 R]"), form="/Fields[100 0 R]", objects=FIELDS)
    field_at, other_at = (original.index(b"\n%d 0 obj" % number) + 1 for number in (100, 101))
    damaged = original.replace(b"%010d" % field_at, b"%010d" % other_at)
    with pytest.raises(DocumentDamaged) as refused:
        PREFLIGHT(damaged, PLACE, allow_overlap=True, repair=True)
    assert "repairable" not in refused.value.values
