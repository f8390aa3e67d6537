"""Signatures on free paper of many kinds: blank, scanned, ruled, with a watermark, in a cell."""

from collections.abc import Iterator

from PIL import Image, ImageDraw

from tests.fixtures.documents.papers import (
    image_page,
    in_pieces,
    lit_unevenly,
    picture,
    ruled,
    with_noise,
)
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import A4
from tests.integration.pdf.attacks.faint_text import (
    BOX,
    SCANNED,
    WHITE,
    ZEBRA,
    at,
    grey,
    showing,
)
from tests.integration.pdf.attacks.letters import PAGE
from tests.integration.pdf.attacks.signing import signed_with_looks
from tests.integration.pdf.honest.addition import Addition
from tests.integration.pdf.stamping import stamped

LINES = b"".join(b"50 %d m 545 %d l S " % (y, y) for y in range(60, 800, 24))
COLUMNS = b"".join(b"%d 40 m %d 800 l S " % (x, x) for x in range(50, 560, 24))
DIAGONAL = b"q %b BT /F1 90 Tf .7 .7 -.7 .7 90 60 Tm (SALINAN) Tj ET Q "


def on_papers() -> Iterator[Addition]:
    for (name, original), page in (
        *((one, SCANNED) for one in _scans()),
        *((one, PAGE) for one in _drawn()),
    ):
        issued = stamped(original)
        document = signed_with_looks(authority().person, issued, BOX, WHITE, page=page)
        yield Addition(f"on {name}", issued, document)


def _scans() -> Iterator[tuple[str, bytes]]:
    letter = picture()
    yield "a scan with noise", in_pieces(with_noise(letter))
    yield "a scan in uneven light", in_pieces(lit_unevenly(letter))
    yield "a scan of ruled paper", in_pieces(with_noise(ruled(letter, shade=190)))
    yield "a pale drawing all over the page", image_page({A4: _crest()})


def _drawn() -> Iterator[tuple[str, bytes]]:
    yield "ruled paper", showing(b"0.7 G 0.5 w " + LINES)
    yield "squared paper", showing(b"0.8 0.88 1 RG 0.3 w " + LINES + COLUMNS)
    yield "a diagonal watermark", showing(DIAGONAL % grey(225))
    yield "a level watermark", showing(grey(228) + b"BT /F1 110 Tf 60 95 Td (DRAFT) Tj ET")
    mark = b"1 g " + at(8, b"*ttd1*") + b"0 G 74 111 m 210 111 l S"
    yield "a white mark for software", showing(mark)
    yield "invisible text", showing(b"3 Tr " + at(12, b"Ttd"))
    yield "a framed cell", showing(grey(235) + b"60 90 180 90 re f 60 90 180 90 re S")
    yield "a table of two shades", showing(ZEBRA)
    table = b"70 98 154 64 re S 70 120 m 224 120 l S 150 98 m 150 162 l S"
    yield "the lines of a table", showing(table)


def _crest() -> Image.Image:
    drawn = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(drawn)
    for radius in range(40, 800, 40):
        box = (620 - radius, 1000 - radius, 620 + radius, 1000 + radius)
        pen.ellipse(box, outline=228, width=6 if radius % 80 else 18)
    for across in range(0, 1240, 100):
        pen.line(((across, 0), (1240 - across, 1754)), fill=232, width=5)
    return drawn
