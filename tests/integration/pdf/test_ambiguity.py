"""What a document says twice, differently: refused by every engine, with a code that says what."""

from io import BytesIO
from typing import get_args

import pikepdf
import pytest

from meterai.domain.errors import DocumentAmbiguous
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.pdf.engines import chain
from meterai.pdf.engines.repair import repaired
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.rendering.pictures import show_the_same
from meterai.pdf.sandbox import ResourceBudget
from tests.fixtures.documents.ambiguous import (
    BODIES,
    OWED,
    OWED_IN_THE_OTHER,
    TWINS,
    Spelling,
    Twin,
    in_object_stream,
    listings,
    with_twin,
)
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, assemble, document
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.judges import mupdf_picture, poppler_picture, poppler_text
from tests.integration.pdf.stamping import a_spec, all_hold, serial, stamped

PREFLIGHT = PdfPreflight(portal_limit_bytes=800_000)
PLACE = [PointPlacement(page=1, x_pt=300, y_pt=250, side_pt=80)]
DPI = 60
KEYS = [pytest.param(twin, id=f"{twin.number} {twin.key}") for twin in TWINS]
LISTINGS = [pytest.param(cause, content, id=name) for name, cause, content in listings()]


def _refusals(content: bytes) -> list[dict[str, str | int]]:
    """Of all engines in their order, and of pyHanko alone."""
    found = []
    for engines in (chain.ENGINES, chain.ENGINES[-1:]):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(chain, "ENGINES", engines)
            with pytest.raises(DocumentAmbiguous) as refused:
                stamped(content)
        found.append(refused.value.values)
    return found


@pytest.mark.parametrize("twin", KEYS)
def test_a_key_with_two_values_is_refused_however_it_is_spelt(twin: Twin) -> None:
    expected = {"cause": "key_twice", "key": twin.key}
    for spelling in get_args(Spelling):
        for last in (twin.value, twin.other):
            content = with_twin(twin, last=last, spelling=spelling)
            assert _refusals(content) == [expected, expected]


@pytest.mark.parametrize("twin", KEYS)
def test_a_key_that_has_its_value_twice_is_no_ambiguity(twin: Twin) -> None:
    content = with_twin(twin._replace(other=twin.value), last=twin.value)
    made = stamped(content, a_spec(1), a_spec(2))
    assert made.startswith(content)
    assert all_hold(made, [f"Emet{serial(1)}", f"Emet{serial(2)}"])
    assert OWED in poppler_text(made)
    with pikepdf.open(BytesIO(made)) as opened:
        assert len(opened.pages[0].obj.Annots) == 3
        assert len(opened.Root.AcroForm.Fields) == 3


@pytest.mark.parametrize(("cause", "content"), LISTINGS)
def test_an_object_that_is_listed_in_two_places_is_refused(cause: str, content: bytes) -> None:
    """Also with a repair: poppler, pdfium, MuPDF and qpdf do not find the same object."""
    with pytest.raises(DocumentAmbiguous) as refused:
        stamped(content)
    assert refused.value.values == {"cause": cause, "object": 3}
    with pytest.raises(DocumentAmbiguous) as by_preflight:
        PREFLIGHT(content, PLACE, allow_overlap=True, repair=True)
    assert by_preflight.value.values == refused.value.values
    with pytest.raises(DocumentAmbiguous):
        stamped(content, repair=True)


def test_an_object_that_is_twice_in_an_object_stream_is_refused() -> None:
    assert stamped(in_object_stream(twice=False))
    expected = {"cause": "object_listed_twice", "object": 3}
    assert _refusals(in_object_stream(twice=True)) == [expected, expected]


@pytest.mark.parametrize("twin", KEYS)
def test_a_repair_keeps_what_all_viewers_show(twin: Twin) -> None:
    for last in (twin.value, twin.other):
        content = with_twin(twin, last=last)
        mended = repaired(content, ResourceBudget())
        assert show_the_same(content, mended)
        assert poppler_picture(content, dpi=DPI) == poppler_picture(mended, dpi=DPI)
        assert mupdf_picture(content, dpi=DPI) == mupdf_picture(mended, dpi=DPI)


def test_what_is_shown_is_stamped_where_a_repair_is_asked_for() -> None:
    contents = next(twin for twin in TWINS if twin.key == "/Contents")
    for last, owed in ((contents.value, OWED), (contents.other, OWED_IN_THE_OTHER)):
        content = with_twin(contents, last=last)
        with pytest.raises(DocumentAmbiguous) as refused:
            PREFLIGHT(content, PLACE, allow_overlap=True)
        assert refused.value.values["repairable"] is True
        facts = PREFLIGHT(content, PLACE, allow_overlap=True, repair=True)
        assert [one.code for one in facts.repairs] == ["document_ambiguous"]
        made = stamped(content, repair=True)
        assert all_hold(made, [f"Emet{serial(1)}"])
        assert owed in poppler_text(made)


def test_a_page_that_viewers_count_in_two_ways_is_refused_with_a_repair_too() -> None:
    count = Twin(2, "/Count", " 1", " 2")
    content = with_twin(count, last=count.other)
    with pytest.raises(DocumentAmbiguous) as refused:
        PREFLIGHT(content, PLACE, allow_overlap=True, repair=True)
    assert "repairable" not in refused.value.values


