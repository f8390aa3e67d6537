"""Evil annotations and sneaky signatures: additions that cover the text (S&P 2021)."""

from collections.abc import Iterator

from tests.fixtures.documents.pki import authority
from tests.integration.pdf.attacks.attack import ALTERED, COVERED, Attack
from tests.integration.pdf.attacks.letters import AMOUNT, CONTENT, PAGE, form, letter, plain, text
from tests.integration.pdf.attacks.signing import signed_with_looks
from tests.integration.pdf.attacks.updates import body_of, next_number, revision, stream
from tests.integration.pdf.honest.signing import signed
from tests.integration.pdf.stamping import stamped

Box = tuple[int, int, int, int]

ON_THE_AMOUNT: Box = (150, 692, 270, 722)
BEFORE_THE_AMOUNT: Box = (152, 698, 166, 716)
BRIGHT = b"1 0.3 0.3 rg 100 600 200 150 re f 0.3 0.6 0.56 rg %b"
CLEAR: Box = (72, 100, 222, 160)


def attacks() -> Iterator[Attack]:
    yield from _annotations()
    yield from _signatures()
    yield from _tricks()
    yield from _on_odd_pages()


def _annotations() -> Iterator[Attack]:
    issued = plain()
    new = next_number(issued)
    page = body_of(issued, PAGE)
    listed = page.replace(b"/Annots [", b"/Annots [%d 0 R " % new)
    assert listed != page
    look = stream(
        b"1 g 0 0 120 30 re f 0 g BT /F1 18 Tf 2 10 Td (9.000.000) Tj ET",
        b"/Type/XObject/Subtype/Form/BBox [0 0 120 30]/Resources <</Font <</F1 5 0 R>>>>",
    )
    for subtype in (b"FreeText", b"Stamp", b"Square", b"Redact", b"Watermark", b"Line"):
        annotation = b"<</Type/Annot/Subtype/%b/Rect [150 692 270 722]/F 4/P 3 0 R%b" % (
            subtype,
            b"/L [150 692 270 722]/AP <</N %d 0 R>>/Contents ()/DA (/F1 9 Tf)>>" % (new + 1),
        )
        bodies = {PAGE: listed, new: annotation, new + 1: look}
        name = f"a {subtype.decode()} annotation over the amount"
        yield Attack(name, issued, revision(issued, bodies), COVERED)
    link = (
        b"<</Type/Annot/Subtype/Link/Rect [150 692 270 722]/Border [0 0 0]/A <</S/URI/URI (x:)>>>>"
    )
    document = revision(issued, {PAGE: listed, new: link})
    yield Attack("a link over the amount", issued, document, COVERED, "issued", "issued")
    highlight = b"<</Type/Annot/Subtype/Highlight/Rect [150 692 270 722]/F 4/C [1 1 0]%b>>" % (
        b"/QuadPoints [150 722 270 722 150 692 270 692]"
    )
    yield Attack("a highlight", issued, revision(issued, {PAGE: listed, new: highlight}), COVERED)
    printed = b"<</Type/Annot/Subtype/Stamp/Rect [150 692 270 722]/F 36/AP <</N %d 0 R>>>>" % (
        new + 1
    )
    document = revision(issued, {PAGE: listed, new: printed, new + 1: look})
    yield Attack("a stamp that only prints", issued, document, COVERED, "issued", "issued")


def _signatures() -> Iterator[Attack]:
    issued = plain()
    for name, box, look in (
        ("a signature over the amount", ON_THE_AMOUNT, b"1 g 0 0 120 30 re f"),
        ("a nine before the amount", BEFORE_THE_AMOUNT, b"0 g 2 2 6 12 re f"),
        ("a signature on the e-meterai", (310, 260, 370, 320), b"1 0 0 rg 0 0 60 60 re f"),
        ("a signature over half of the page", (30, 5, 565, 245), b"0 0 500 200 re S"),
    ):
        document = signed_with_looks(authority().person, issued, box, look)
        shown = "issued" if "e-meterai" in name else "other"  # it is drawn below the e-meterai
        yield Attack(name, issued, document, COVERED, shown, shown)
    for name, content in (
        ("a signature over yellow text", b"1 1 0 rg %b" % text(AMOUNT)),
        ("a signature over text as bright as its paper", BRIGHT % text(AMOUNT)),
    ):
        issued = stamped(letter({CONTENT: stream(content)}))
        document = signed_with_looks(authority().person, issued, ON_THE_AMOUNT, b"0 0 120 30 re f")
        yield Attack(name, issued, document, COVERED)
    blank = stamped(letter(contents=b"null"))
    look = b"BT /F1 18 Tf 9 300 Td (Surat pernyataan) Tj ET"
    document = signed_with_looks(authority().person, blank, (40, 400, 560, 820), look)
    yield Attack("a signature over a blank page", blank, document, COVERED)


