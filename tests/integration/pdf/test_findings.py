"""Findings on a document that can be stamped: each is reported where it applies, and only there."""

import pytest
from pikepdf import Permissions

from meterai.api.finding_messages import MESSAGES
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.domain.stamping.preflight import REMARKS, Severity
from meterai.pdf.preflight.preflight import PdfPreflight
from tests.fixtures.documents.hybrid import hybrid
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.qr_pages import qr_pages
from tests.fixtures.documents.refused import encrypted
from tests.fixtures.documents.usage_rights import USAGE_RIGHTS
from tests.integration.pdf.stamping import serial, stamped

LIMIT_BYTES = 40_000
JAVASCRIPT = "<</S/JavaScript/JS(app.alert\\(1\\))>>"
LAUNCH = "<</S/Launch/F(calc.exe)>>"
LINK = "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A %s>>"
URI = "<</S/URI/URI(https://a.id)>>"
BOOKMARKS = {100: "<</First 101 0 R>>", 101: "<</Title(a)/Next 101 0 R/First 102 0 R>>"}
FIELD = "<</FT/Tx/T(nama)/AA<</K<</S/JavaScript/JS(1)>>>>>>"

SHOWING: dict[str, dict[str, bytes]] = {
    "over_portal_limit": {"padding": document(objects={100: f"({'x' * LIMIT_BYTES})"})},
    "version_below_1_6": {
        "header": document().replace(b"%PDF-1.6", b"%PDF-1.4"),
        "catalog says less": document(catalog="/Version/1.3").replace(b"%PDF-1.6", b"%PDF-1.5"),
    },
    "page_not_a4": {
        "letter": document(Shape(media_box=(0, 0, 612, 792))),
        "second page": document(Shape(), Shape(media_box=(0, 0, 300, 300))),
        "cropped": document(Shape(crop_box=(0, 0, 400, 800))),
    },
    "encryption_without_password": {"all allowed": encrypted(allow=Permissions())},
    "javascript": {
        "on opening": document(catalog=f"/OpenAction{JAVASCRIPT}"),
        "by name": document(catalog="/Names<</JavaScript<</Names[]>>>>"),
        "of the document": document(catalog=f"/AA<</WC {JAVASCRIPT}>>"),
        "of a page": document(Shape(entries=f"/AA<</O {JAVASCRIPT}>>")),
        "of a field": document(form="/Fields[100 0 R]", objects={100: FIELD}),
        "after another": document(
            catalog=f"/OpenAction<</S/GoTo/D[10 0 R/Fit]/Next[{JAVASCRIPT}]>>"
        ),
        "of a link": document(Shape(entries="/Annots[100 0 R]"), objects={100: LINK % JAVASCRIPT}),
    },
    "launch_action": {
        "of a link": document(Shape(entries="/Annots[100 0 R]"), objects={100: LINK % LAUNCH}),
        "on opening": document(catalog=f"/OpenAction{LAUNCH}"),
    },
    "embedded_files": {
        "by name": document(catalog="/Names<</EmbeddedFiles<</Names[]>>>>"),
        "on a page": document(
            Shape(entries="/Annots[100 0 R]"),
            objects={100: "<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]>>"},
        ),
    },
    "portfolio": {
        "a letter inside": document(
            catalog="/Collection<</View/T>>/Names<</EmbeddedFiles<</Names[]>>>>"
        ),
        "nothing inside": document(catalog="/Collection<<>>"),
    },
    "reader_extended": {
        "version 3": document(catalog="/Perms<</UR3 100 0 R>>", objects={100: USAGE_RIGHTS}),
        "version 1": document(catalog="/Perms<</UR 100 0 R>>", objects={100: USAGE_RIGHTS}),
    },
    "opens_other_file": {
        "on opening": document(catalog="/OpenAction<</S/GoToR/F(b.pdf)/D[0/Fit]>>"),
        "a bookmark": document(
            catalog="/Outlines 100 0 R",
            objects=BOOKMARKS | {102: "<</Title(b)/A<</S/GoToE/T<</R/C/N(b)>>/D[0/Fit]>>>>"},
        ),
    },
    "exchanges_form_data": {
        "sends": document(
            form="/Fields[100 0 R]",
            objects={100: "<</FT/Btn/T(kirim)/A<</S/SubmitForm/F(https://a.id)>>>>"},
        ),
        "loads": document(Shape(entries="/AA<</O<</S/ImportData/F(a.fdf)>>>>")),
    },
    "rich_media": {
        kind: document(
            Shape(entries="/Annots[100 0 R]"),
            objects={100: f"<</Type/Annot/Subtype/{kind}/Rect[0 0 9 9]>>"},
        )
        for kind in ("RichMedia", "Screen", "Movie", "Sound", "3D")
    },
    "surprising_link": {
        "on opening": document(catalog=f"/OpenAction{URI}"),
        "when a page is shown": document(Shape(entries=f"/AA<</O {URI}>>")),
        "all over the page": document(
            Shape(entries="/Annots[100 0 R]"),
            objects={100: (LINK % URI).replace("0 0 9 9", "595 842 0 0")},
        ),
        "under the pointer": document(
            Shape(entries="/Annots[100 0 R]"),
            objects={100: (LINK % URI).replace("/A ", "/AA<</E ") + ">>"},
        ),
        "a script as address": document(
            Shape(entries="/Annots[100 0 R]"), objects={100: LINK % "<</S/URI/URI(javascript:1)>>"}
        ),
    },
    "pictured_emeterai": {"of another file": qr_pages(serial(1))},
    "changed_emeterai": {"a byte": stamped(document()).replace(b"841.89", b"841.88")},
    "fields_drawn_by_reader": {"form": document(form="/Fields[]/NeedAppearances true")},
    "hybrid_references": {"Word's kind": hybrid()},
}
NOT_SHOWING = {
    "plain": document(),
    "landscape": document(Shape(rotate=90)),
    "in the catalog": document(catalog="/Version/1.7").replace(b"%PDF-1.6", b"%PDF-1.4"),
    "a false flag": document(form="/Fields[]/NeedAppearances false"),
    "a link": document(
        Shape(entries="/Annots[100 0 R]"), objects={100: LINK % "<</S/URI/URI(https://a.id)>>"}
    ),
    "a button with an address": document(
        Shape(entries="/Annots[100 0 R]"),
        objects={100: f"<</Type/Annot/Subtype/Widget/FT/Btn/Rect[0 0 9 9]/AA<</U {URI}>>>>"},
    ),
    "an address by mail": document(
        Shape(entries="/Annots[100 0 R]"), objects={100: LINK % "<</S/URI/URI(mailto:a@b.id)>>"}
    ),
    "bookmarks in a ring": document(
        catalog="/Outlines 100 0 R", objects=BOOKMARKS | {102: "<</Title(b)/Dest[10 0 R/Fit]>>"}
    ),
    "certified by nobody": document(catalog="/Perms<<>>"),
    "stamped before": stamped(document()),
    "another QR code": qr_pages(address="https://a.id/S/"),
}
OF_A_REQUEST = {"field_stays_empty"}  # see `test_at_field`
OTHERS = {"hybrid_references": {"page_not_a4"}}


