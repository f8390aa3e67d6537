"""Sneaky signatures over what is pale or small, and still read by a person."""

from collections.abc import Iterator

from PIL import ImageDraw, ImageFont

from tests.fixtures.documents.papers import DPI, in_pieces, picture, with_noise
from tests.fixtures.documents.pki import authority
from tests.integration.pdf.attacks.attack import COVERED, Attack
from tests.integration.pdf.attacks.letters import AMOUNT, CONTENT, PAGE, letter, text
from tests.integration.pdf.attacks.signing import signed_with_looks
from tests.integration.pdf.attacks.updates import stream
from tests.integration.pdf.stamping import stamped

BOX = (72, 100, 222, 160)
SCANNED = 10
"""The number of the page in files of `in_pieces`."""
WHITE = b"1 g 0 0 150 60 re f"
HOOK = b"100 110 m 112 145 l 120 110 l 104 120 m 117 120 l 130 110 m 150 140 l S "
ZEBRA = b"0.92 g " + b"".join(b"40 %d 200 12 re f " % y for y in range(60, 220, 24))
MILLIARD = b"BT /F1 %d Tf 217 112 Td (MILIAR) Tj ET "
GREY_PAPER = b"0.725 g 0 0 595 400 re f "
SEGMENTS = b"0 G 1 w 100 110 m 100 145 l 120 145 l 120 110 l S 100 127 m 120 127 l S "


def attacks() -> Iterator[Attack]:
    """Renderers differ by less than `showing.MIN_TONE` where the text is very pale."""
    for name, content, *shows in (
        ("grey text of shade 216", grey(216) + at(12)),
        ("grey text of shade 245", grey(245) + at(12), "issued", "issued"),
        ("pale yellow text", b"1 1 0.9 rg " + at(12), "issued", "issued"),
        ("text in outlines", b"0.85 G 1 Tr 0.1 w " + at(12)),
        ("digits of 5 pt", at(5)),
        ("a single full stop", at(6, b".")),
        ("an amount as a watermark", grey(220) + at(30, b"9.000")),
        ("the whole word of a watermark", grey(225) + at(40, b"TIDAK SAH")),
        ("all broad letters of a watermark", grey(225) + at(66, b"SAH")),
        ("the edge of a pale word", grey(216) + MILLIARD % 17),
        ("the edge of a large word on grey paper", GREY_PAPER + grey(150) + MILLIARD % 26),
        ("white text in a pale cell", grey(230) + b"72 100 150 60 re f 1 g " + at(12)),
        ("pale text in a table of two shades", ZEBRA + grey(225) + at(12)),
        ("pale strokes", b"0.94 G 1.2 w " + HOOK, "issued", "issued"),
        ("figures of seven segments", SEGMENTS),
    ):
        yield covered(name, showing(content), *shows)
    yield covered("text in a pattern", _patterned(), "issued")
    yield covered("text of a font of procedures", _procedures(), "issued", "issued")
    yield covered("a pale note", _note(), "issued", "issued")
    yield covered("pale letters of a scan", scan(190), page=SCANNED)


def covered(name: str, original: bytes, *shows: str, page: int = PAGE) -> Attack:
    issued = stamped(original)
    document = signed_with_looks(authority().person, issued, BOX, WHITE, page=page)
    return Attack(f"a signature over {name}", issued, document, COVERED, *shows)


def showing(content: bytes, **parts: bytes) -> bytes:
    return letter({CONTENT: stream(text(AMOUNT) + b" " + content)}, **parts)


def grey(shade: int) -> bytes:
    return b"%.3f g " % (shade / 255)


def at(size: int, written: bytes = AMOUNT) -> bytes:
    return b"BT /F1 %d Tf 76 112 Td (%b) Tj ET " % (size, written)


def _patterned() -> bytes:
    pattern = (
        b"/Pattern <</P <</Type/Pattern/PatternType 2/Shading <</ShadingType 2/Coords [0 0 9 0]%b"
    )
    colours = b"/ColorSpace/DeviceGray/Extend [true true]/Function <</FunctionType 2/Domain [0 1]%b"
    return showing(
        b"/Pattern cs /P scn " + at(12),
        resources=pattern % colours % b"/C0 [.9]/C1 [.9]/N 1>>>>>>>>",
    )


def _procedures() -> bytes:
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox [0 0 0 0]/FontMatrix [.001 0 0 .001 0 0]/FirstChar 97"
    )
    font += b"/LastChar 97/Widths [900]/CharProcs <</a 21 0 R>>/Encoding <</Differences [97 /a]>>>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Contents 4 0 R"
    page += b"/Resources <</Font <</F1 5 0 R/F9 20 0 R>>>>>>"
    content = text(AMOUNT) + b" 0.91 g BT /F9 12 Tf 80 125 Td (aaa) Tj ET"
    drawn = stream(b"900 0 0 0 800 800 d1 0 0 800 100 re 0 0 100 800 re f")
    return letter({CONTENT: stream(content), PAGE: page, 20: font, 21: drawn})


def _note() -> bytes:
    look = b"/Type/XObject/Subtype/Form/BBox [0 0 120 40]/Resources <</Font <</F1 5 0 R>>>>"
    note = b"<</Type/Annot/Subtype/FreeText/Rect [80 110 200 150]/F 4/P 3 0 R/DA (/F1 9 Tf)"
    return letter(
        {
            CONTENT: stream(text(AMOUNT)),
            20: note + b"/Contents (x)/AP <</N 21 0 R>>>>",
            21: stream(grey(232) + b"BT /F1 12 Tf 2 10 Td (%b) Tj ET" % AMOUNT, look),
        },
        page=b"/Annots [20 0 R]",
    )


def scan(shade: int) -> bytes:
    """A letter as a scanner gives it, with an amount of this shade."""
    paper = picture().copy()
    place = (80 / 72 * DPI, paper.height - 135 / 72 * DPI)
    font = ImageFont.load_default(18)
    ImageDraw.Draw(paper).text(place, AMOUNT.decode(), fill=shade, font=font)
    return in_pieces(with_noise(paper))
