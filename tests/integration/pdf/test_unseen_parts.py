"""What no page shows, or only some viewers do, is a part of the issued file all the same: a later
revision that replaces it alters the file."""

from functools import cache

import pytest

from meterai.domain.stamping.later_changes import ChangeVerdict
from meterai.pdf.verification.changes.judge import judge_changes
from tests.integration.pdf.attacks.letters import AMOUNT, CONTENT, PAGE, letter, text
from tests.integration.pdf.attacks.updates import body_of, revision, stream
from tests.integration.pdf.stamping import stamped

IMAGE = b"/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray"
PICTURE = IMAGE + b"/SMask 21 0 R/Alternates 22 0 R"
DRAWN = b" q 90 0 0 90 72 400 cm /I Do Q /S cs 1 scn 200 400 50 50 re f"
DRAWN += b" BT /T 12 Tf 300 400 Td (a) Tj ET"
TYPE_3 = (
    b"<</Type/Font/Subtype/Type3/FontBBox [0 0 0 0]/FontMatrix [.001 0 0 .001 0 0]/FirstChar 97"
)
TYPE_3 += b"/LastChar 97/Widths [900]/CharProcs <</a 24 0 R>>/Encoding <</Differences [97 /a]>>>>"
SHAPE = b"/Type/XObject/Subtype/Form/BBox [0 0 100 100]"
PARTS: dict[str, tuple[int, bytes, bytes]] = {
    "an image": (20, stream(b"\0\xff\xff\0", PICTURE), stream(b"\xff\0\0\xff", PICTURE)),
    "a soft mask": (21, stream(b"\xff" * 4, IMAGE), stream(b"\0" * 4, IMAGE)),
    "alternate images": (
        22,
        b"[<</Image 21 0 R>>]",
        b"[<</Image 21 0 R/DefaultForPrinting true>>]",
    ),
    "the tint of a spot colour": (
        23,
        b"<</FunctionType 2/Domain [0 1]/C0 [1]/C1 [.2]/N 1>>",
        b"<</FunctionType 2/Domain [0 1]/C0 [1]/C1 [1]/N 1>>",
    ),
    "a procedure of a font": (
        24,
        stream(b"900 0 d0 0 0 800 100 re f"),
        stream(b"900 0 d0 0 0 100 800 re f"),
    ),
    "page labels": (30, b"<</Nums [0 <</S/D>>]>>", b"<</Nums [0 <</S/R>>]>>"),
    "what screen readers say": (
        32,
        b"<</Type/StructElem/S/P/P 31 0 R/Pg 3 0 R/K 0/ActualText (Rp 1.000.000)>>",
        b"<</Type/StructElem/S/P/P 31 0 R/Pg 3 0 R/K 0/ActualText (Rp 9.000.000)>>",
    ),
    "viewer preferences": (33, b"<</Direction/L2R>>", b"<</Direction/R2L/HideWindowUI true>>"),
    "an attached file": (35, stream(b"lampiran"), stream(b"lain")),
    "an associated file": (36, b"<</Type/Filespec/F (a.xml)>>", b"<</Type/Filespec/F (b.xml)>>"),
    "the colours of a press": (37, b"[<</S/GTS_PDFX>>]", b"[<</S/GTS_PDFA1>>]"),
    "a film in the page": (38, b"<</Assets <<>>>>", b"<</Assets <</Names [(a) 35 0 R]>>>>"),
    "the look of a film": (39, stream(b"0 0 9 9 re f", SHAPE), stream(b"0 0 99 99 re f", SHAPE)),
    "a transition": (41, b"<</S/Dissolve>>", b"<</S/Fly/D 99>>"),
    "data of an application": (42, b"<</X <</Private (a)>>>>", b"<</X <</Private (b)>>>>"),
    "an article": (43, b"<</F 44 0 R/I <</Title (a)>>>>", b"<</F 44 0 R/I <</Title (b)>>>>"),
    "an action at opening": (45, b"<</S/Hide/T (a)/H false>>", b"<</S/Hide/T (a)>>"),
}
CATALOG = b"/PageLabels 30 0 R/StructTreeRoot 31 0 R/ViewerPreferences 33 0 R/OutputIntents 37 0 R"
CATALOG += b"/Names <</EmbeddedFiles <</Names [(a) 34 0 R]>>>>/AF [36 0 R]/Threads [43 0 R]"
CATALOG += b"/OpenAction 45 0 R"
OWN = b"/Annots [40 0 R]/Trans 41 0 R/PieceInfo 42 0 R/B [44 0 R]/StructParents 0"
RESOURCES = b"/Font <</F1 5 0 R/T 25 0 R>>/XObject <</I 20 0 R>>"
RESOURCES += b"/ColorSpace <</S [/Separation/Spot/DeviceGray 23 0 R]>>"
OTHERS = {
    CONTENT: stream(text(AMOUNT) + DRAWN),
    PAGE: b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Contents 4 0 R%b/Resources <<%b>>>>"
    % (OWN, RESOURCES),
    25: TYPE_3,
    31: b"<</Type/StructTreeRoot/K 32 0 R/ParentTree <</Nums [0 [32 0 R]]>>>>",
    34: b"<</Type/Filespec/F (a.pdf)/EF <</F 35 0 R>>>>",
    40: b"<</Type/Annot/Subtype/RichMedia/Rect [400 400 500 500]/F 4/RichMediaContent 38 0 R"
    b"/AP <</N 39 0 R>>>>",
    44: b"<</T 43 0 R/P 3 0 R/R [0 0 9 9]/N 44 0 R/V 44 0 R>>",
}


@cache
def issued() -> bytes:
    parts = {number: body for number, body, _ in PARTS.values()}
    return stamped(letter({**OTHERS, **parts}, catalog=CATALOG))


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_is_replaced_alters_the_file(name: str) -> None:
    number, _, other = PARTS[name]
    later = revision(issued(), {number: other})
    assert judge_changes(later, len(issued())).verdict is ChangeVerdict.ALTERED


@pytest.mark.parametrize(
    ("number", "entry"),
    [
        *((1, entry) for entry in (b"/PageMode/UseAttachments", b"/URI <</Base (x)>>")),
        *((1, entry) for entry in (b"/Perms <</DocMDP 4 0 R>>", b"/NeedsRendering true")),
        *((PAGE, entry) for entry in (b"/UserUnit 2", b"/Rotate 180", b"/Dur 1", b"/VP []")),
    ],
)
def test_an_entry_that_is_added_alters_the_file(number: int, entry: bytes) -> None:
    added = {number: body_of(issued(), number)[:-2] + entry + b">>"}
    assert judge_changes(revision(issued(), added), len(issued())).verdict is ChangeVerdict.ALTERED