def test_values_of_two_kinds_are_refused_with_a_repair_too() -> None:
    contents = Twin(3, "/Contents", " 4 0 R", "(4)")
    for last in (contents.value, contents.other):
        content = with_twin(contents, last=last)
        expected = {"cause": "key_of_two_kinds", "key": "/Contents"}
        assert _refusals(content) == [expected, expected]
        with pytest.raises(DocumentAmbiguous) as refused:
            PREFLIGHT(content, PLACE, allow_overlap=True, repair=True)
        assert refused.value.values == expected


def test_fields_that_belong_to_no_form_are_refused() -> None:
    """pdfium would show them with the stamp and does not before; poppler and MuPDF always do."""
    content = assemble({**BODIES, 1: "<</Type/Catalog/Pages 2 0 R>>"})
    expected = {"cause": "fields_without_form"}
    assert _refusals(content) == [expected, expected]
    for repair in (False, True):
        with pytest.raises(DocumentAmbiguous) as told:
            PREFLIGHT(content, PLACE, allow_overlap=True, repair=repair)
        assert told.value.values == expected  # nor is a repair offered: it would not help
    hidden = BODIES[6].replace("/F 4", "/F 2")
    assert stamped(assemble({**BODIES, 1: "<</Type/Catalog/Pages 2 0 R>>", 6: hidden}))


@pytest.mark.parametrize("count", [110, 700])
def test_pages_that_readers_order_differently_are_refused_however_many(count: int) -> None:
    """Where a page tree's root has as many kids as pages, the incremental engine looks at none."""
    kids = [10 + at for at in range(count)]
    bodies = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]/Count {count}>>",
        **dict.fromkeys(kids, f"<</Type/Page/Parent 2 0 R{Shape().inheritable}>>"),
        8: f"<</Type/Page/Parent 10 0 R{Shape().inheritable}>>",
        9: f"<</Type/Page/Parent 10 0 R{Shape().inheritable}>>",
        kids[-20]: "<</Type/Pages/Parent 2 0 R/Kids[8 0 R 9 0 R]/Count 2>>",
        kids[-2]: "<</Type/Pages/Parent 2 0 R/Kids[]/Count 0>>",
    }
    with pytest.raises(DocumentAmbiguous) as refused:
        PREFLIGHT(assemble(bodies), [PointPlacement(count - 10, 300, 250, 80)], allow_overlap=True)
    assert refused.value.values["cause"] == "pages_differ"


def test_many_documents_of_one_page_that_were_joined_are_stamped_on_the_right_page() -> None:
    """Each has a node of its own, so their root has as many kids as pages."""
    count, page = 120, 70
    leaves, nodes = range(200, 200 + count), range(400, 400 + count)
    bodies = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{' '.join(f'{one} 0 R' for one in nodes)}]/Count {count}>>",
    }
    for leaf, node in zip(leaves, nodes, strict=True):
        bodies[node] = f"<</Type/Pages/Parent 2 0 R/Kids[{leaf} 0 R]/Count 1>>"
        bodies[leaf] = f"<</Type/Page/Parent {node} 0 R{Shape().inheritable}>>"
    content = assemble(bodies)
    facts = PREFLIGHT(content, [PointPlacement(page, 300, 250, 80)], allow_overlap=True)
    made = stamped(content, a_spec(1, facts.placements[0]))
    with pikepdf.open(BytesIO(made)) as opened:
        bearing = [at for at, one in enumerate(opened.pages, start=1) if "/Annots" in one]
    assert bearing == [page]


WIDGET = "<</Type/Annot/Subtype/Widget/FT/Tx/T(nama)/Rect[9 9 99 99]{}>>"
WITHOUT_FORM = "/AP<</N 901 0 R>>"


@pytest.mark.parametrize(
    ("entries", "form", "refused"),
    [
        (WITHOUT_FORM, "", True),
        (f"{WITHOUT_FORM}/F 4", "", True),
        (f"{WITHOUT_FORM}/F 2", "", False),
        ("", "", False),
        (WITHOUT_FORM, "/Fields[900 0 R]", False),
    ],
)
def test_fields_without_a_form_are_found_on_every_page(
    entries: str, form: str, *, refused: bool
) -> None:
    """Also where the stamp is on another page: pdfium shows them once there is a form."""
    content = document(
        *[Shape()] * 238,
        Shape(entries="/Annots[null 10 0 R (none)]"),
        Shape(entries="/Annots[900 0 R]"),
        form=form,
        objects={900: WIDGET.format(entries), 901: "<</Length 0>>stream\n\nendstream"},
    )
    if not refused:
        assert PREFLIGHT(content, PLACE, allow_overlap=True).page_count == 240
        return
    with pytest.raises(DocumentAmbiguous) as told:
        PREFLIGHT(content, PLACE, allow_overlap=True)
    assert told.value.values["cause"] == "fields_without_form"


def test_a_signed_file_is_never_repaired() -> None:
    appearance = next(twin for twin in TWINS if twin.key == "/AP")
    content = signed_by(authority().person, with_twin(appearance, last=appearance.other))
    with pytest.raises(DocumentAmbiguous) as refused:
        PREFLIGHT(content, PLACE, allow_overlap=True, repair=True)
    assert "repairable" not in refused.value.values
