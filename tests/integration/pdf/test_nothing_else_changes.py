"""A stamp changes nothing outside its square, on any page, in any viewer that is installed."""

import re

import pytest

from meterai.domain.stamping.placement import Placement
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.remake import LETTER, SCAN
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.incremental_engine import with_object_streams
from tests.integration.pdf.placement_requests import FONT, written
from tests.integration.pdf.preflight import preflight
from tests.integration.pdf.stamping import a_spec, stamped
from tests.integration.pdf.viewers import installed
from tests.integration.pdf.whole_page import PlacedStamp, faults_shown

WORDS = "BT /F 24 Tf 80 700 Td (Surat pernyataan) Tj ET"
HALF = "/ExtGState<</H<</ca 0.5/CA 0.5/BM/Multiply>>/O<</OP true/op true/OPM 1>>>>"
LAYERS = "/Properties<</Off 200 0 R/On 201 0 R>>"
BLENDED = f"{WORDS} /H gs 1 0 0 rg 60 690 200 30 re f 0 0 1 rg 90 650 200 60 re f"
OVERPRINTED = f"{WORDS} /O gs 1 0 0 0 k 60 690 200 30 re f 0 0 1 0 k 90 650 200 60 re f"
LAYERED = f"/OC/Off BDC {WORDS} EMC /OC/On BDC 0 1 0 rg 60 500 90 90 re f EMC"
NOTES = {  # without appearances, which viewers then make up
    210: "/FreeText/Rect[70 600 300 650]/DA(/Helv 12 Tf 0 g)/Contents(Catatan)",
    211: "/Highlight/Rect[80 695 200 725]/C[1 1 0]/QuadPoints[80 725 200 725 80 695 200 695]",
    212: "/Square/Rect[320 600 400 650]/C[1 0 0]/IC[0 1 1]",
    213: "/Ink/Rect[320 690 400 740]/C[0 0 1]/InkList[[320 690 400 740 360 700]]",
    214: "/Link/Rect[420 690 500 740]/Border[0 0 2]",
    215: "/Text/Rect[520 690 540 710]/Contents(Catatan)",
}


def _page(content: str, entries: str = "", **shape: object) -> tuple[Shape, str]:
    return Shape(entries=entries, **shape), content  # type: ignore[arg-type]


PAGES = {
    "blended": _page(BLENDED),
    "blended in a group": _page(BLENDED, "/Group<</S/Transparency/CS/DeviceCMYK/I true>>"),
    "overprinted": _page(OVERPRINTED),
    "layered": _page(LAYERED),
    "with notes that have no appearance": _page(
        WORDS, "/Annots[" + " ".join(f"{at} 0 R" for at in NOTES) + "]"
    ),
    "on its side": _page(WORDS, rotate=90, crop_box=(20, 30, 560, 800)),
    "in larger units": _page(WORDS, user_unit=1.5),
    "without content": _page(""),
}


def _of_all_kinds() -> bytes:
    """One document with these pages."""
    layers = "/OCProperties<</OCGs[200 0 R 201 0 R]/D<</OFF[200 0 R]/Order[200 0 R 201 0 R]>>>>"
    objects: dict[int, str] = {**FONT, 200: "<</Type/OCG/Name(A)>>", 201: "<</Type/OCG/Name(B)>>"}
    objects |= {at: f"<</Type/Annot/F 4/Subtype{note}>>" for at, note in NOTES.items()}
    shapes = []
    for at, (shape, content) in enumerate(PAGES.values(), start=300):
        objects[at] = f"<</Length {len(content)}>>\nstream\n{content}\nendstream"
        resources = f"/Resources<</Font<</F 100 0 R>>{HALF}{LAYERS}>>/Contents {at} 0 R"
        shapes.append(
            Shape(
                crop_box=shape.crop_box,
                rotate=shape.rotate,
                user_unit=shape.user_unit,
                entries=f"{resources}{shape.entries}",
            )
        )
    return document(*shapes, catalog=layers, objects=objects)


