"""Files that are legal, or nearly, and that a careless writer spoils."""

from io import BytesIO

import pikepdf
import pytest

from meterai.domain.errors import DocumentDamaged
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.pdf.preflight.preflight import PdfPreflight
from tests.fixtures.documents.hybrid import hybrid
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, assemble, document
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.judges import pdfsig_verdicts, qpdf_complaints
from tests.integration.pdf.preflight import preflight
from tests.integration.pdf.stamping import BOX, a_spec, all_hold, checks, serial, stamped

pytestmark = pytest.mark.usefixtures("every_engine")

PREFLIGHT = PdfPreflight(800_000)


def _holds(made: bytes) -> None:
    assert all_hold(made, [f"Emet{serial(1)}"])
    assert [(one.valid, one.trusted) for one in pdfsig_verdicts(made)] == [(True, True)]


def test_new_objects_do_not_overwrite_those_that_size_forgot() -> None:
    bodies = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: "<</Type/Pages/Kids[30 0 R]/Count 1>>",
        30: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 31 0 R>>",
        31: "<</Length 0>>stream\n\nendstream",
    }
    made = stamped(assemble(bodies, size=20))
    _holds(made)
    with pikepdf.open(BytesIO(made)) as opened:
        assert [str(note.T) for note in opened.pages[0].obj.Annots] == [f"Emet{serial(1)}"]
        assert opened.pages[0].obj.Contents.read_bytes() == b""


@pytest.mark.parametrize("ending", [b"", b"\r", b"\r\n", b"\n\n  ", b"\n% a comment"])
def test_what_follows_the_end_marker_does_not_matter(ending: bytes) -> None:
    original = document().rstrip() + ending
    made = stamped(original)
    assert made.startswith(original)
    _holds(made)
    assert qpdf_complaints(made) == []


@pytest.mark.parametrize(
    ("annotations", "objects"),
    [
        ("", {}),
        ("/Annots[]", {}),
        ("/Annots null", {}),
        ("/Annots 100 0 R", {100: "[]"}),
        ("/Annots 100 0 R", {100: "[101 0 R]", 101: "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>"}),
        ("/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>]", {}),
        ("/Annots 100 0 R", {100: "null"}),
        ("/Annots 100 0 R", {}),
        ("/Annots 100 0 R", {100: "<<>>"}),
    ],
)
def test_annotations_may_be_kept_in_any_way(annotations: str, objects: dict[int, str]) -> None:
    made = stamped(document(Shape(entries=annotations), objects=objects))
    _holds(made)
    with pikepdf.open(BytesIO(made)) as opened:
        last = opened.pages[0].obj.Annots[len(opened.pages[0].obj.Annots) - 1]
        assert str(last.T) == f"Emet{serial(1)}"


def test_pages_that_share_their_annotations_do_not_share_the_stamp() -> None:
    sharing = Shape(entries="/Annots 100 0 R")
    made = stamped(document(sharing, sharing, objects={100: "[]"}))
    _holds(made)
    with pikepdf.open(BytesIO(made)) as opened:
        assert [len(page.obj.Annots) for page in opened.pages] == [1, 0]


@pytest.mark.parametrize(
    ("form", "objects"),
    [
        ("/Fields[]", {}),
        ("/Fields 100 0 R", {100: "[]"}),
        ("/Fields null", {}),
        ("/DR<<>>", {}),
        ("/Fields[100 0 R]", {100: "<</FT/Tx/T(nama)/V(Ratna)>>"}),
        ("/Fields[null 100 0 R]", {100: "null"}),
        ("/Fields[]/SigFlags 1", {}),
    ],
)
def test_a_form_may_be_there_in_any_way(form: str, objects: dict[int, str]) -> None:
    made = stamped(document(form=form, objects=objects))
    _holds(made)
    with pikepdf.open(BytesIO(made)) as opened:
        assert int(opened.Root.AcroForm.SigFlags) == 3


def test_a_form_that_stands_in_the_catalog_itself_is_extended() -> None:
    _holds(stamped(document(catalog="/AcroForm<</Fields[]>>")))


