"""What a stamp adds keeps a PDF/A document one: by a validator of PDF/A-1b, and by looking at each
rule that an addition could break, which holds for later parts too (ISO 19005-2)."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest

from meterai.domain.stamping.placement import Placement
from tests.fixtures.documents.pdf_a import pdf_a
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.remake import LETTER, SCAN
from tests.integration.pdf.long_life import LongLife, long_life
from tests.integration.pdf.pdf_a_judge import pdf_a_faults
from tests.integration.pdf.stamping import a_spec, stamped

LINK = {100: "<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[60 60 200 90]/Dest[11 0 R/Fit]>>"}
TAGGED = "/MarkInfo<</Marked true>>/StructTreeRoot<</Type/StructTreeRoot/ParentTree 101 0 R>>"
ORIGINAL = pdf_a(document())
VALID = {
    "blank": ORIGINAL,
    "letter": pdf_a(LETTER.read_bytes()),
    "scan": pdf_a(SCAN.read_bytes()),
    "several pages, the first with an annotation": pdf_a(
        document(Shape(entries="/Annots[100 0 R]"), Shape(rotate=90), Shape(), objects=LINK)
    ),
    "tagged": pdf_a(document(catalog=TAGGED, objects={101: "<</Nums[]>>"})),
    "with a form": pdf_a(document(form="/Fields[]")),
}
DEVICE_COLOUR = {"g", "G", "rg", "RG", "k", "K"}  # 6.2.4.3
INVISIBLE, HIDDEN, PRINT, NO_VIEW = 1, 2, 4, 32  # 6.3.2

pytestmark = pytest.mark.usefixtures("every_engine")


@pytest.fixture(scope="module")
def added() -> Iterator[list[pikepdf.Object]]:
    """The objects of two stamps that are not the document's own as they were."""
    with (
        pikepdf.open(BytesIO(ORIGINAL)) as before,
        pikepdf.open(BytesIO(stamped(ORIGINAL, a_spec(1), a_spec(2)))) as after,
    ):
        known = {one.objgen: one.unparse(resolved=True) for one in before.objects}
        yield [one for one in after.objects if known.get(one.objgen) != one.unparse(resolved=True)]


@pytest.fixture(scope="module")
def signing() -> Iterator[LongLife]:
    with long_life() as made:
        yield made


def test_a_valid_document_stays_valid_with_one_stamp_with_two_and_augmented(
    signing: LongLife,
) -> None:
    made = {"no PDF/A": stamped(document())}
    elsewhere = a_spec(2, Placement(1, 100, 100, 60))
    for kind, original in VALID.items():
        once = stamped(original)
        made[kind] = original
        made[f"{kind}, stamped"] = once
        made[f"{kind}, stamped again"] = stamped(once, elsewhere)
        made[f"{kind}, with two stamps"] = stamped(original, a_spec(), elsewhere)
    issued = signing.stamped(ORIGINAL, a_spec())
    made["with a timestamp later"] = signing.timestamped(issued)
    made["with validation data later"] = signing.proved(signing.timestamped(issued))
    told = pdf_a_faults(made)
    assert told.pop("no PDF/A") != []
    assert {kind: faults for kind, faults in told.items() if faults} == {}


def test_what_says_that_it_is_pdf_a_stays() -> None:
    with (
        pikepdf.open(BytesIO(ORIGINAL)) as before,
        pikepdf.open(BytesIO(stamped(ORIGINAL))) as made,
    ):
        assert made.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert str(made.Root.OutputIntents[0].S) == "/GTS_PDFA1"
        assert "/Encrypt" not in made.trailer
        assert "/NeedAppearances" not in made.Root.AcroForm


def test_every_font_is_embedded_with_its_characters_listed(added: list[pikepdf.Object]) -> None:
    fonts = [one for one in _dictionaries(added) if one.get("/Type") == "/Font"]
    assert fonts
    for font in fonts:
        descriptor = font.FontDescriptor
        assert len(descriptor.FontFile3.read_bytes()) > 1_000
        assert str(descriptor.CharSet).startswith("/")


def test_colours_are_calibrated(added: list[pikepdf.Object]) -> None:
    forms = [one for one in _streams(added) if one.get("/Subtype") == "/Form"]
    assert len(forms) >= 3
    for form in forms:
        used = {str(one.operator) for one in pikepdf.parse_content_stream(form)}
        assert used.isdisjoint(DEVICE_COLOUR)
    assert not any(b"/Device" in one.unparse() for one in _dictionaries(added))


def test_nothing_is_transparent_or_reaches_out(added: list[pikepdf.Object]) -> None:
    forbidden = {"/SMask", "/BM", "/ca", "/CA", "/Group", "/A", "/AA", "/XFA", "/JS"}
    for one in _dictionaries(added):
        assert forbidden.isdisjoint(one.keys())
    for one in _streams(added):
        assert "/F" not in one
        assert one.get("/Filter", pikepdf.Name.FlateDecode) == "/FlateDecode"


def test_a_stamp_is_printed_and_has_one_appearance(added: list[pikepdf.Object]) -> None:
    widgets = [one for one in _dictionaries(added) if one.get("/Subtype") == "/Widget"]
    assert len(widgets) == 2
    for widget in widgets:
        assert int(widget.F) & (INVISIBLE | HIDDEN | PRINT | NO_VIEW) == PRINT
        assert list(widget.AP.keys()) == ["/N"]


def _dictionaries(objects: list[pikepdf.Object]) -> Iterator[pikepdf.Object]:
    for one in objects:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield one


def _streams(objects: list[pikepdf.Object]) -> Iterator[pikepdf.Object]:
    for one in objects:
        if isinstance(one, pikepdf.Stream) and one.get("/Type") not in ("/XRef", "/ObjStm"):
            yield one