def _form() -> bytes:
    """A field with a value and its appearance, a button, and a list that has none."""
    box = "/Type/Annot/Subtype/Widget/F 4/Rect"
    look = "q 0.8 1 0.8 rg 0 0 200 20 re f Q /Tx BMC BT /F 12 Tf 4 5 Td (Rina) Tj ET EMC"
    appearance = (
        f"<</Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F 100 0 R>>>>"
        f"/Length {len(look)}>>\nstream\n{look}\nendstream"
    )
    objects = {
        **FONT,
        110: f"<<{box}[80 500 280 520]/FT/Tx/T(Nama)/V(Rina)/DA(/F 12 Tf 0 g)/AP<</N 120 0 R>>>>",
        111: f"<<{box}[80 460 100 480]/FT/Btn/T(Setuju)/V/Ya/AS/Ya/MK<</CA(4)>>/DA(/F 12 Tf 0 g)>>",
        112: f"<<{box}[80 420 280 440]/FT/Ch/T(Kota)/V(Bogor)/Opt[(Bogor)(Depok)]"
        "/DA(/F 12 Tf 0 g)>>",
        120: appearance,
    }
    form = "/Fields[110 0 R 111 0 R 112 0 R]/DR<</Font<</F 100 0 R>>>>/DA(/F 12 Tf 0 g)"
    return document(Shape(entries="/Annots[110 0 R 111 0 R 112 0 R]"), form=form, objects=objects)


DOCUMENTS = {
    "all kinds of pages": _of_all_kinds(),
    "all kinds of pages, in object streams": with_object_streams(_of_all_kinds()),
    "form": _form(),
    "letter": LETTER.read_bytes(),
    "scan": SCAN.read_bytes(),
    "signed letter": signed_by(authority().person, LETTER.read_bytes()),
    "stamped letter": stamped(LETTER.read_bytes(), a_spec(7, Placement(1, 60, 60, 80))),
}


@pytest.mark.usefixtures("every_engine")
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_each_page_shows_as_before(kind: str) -> None:
    original = DOCUMENTS[kind]
    stamps = _stamps(original)
    specs = [a_spec(at, stamp.placement) for at, stamp in enumerate(stamps, start=1)]
    assert faults_shown(original, stamped(original, *specs), stamps) == []


def _stamps(original: bytes) -> list[PlacedStamp]:
    """A square on every page."""
    count = preflight(original, []).page_count
    squares = [Placement(page, 300.3, 250.7, 80) for page in range(1, count + 1)]
    sizes_pt = preflight(original, squares).displayed_sizes_pt
    return [PlacedStamp(*pair) for pair in zip(squares, sizes_pt, strict=True)]


def test_a_repaired_document_shows_what_it_showed() -> None:
    original = LETTER.read_bytes().replace(b"startxref\n", b"startxref\n9")
    (stamp,) = _stamps(LETTER.read_bytes())
    made = stamped(original, a_spec(1, stamp.placement), repair=True)
    assert faults_shown(original, made, [stamp]) == []


def test_every_viewer_tells_of_a_word_that_has_moved_by_half_a_point() -> None:
    before, moved = written(("Rina", 100, 700)), written(("Rina", 100.5, 700))
    (stamp,) = _stamps(before)
    told = faults_shown(before, stamped(moved, a_spec(1, stamp.placement)), [stamp])
    assert [re.sub(r"\d+ dots|, within .*", "", one) for one in told] == [
        f"{viewer.name}: page 1:  outside the stamp have changed" for viewer in installed()
    ]


def test_every_viewer_tells_of_a_further_page_and_of_a_stamp_that_does_not_show() -> None:
    told = faults_shown(document(), document(Shape(), Shape()), _stamps(document()))
    assert told == [
        f"{viewer.name}: {what}"
        for viewer in installed()
        for what in (
            "1 pages have become 2",
            "page 1: the stamp does not show: 0% of its square have changed",
        )
    ]
