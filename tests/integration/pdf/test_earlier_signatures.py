"""No earlier signature gets worse by a stamp, also where a file has damage that stays as it is."""

from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from meterai.domain.errors import DocumentLocked
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.pdf.preflight.preflight import PdfPreflight
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, assemble, document
from tests.fixtures.documents.remake import LETTER
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.judges import pdfsig_verdicts, poppler_picture
from tests.integration.pdf.signature_judge import Coverage
from tests.integration.pdf.stamping import a_spec, checks, serial, stamped

PLACED = Placement(page=1, x_pt=300, y_pt=600, side_pt=80)
PLACE = [PointPlacement(page=1, x_pt=300, y_pt=600, side_pt=80)]
NOTE = "<</Type/Annot/Subtype/Square/Rect[50 300 200 400]/F 4/C[1 0 0]/Border[0 0 3]>>"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    'syntax-ns#"><rdf:Description rdf:about=""><{}>2026</{}></rdf:Description></rdf:RDF>'
    "</x:xmpmeta>"
)


def _with_metadata(element: str) -> bytes:
    xmp = XMP.format(element, element)
    stream = f"<</Type/Metadata/Subtype/XML/Length {len(xmp)}>>stream\n{xmp}\nendstream"
    return document(catalog="/Metadata 100 0 R", objects={100: stream})


DIRECT = {
    "on the page": document(Shape(entries=f"/Annots[{NOTE}]")),
    "on another page": document(Shape(), Shape(entries=f"/Annots[{NOTE}]")),
    "in an array apart": document(Shape(entries="/Annots 100 0 R"), objects={100: f"[{NOTE}]"}),
    "in another page's array apart": document(
        Shape(), Shape(entries="/Annots 100 0 R"), objects={100: f"[{NOTE}]"}
    ),
    "on a page with a node of its own": assemble(
        {
            1: "<</Type/Catalog/Pages 2 0 R>>",
            2: f"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2{Shape().inheritable}>>",
            3: "<</Type/Page/Parent 2 0 R>>",
            4: "<</Type/Pages/Parent 2 0 R/Kids[5 0 R]/Count 1>>",
            5: f"<</Type/Page/Parent 4 0 R/Annots[{NOTE}]>>",
        }
    ),
}
DAMAGED = {
    "annotation in the array": document(Shape(entries=f"/Annots[{NOTE}]")),
    "annotation in another page's array": document(Shape(), Shape(entries=f"/Annots[{NOTE}]")),
    "metadata that is not well-formed": _with_metadata("xmp:ModifyDate"),
}


def _signed(original: bytes, field: str = "Pelamar") -> bytes:
    """By a signer that leaves the metadata alone."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(IncrementalPdfFileWriter, "_update_meta", lambda _: None)
        return signed_by(authority().person, original, field=field)


@pytest.mark.usefixtures("every_engine")
@pytest.mark.parametrize("name", DIRECT)
def test_stamps_on_a_page_with_direct_annotations_stay_good_when_a_person_signs(name: str) -> None:
    made = signed_by(authority().person, stamped(DIRECT[name], a_spec(1), a_spec(2)))
    assert [(one.holds, one.coverage) for one in checks(made)] == [
        (True, Coverage.EXTENDED),
        (True, Coverage.EXTENDED),
        (True, Coverage.WHOLE_FILE),
    ]
    assert [one.valid for one in pdfsig_verdicts(made)] == [True, True, True]


def test_an_annotation_that_gets_a_number_shows_what_it_showed() -> None:
    original = DIRECT["on another page"]
    made = stamped(original)
    assert poppler_picture(made, dpi=40, page=2) == poppler_picture(original, dpi=40, page=2)
    with pikepdf.open(BytesIO(made)) as opened:
        assert all(note.is_indirect for note in opened.pages[1].obj.Annots)


@pytest.mark.parametrize("field", ["Pelamar", "Emeterai"])
@pytest.mark.parametrize("name", DAMAGED)
def test_a_document_whose_signature_would_get_worse_is_refused(name: str, field: str) -> None:
    signed = _signed(DAMAGED[name], field)
    assert [one.holds for one in checks(signed)] == [True]
    with pytest.raises(DocumentLocked) as refused:
        PdfPreflight(800_000)(signed, PLACE, allow_overlap=True)
    assert refused.value.values == {"field": field, "cause": "signature_would_break"}
    would_be = stamped(signed, a_spec(1, PLACED))
    assert [(one.field, one.holds, one.coverage) for one in checks(would_be)] == [
        (field, False, Coverage.ALTERED),
        (f"Emet{serial(1)}", True, Coverage.WHOLE_FILE),
    ]


def test_a_stamp_in_a_field_of_another_name_is_none_of_these_signatures() -> None:
    field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Meterai)/Rect[300 300 400 400]/F 4>>"
    metadata = XMP.format("xmp:ModifyDate", "xmp:ModifyDate")
    original = document(
        Shape(entries="/Annots[101 0 R]"),
        catalog="/Metadata 100 0 R",
        form="/Fields[101 0 R]",
        objects={
            100: f"<</Type/Metadata/Length {len(metadata)}>>stream\n{metadata}\nendstream",
            101: field,
        },
    )
    made = stamped(original, a_spec(1, Placement(1, 300, 300, 100)))
    assert [one.field for one in checks(made)] == ["Meterai"]
    found = PdfPreflight(800_000)(made, PLACE, allow_overlap=True)
    assert found.already_stamped == (serial(1),)


@pytest.mark.parametrize(
    "original",
    [
        pytest.param(LETTER.read_bytes(), id="letter"),
        pytest.param(_with_metadata("rdf:value"), id="metadata that is well-formed"),
        pytest.param(stamped(DIRECT["on the page"]), id="stamped before"),
    ],
)
def test_a_document_whose_signature_stays_good_is_stamped(original: bytes) -> None:
    signed = _signed(original)
    facts = PdfPreflight(800_000)(signed, PLACE, allow_overlap=True)
    assert facts.signed
    made = stamped(signed, a_spec(2, facts.placements[0]))
    before, after = checks(signed), checks(made)
    assert [one.field for one in after] == [*(one.field for one in before), f"Emet{serial(2)}"]
    assert [(one.holds, one.coverage) for one in after] == [
        *((True, Coverage.EXTENDED) for _ in before),
        (True, Coverage.WHOLE_FILE),
    ]
    assert all(one.valid for one in pdfsig_verdicts(made))