def _codes(original: bytes) -> set[str]:
    inspect = PdfPreflight(LIMIT_BYTES)
    found = inspect(original, (), allow_overlap=False, pictures=True).findings
    assert all(one.severity is REMARKS[one.code] for one in found)
    return {one.code for one in found}


@pytest.mark.parametrize(
    ("code", "original"),
    [
        pytest.param(code, original, id=f"{code}, {name}")
        for code, cases in SHOWING.items()
        for name, original in cases.items()
    ],
)
def test_what_is_in_a_document_is_told_and_nothing_else(code: str, original: bytes) -> None:
    assert _codes(original) - OTHERS.get(code, set()) == {code}


@pytest.mark.parametrize("original", NOT_SHOWING.values(), ids=NOT_SHOWING)
def test_of_an_ordinary_document_nothing_is_told(original: bytes) -> None:
    assert _codes(original) == set()


def test_pages_full_of_links_have_no_findings_either() -> None:
    """More links than the incremental reader supports: pyHanko's reader is used instead."""
    names = [f"{100 + at} 0 R" for at in range(4_000)]
    pages = [Shape(entries=f"/Annots[{' '.join(names[at::50])}]") for at in range(50)]
    link = LINK % f"<</S/URI/URI(https://a.id/{'x' * 100})>>"
    original = document(*pages, objects=dict.fromkeys(range(100, 4_100), link))
    document_facts = PdfPreflight(8_000_000)(
        original, [PointPlacement(1, 300, 250, 80)], allow_overlap=False
    )
    assert (document_facts.findings, document_facts.page_count) == ((), 50)


def test_every_finding_has_a_document_and_its_sentences() -> None:
    assert SHOWING.keys() | OF_A_REQUEST == REMARKS.keys() == MESSAGES.keys()
    assert Severity.REFUSAL not in REMARKS.values()


def test_the_growth_by_stamps_counts_towards_a_portals_limit() -> None:
    original = document()
    inspect = PdfPreflight(portal_limit_bytes=len(original) + 14_000)
    (told,) = PdfPreflight(len(original) - 1)(original, (), allow_overlap=False).findings
    assert told.values == {"size_bytes": len(original), "limit_bytes": len(original) - 1}
    assert inspect(original, (), allow_overlap=False).findings == ()
