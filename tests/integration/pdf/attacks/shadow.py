"""Shadow attacks: the letter is prepared before it is stamped (NDSS 2021)."""

from collections.abc import Iterator

from tests.integration.pdf.attacks.attack import ALTERED, COVERED, Attack
from tests.integration.pdf.attacks.letters import (
    CONTENT,
    EVIL,
    OTHER_AMOUNT,
    PAGE,
    letter,
    text,
)
from tests.integration.pdf.attacks.updates import (
    body_of,
    closed,
    next_number,
    revision,
    stream,
    trailer_of,
)
from tests.integration.pdf.stamping import stamped

FORM_XOBJECT = b"/Type/XObject/Subtype/Form/BBox [0 0 595 842]"
WHITE = b"1 g 60 560 400 40 re f"


def attacks() -> Iterator[Attack]:
    yield from _hide()
    yield from _replace()
    yield from _hide_and_replace()


def _hide() -> Iterator[Attack]:
    """A layer over another text is taken away."""
    both = {
        CONTENT: stream(b"%b %b /X Do" % (text(b"Rp 1.000.000"), text(OTHER_AMOUNT, 570))),
        20: stream(WHITE, FORM_XOBJECT),
    }
    issued = stamped(letter(both, resources=b"/XObject <</X 20 0 R>>"))
    gone = {20: stream(b"", FORM_XOBJECT)}
    yield Attack("the layer is emptied", issued, revision(issued, gone), ALTERED)
    rows = b"20 1\n0000000000 00001 f \n"
    yield Attack(
        "the layer is freed",
        issued,
        closed(issued, rows, trailer_of(issued)),
        ALTERED,
        "issued",
        "issued",
    )
    page = body_of(issued, PAGE)
    cut = {PAGE: page.replace(b"/XObject <</X 20 0 R>>", b"")}
    yield Attack("the layer is cut out", issued, revision(issued, cut), ALTERED)

    covered = {
        CONTENT: both[CONTENT].replace(b" /X Do", b"      "),
        21: b"<</Type/Annot/Subtype/Square/Rect [60 560 460 600]/F 4/P 3 0 R/AP <</N 20 0 R>>>>",
        20: stream(WHITE, FORM_XOBJECT.replace(b"[0 0 595 842]", b"[60 560 460 600]")),
    }
    issued = stamped(letter(covered, page=b"/Annots [21 0 R]"))
    annotation = body_of(issued, 21)
    yield Attack(
        "the annotation on top is hidden",
        issued,
        revision(issued, {21: annotation.replace(b"/F 4", b"/F 2")}),
        ALTERED,
    )
    page = body_of(issued, PAGE)
    yield Attack(
        "the annotation on top is cut out",
        issued,
        revision(issued, {PAGE: page.replace(b"21 0 R ", b"")}),
        ALTERED,
    )


def _replace() -> Iterator[Attack]:
    """Objects that look harmless: fonts, and fields over the content."""
    glyphs = stream(b"600 0 0 0 600 700 d1 0 0 400 700 re f")
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox [0 0 600 700]/FontMatrix [.001 0 0 .001 0 0]"
        b"/Encoding <</Differences [49 /one]>>/CharProcs <</one 21 0 R>>"
        b"/FirstChar 49/LastChar 49/Widths [600]>>"
    )
    prepared = {
        CONTENT: stream(text(b"Rp 1.000.000") + b" BT /F2 18 Tf 72 650 Td (1) Tj ET"),
        20: font,
        21: glyphs,
    }
    issued = stamped(letter(prepared, resources=b"/Font <</F1 5 0 R/F2 20 0 R>>"))
    other = {21: stream(b"600 0 0 0 600 700 d1 0 300 600 100 re f")}
    yield Attack("a glyph is replaced", issued, revision(issued, other), ALTERED)

    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T (lampiran)/F 4/P 3 0 R/DA (/F1 18 Tf 0 g)"
        b"/Rect [72 690 472 720]/AP <</N 21 0 R>>>>"
    )
    shape = b"/Type/XObject/Subtype/Form/BBox [0 0 400 30]/Resources <</Font <</F1 5 0 R>>>>"
    prepared = {20: field, 21: stream(b"", shape)}
    catalog = b"/AcroForm <</Fields [20 0 R]/DR <</Font <</F1 5 0 R>>>>/DA (/F1 18 Tf 0 g)>>"
    issued = stamped(letter(prepared, catalog=catalog, page=b"/Annots [20 0 R]"))
    over = stream(b"1 g 0 0 400 30 re f 0 g BT /F1 18 Tf 2 10 Td (Rp 9.000.000) Tj ET", shape)
    yield Attack("a field is drawn over the content", issued, revision(issued, {21: over}), COVERED)
    value = {20: body_of(issued, 20)[:-2] + b"/V (Kuitansi: Rp 9.000.000)>>", 21: over}
    yield Attack("a field is filled in over the content", issued, revision(issued, value), COVERED)


