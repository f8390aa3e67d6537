"""What a stamp adds keeps a PDF/A document one, as far as its structure tells (ISO 19005-2).

No validator is at hand: each rule that an addition could break is looked at by itself.
"""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest

from tests.fixtures.documents.plain import document
from tests.integration.pdf.stamping import a_spec, stamped

XMP = (
    "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
    "rdf:about='' xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' pdfaid:part='2' "
    "pdfaid:conformance='B'/></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
)
ORIGINAL = document(
    catalog="/Metadata 100 0 R/OutputIntents[<</S/GTS_PDFA1/OutputConditionIdentifier(sRGB)>>]",
    objects={
        100: f"<</Type/Metadata/Subtype/XML/Length {len(XMP)}>>stream\n{XMP}\nendstream",
    },
)
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


def test_what_says_that_it_is_pdf_a_stays() -> None:
    with pikepdf.open(BytesIO(stamped(ORIGINAL))) as made:
        assert bytes(made.Root.Metadata.read_bytes()) == XMP.encode()
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
