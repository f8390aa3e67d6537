"""A stamp `at` an empty signature field becomes that field's signature, under the field's name."""

from io import BytesIO

import pikepdf
import pytest
from PIL import ImageChops, ImageStat

from meterai.domain.errors import CoversStamp, FieldNotFound
from meterai.domain.stamping.placement_requests import FieldPlacement, PointPlacement
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.incremental_engine import outcome
from tests.integration.pdf.judges import pdfsig_verdicts, qpdf_complaints
from tests.integration.pdf.placement_requests import inspected, placed
from tests.integration.pdf.preflight import preflight
from tests.integration.pdf.stamping import a_spec, checks, serial, stamped
from tests.integration.pdf.viewers import MUPDF, installed
from tests.integration.pdf.whole_page import PlacedStamp, faults_shown

pytestmark = pytest.mark.usefixtures("every_engine")

MAX_MEAN_DIFFERENCE = 0.1  # of 255, over the page; a stamp on its side makes 0.7
AT = FieldPlacement("Meterai")
SQUARE, WIDE, HIGH = "[300 300 400 400]", "[400 360 250 300]", "[300 500 360 250]"


def _with_field(
    rectangle: str = SQUARE, entries: str = "", flags: int = 132, rotate: int | None = None
) -> bytes:
    widget = f"<</Type/Annot/Subtype/Widget/FT/Sig/T(Meterai)/Rect{rectangle}/F {flags}{entries}>>"
    page = Shape(rotate=rotate, entries="/Annots[100 0 R]")
    return document(page, form="/Fields[100 0 R]", objects={100: widget})


def _stamped(original: bytes) -> bytes:
    (place,) = placed(original, AT)
    return stamped(original, a_spec(1, place))


def _names(made: bytes) -> list[str]:
    with pikepdf.open(BytesIO(made)) as opened:
        assert len(opened.pages[0].obj.Annots) == len(opened.Root.AcroForm.Fields)
        return [str(one.T) for one in opened.Root.AcroForm.Fields]


@pytest.mark.parametrize(
    ("rectangle", "rotate"),
    [(SQUARE, None), (SQUARE, 90), (WIDE, None), (WIDE, 90), (HIGH, 180), (HIGH, 270)],
)
def test_the_field_is_filled_and_the_stamp_stands_upright_in_its_middle(
    rectangle: str, rotate: int | None
) -> None:
    original = _with_field(rectangle, rotate=rotate)
    made = _stamped(original)
    assert _names(made) == ["Meterai"]
    (check,) = checks(made)
    assert check.holds
    assert (check.field, check.serial) == ("Meterai", serial(1))
    assert [(one.field, one.valid) for one in pdfsig_verdicts(made)] == [("Meterai", True)]
    assert qpdf_complaints(made) == []
    (place,) = placed(original, AT)
    sizes_pt = preflight(original, [place]).displayed_sizes_pt
    told = faults_shown(original, made, [PlacedStamp(place, sizes_pt[0])])
    # MuPDF shows a sign in a field that is empty, and no longer
    assert [one for one in told if not one.startswith(MUPDF.name)] == []
    # As on a page without a field, where other tests judge it; MuPDF moves small letters a little
    plain = stamped(document(Shape(rotate=rotate)), a_spec(1, place))
    for viewer in installed():
        pictures = (viewer.drawn(one).pictures[1] for one in (made, plain))
        assert max(ImageStat.Stat(ImageChops.difference(*pictures)).mean) < MAX_MEAN_DIFFERENCE


def test_a_persons_signature_stays_good_and_their_other_field_is_filled() -> None:
    original = signed_by(authority().person, _with_field())
    made = _stamped(original)
    assert _names(made) == ["Meterai", "Pelamar"]
    assert all(one.holds for one in checks(made))
    assert all(one.valid for one in pdfsig_verdicts(made))
    again = stamped(made, a_spec(2))
    assert all(one.holds for one in checks(again))


def test_a_stamp_in_a_field_of_another_name_is_known_by_its_serial() -> None:
    made = _stamped(_with_field())
    assert inspected(made).already_stamped == (serial(1),)
    with pytest.raises(CoversStamp):
        placed(made, PointPlacement(1, 310, 310, 72))
    with pytest.raises(FieldNotFound):
        placed(made, AT)


@pytest.mark.parametrize(
    "entries", ["/SV<</Type/SV/Reasons[(x)]>>", "/Lock<</Action/All>>", "/AA<<>>", "/Kids[]"]
)
def test_a_field_that_is_more_than_a_place_stays_and_is_told_of(entries: str) -> None:
    original = _with_field(entries=entries)
    assert _names(_stamped(original)) == ["Meterai", f"Emet{serial(1)}"]
    (told,) = (one for one in inspected(original, AT).findings if one.code == "field_stays_empty")
    assert told.values == {"field": "Meterai"}


def test_a_field_that_is_filled_is_not_told_of_and_one_elsewhere_is_left_alone() -> None:
    codes = [one.code for one in inspected(_with_field(), AT).findings]
    assert "field_stays_empty" not in codes
    elsewhere = stamped(_with_field(), a_spec(1))
    assert _names(elsewhere) == ["Meterai", f"Emet{serial(1)}"]


def test_a_tagged_document_keeps_its_own_tag_of_the_field() -> None:
    tree = "/MarkInfo<</Marked true>>/StructTreeRoot 110 0 R"
    objects = {
        100: "<</Type/Annot/Subtype/Widget/FT/Sig/T(Meterai)/Rect[300 300 400 400]/F 4"
        "/StructParent 0>>",
        110: "<</Type/StructTreeRoot/K[111 0 R]/ParentTree<</Nums[0 111 0 R]>>>>",
        111: "<</Type/StructElem/S/Form/P 110 0 R/K<</Type/OBJR/Obj 100 0 R/Pg 10 0 R>>>>",
    }
    page = Shape(entries="/Annots[100 0 R]")
    original = document(page, form="/Fields[100 0 R]", catalog=tree, objects=objects)
    (place,) = placed(original, AT)
    made = stamped(original, a_spec(1, place), a_spec(2))
    with pikepdf.open(BytesIO(made)) as opened:
        kept, new = opened.Root.AcroForm.Fields
        assert [int(kept.StructParent), int(new.StructParent)] == [0, 1]
        assert len(opened.Root.StructTreeRoot.K) == 2
    assert all(one.holds for one in checks(made))


def test_the_incremental_engine_fills_fields() -> None:
    for original in (_with_field(), _with_field(WIDE)):
        (place,) = placed(original, AT)
        assert outcome(original, a_spec(1, place)) == "supported"