def _on_odd_pages() -> Iterator[Attack]:
    """What the page inherits, or says of its place, moves neither the amount nor the signature."""
    page = b"<</Type/Page/Parent 2 0 R%b/Contents 4 0 R/Resources <</Font <</F1 5 0 R>>>>>>"
    sheet = b"/MediaBox [0 0 595 842]"
    for name, own, inherited in (
        ("turned by what it inherits", sheet, b"/Rotate 270"),
        ("cropped by what it inherits", sheet, b"/CropBox [50 300 595 842]"),
        ("whose box it inherits", b"", b"/MediaBox [-50 -20 595 842]"),
        ("in units of its own", sheet + b"/UserUnit 2", b""),
    ):
        objects = {
            2: b"<</Type/Pages/Kids [3 0 R]/Count 1%b>>" % inherited,
            PAGE: page % own,
        }
        issued = stamped(letter(objects))
        look = b"1 g 0 0 120 30 re f"
        document = signed_with_looks(authority().person, issued, ON_THE_AMOUNT, look)
        yield Attack(f"a signature over the amount on a page {name}", issued, document, COVERED)


def _on_two_pages() -> Attack:
    """The field is empty, in a clear place of the first page, and over the amount of the second."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Contents %b/Annots [20 0 R]"
    page += b"/Resources <</Font <</F1 5 0 R>>>>>>"
    widget = b"<</Type/Annot/Subtype/Widget/FT/Sig/T (Pihak)/F 4/P 3 0 R/Rect [%d %d %d %d]>>"
    objects = {
        2: b"<</Type/Pages/Kids [3 0 R 21 0 R]/Count 2>>",
        PAGE: page % b"null",
        20: widget % ON_THE_AMOUNT,
        21: page % b"4 0 R",
    }
    issued = stamped(letter(objects, catalog=b"/AcroForm <</Fields [20 0 R]>>"))
    name = "a field on two pages is signed"
    return Attack(name, issued, signed(issued, field="Pihak"), COVERED)


def _tricks() -> Iterator[Attack]:
    issued = plain()
    for name, entries, verdict, shows in (
        ("a signature with a mouse-over look", b"/AP <</N %d 0 R/R %d 0 R>>", COVERED, "other"),
        ("a signature that does not scale", b"/F 12/AP <</N %d 0 R>>", COVERED, "other"),
        (
            "a signature with an action",
            b"/F 4/AP <</N %d 0 R>>/AA <</PO <</S/Named/N/Print>>>>",
            ALTERED,
            "other",
        ),
        (
            "a signature in a layer",
            b"/F 4/AP <</N %d 0 R>>/OC <</Type/OCG/Name (x)>>",
            COVERED,
            "other",
        ),
    ):
        document = signed_with_looks(
            authority().person, issued, CLEAR, b"0 0 150 60 re f", entries=entries
        )
        yield Attack(name, issued, document, verdict, shows, shows)
    document = signed_with_looks(
        authority().person, issued, CLEAR, b"0 0 150 60 re f", covers=False
    )
    yield Attack("a signature that does not cover its revision", issued, document, COVERED)
    yield from _no_widgets()
    yield from _unsigned()
    yield _on_two_pages()
    issued = form()
    document = signed_with_looks(authority().person, issued, CLEAR, b"", name="jumlah")
    yield Attack("a second field of the same name", issued, document, ALTERED, "issued", "issued")


def _no_widgets() -> Iterator[Attack]:
    """What readers show in different ways, or at another place than the box says."""
    issued = plain()
    who = authority().person
    look = b"0 0 150 60 re S"
    for subtype, pdfium in ((b"/Popup", "issued"), (b"/Watermark", "other"), (b"/Link", "other")):
        document = signed_with_looks(who, issued, CLEAR, look, subtype=subtype)
        name = f"a signature field that is a {subtype.decode()}"
        yield Attack(name, issued, document, COVERED, pdfium)
    document = signed_with_looks(who, issued, CLEAR, look, more_corners=b" 9")
    yield Attack("a box of five numbers", issued, document, COVERED, "issued", "issued")


def _unsigned() -> Iterator[Attack]:
    """Annotations that only look like signatures: anybody may add them."""
    issued = plain()
    who = authority().person
    look = b"BT /F1 18 Tf 2 10 Td (Rp 9.000.000) Tj ET"
    empty = signed_with_looks(who, issued, CLEAR, look)
    value = b"/V %d 0 R" % (next_number(issued) + 2)
    empty = empty.replace(value, b" " * len(value))
    yield Attack("an empty field that shows text", issued, empty, COVERED)
    other = signed_with_looks(who, issued, CLEAR, look, is_of_file=False)
    yield Attack("a signature of another file", issued, other, COVERED)
    at = other.index(b"/Contents <30") + len(b"/Contents <")
    zeros = other[:at] + b"0" * 2_000 + other[at + 2_000 :]
    yield Attack("a signature without a value", issued, zeros, COVERED)