def _hide_and_replace() -> Iterator[Attack]:
    """The content to be shown is in the issued bytes already, where nothing refers to it."""
    stale = letter({CONTENT: EVIL, 6: b"null"})
    hidden_at = stale.index(b"4 0 obj")
    body = stale[hidden_at : stale.index(b"endobj", hidden_at) + 7]
    original = letter()
    first_table = original.index(b"xref\n0 1")
    comment_at = original.index(b"1 0 obj")
    prepared = _with_hidden_body(original, body, comment_at, first_table)
    issued = stamped(prepared)
    at = issued.index(body)
    rows = b"4 1\n%010d 00000 n \n" % at
    document = closed(issued, rows, trailer_of(issued))
    yield Attack("an entry leads to a hidden body", issued, document, ALTERED)

    issued = stamped(letter(contents=b"[4 0 R 77 0 R]"))
    yield Attack("a missing object is supplied", issued, revision(issued, {77: EVIL}), ALTERED)
    apart = {6: b"[4 0 R 77 %comment\n0 R]"}
    issued = stamped(letter(apart, contents=b"6 0 R"))
    yield Attack(
        "a missing object is supplied, its reference written with a comment",
        issued,
        revision(issued, {77: EVIL}),
        ALTERED,
    )
    issued = stamped(letter({6: b"<</Length 20>>"}, catalog=b"/Metadata 4 0 R"))
    yield Attack("the content is called metadata", issued, revision(issued, {4: EVIL}), ALTERED)
    issued = stamped(letter({20: EVIL}, page=b"/PieceInfo <</X 20 0 R>>"))
    page = body_of(issued, PAGE).replace(b"/Contents 4 0 R", b"/Contents 20 0 R")
    yield Attack(
        "a hidden stream becomes the content", issued, revision(issued, {PAGE: page}), ALTERED
    )

    number = next_number(issued)
    aliased = {
        CONTENT: stream(text(b"Rp 1.000.000") + b" /X Do"),
        20: stream(b"", FORM_XOBJECT + b"/Resources <</Font <</F1 5 0 R>>>>"),
        21: b"<</Certs [20 0 R]>>",
    }
    issued = stamped(letter(aliased, catalog=b"/DSS 21 0 R", resources=b"/XObject <</X 20 0 R>>"))
    shown = stream(text(OTHER_AMOUNT, 570), FORM_XOBJECT + b"/Resources <</Font <</F1 5 0 R>>>>")
    del number
    yield Attack("validation data are on the page", issued, revision(issued, {20: shown}), ALTERED)


def _with_hidden_body(original: bytes, body: bytes, at: int, table_at: int) -> bytes:
    """The letter with an unlisted body before its first object; the table is written anew."""
    written = original[:at] + body + original[at:table_at]
    moved = len(body)
    lines = original[table_at:].split(b"trailer")[0].splitlines()[1:]
    rows = b"".join(
        (b"%010d%b" % (int(line[:10]) + moved, line[10:]) if line.endswith(b" n ") else line)
        + b"\n"
        for line in lines
    )
    trailer = original[table_at:].split(b"trailer")[1].split(b"startxref")[0]
    start = len(written)
    return written + b"xref\n%btrailer%bstartxref\n%d\n%%%%EOF\n" % (rows, trailer, start)