def test_a_file_without_identifier_gets_one_and_one_with_keeps_the_first_part() -> None:
    with pikepdf.open(BytesIO(stamped(document()))) as opened:
        assert len(bytes(opened.trailer.ID[0])) == 16
    original = document().replace(b"/Root 1 0 R", b"/ID[<00aa><00bb>]/Root 1 0 R")
    made = stamped(original, a_spec(1))
    with pikepdf.open(BytesIO(made)) as opened:
        assert bytes(opened.trailer.ID[0]) == b"\x00\xaa"
        assert bytes(opened.trailer.ID[1]) != b"\x00\xbb"
    _holds(made)


def test_a_hybrid_file_is_continued_with_a_table() -> None:
    original = hybrid()
    assert preflight(original, [BOX]).displayed_sizes_pt == ((600.0, 800.0),)
    made = stamped(original, a_spec(1))
    assert b"\nxref\n" in made[len(original) :]
    _holds(made)
    assert qpdf_complaints(made) == qpdf_complaints(original)


@pytest.mark.parametrize(
    "extensions",
    [
        "<</ADBE<</BaseVersion/1.7/ExtensionLevel 3>>>>",
        "<</ESIC<</BaseVersion/1.7/ExtensionLevel 1>>>>",
        "<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>",
        "<<>>",
    ],
)
def test_extensions_that_were_declared_stay_declared(extensions: str) -> None:
    made = stamped(document(catalog=f"/Extensions{extensions}"))
    _holds(made)
    with pikepdf.open(BytesIO(made)) as opened:
        assert int(opened.Root.Extensions.ESIC.ExtensionLevel) >= 1
        assert ("/ADBE" in opened.Root.Extensions) is ("ADBE" in extensions)


def test_a_lock_that_is_not_yet_in_force_does_not_stand_in_the_way() -> None:
    """The empty field's lock comes with its signature, and that one comes after the stamp."""
    lock = "/Lock<</Type/SigFieldLock/Action/All>>"
    field = f"<</FT/Sig/T(Pelamar){lock}/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/P 10 0 R>>"
    made = stamped(document(form="/Fields[100 0 R]", objects={100: field}))
    assert all_hold(made, [f"Emet{serial(1)}"])
    assert [one.holds for one in checks(signed_by(authority().person, made))] == [True, True]


def test_a_page_in_the_page_tree_itself_has_one_answer() -> None:
    """Preflight and both engines refuse a stamp on it; the other page can be stamped."""
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>"
    bodies = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Count 2/Kids[3 0 R{page}]>>",
        3: page,
    }
    original = assemble(bodies)
    for number, refused in ((1, False), (2, True)):
        place = Placement(page=number, x_pt=300, y_pt=250, side_pt=80)
        request = PointPlacement(page=number, x_pt=300, y_pt=250, side_pt=80)
        if not refused:
            assert PREFLIGHT(original, [request], allow_overlap=True).placements == (place,)
            _holds(stamped(original, a_spec(placement=place)))
            continue
        with pytest.raises(DocumentDamaged) as by_preflight:
            PREFLIGHT(original, [request], allow_overlap=True)
        with pytest.raises(DocumentDamaged) as stamping:
            stamped(original, a_spec(placement=place))
        assert stamping.value.values == {"cause": "page_not_indirect"}
        assert by_preflight.value.values == {"cause": "page_not_indirect", "repairable": True}
        mended = PREFLIGHT(original, [request], allow_overlap=True, repair=True)
        assert mended.page_count == 2


@pytest.mark.parametrize("name", ["/F#e4", "/F#07"])
def test_a_name_that_would_be_spelt_otherwise_is_not_written(name: str) -> None:
    """pyHanko would write other bytes, and text in a font of that name would be lost."""
    fonts = f"/Resources<</Font<<{name} 100 0 R>>>>/Annots[<</Subtype/Text/Rect[0 0 9 9]>>]"
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    with pytest.raises(DocumentDamaged) as refused:
        stamped(document(Shape(entries=fonts), objects={100: font}))
    assert refused.value.values == {"cause": "name"}
