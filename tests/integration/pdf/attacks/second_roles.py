"""An object that a signature may change, and that a page uses as well."""

from collections.abc import Iterator

from tests.fixtures.documents.pki import authority
from tests.integration.pdf.attacks.attack import ALTERED, COVERED, Attack
from tests.integration.pdf.attacks.letters import AMOUNT, CONTENT, EVIL, PAGE, letter, text
from tests.integration.pdf.attacks.signing import signed_with_looks
from tests.integration.pdf.attacks.updates import body_of, next_number, revision, stream
from tests.integration.pdf.stamping import stamped

SHAPE = b"/Type/XObject/Subtype/Form/BBox [0 0 595 842]/Resources <</Font <</F1 5 0 R>>>>"
SHOWN = stream(text(AMOUNT, 570), SHAPE)
OTHER = stream(b"0 0 1 rg 72 400 200 100 re f", SHAPE)


def attacks() -> Iterator[Attack]:
    yield from _validation_data()
    yield from _information()
    yield from _catalog()
    yield from _pages_and_fields()
    yield _resources_of_form()
    yield _page_as_colours()
    yield from _strings()


def _drawing(key: bytes) -> dict[int, bytes]:
    """The content draws the XObject of this name."""
    return {CONTENT: stream(text(AMOUNT) + b" /%b Do" % key)}


def _validation_data() -> Iterator[Attack]:
    issued = stamped(letter(catalog=b"/DSS <</VRI <</A 3 0 R>>>>"))
    document = revision(issued, {CONTENT: EVIL})
    yield Attack("a page is called validation data", issued, document, ALTERED)
    drawn = {**_drawing(b"DSS"), 20: SHOWN}
    issued = stamped(letter(drawn, catalog=b"/DSS 20 0 R", resources=b"/XObject 1 0 R"))
    document = revision(issued, {20: OTHER})
    yield Attack("validation data are drawn by way of the catalog", issued, document, ALTERED)


def _information() -> Iterator[Attack]:
    drawn = {**_drawing(b"Title"), 20: b"<</Title 21 0 R>>", 21: SHOWN}
    original = letter(drawn, resources=b"/XObject 20 0 R")
    issued = stamped(revision(original, {}, extra=b"/Info 20 0 R"))
    new = next_number(issued)
    other = {20: b"<</Title %d 0 R>>" % new, new: OTHER}
    document = revision(issued, other, extra=b"/Info 20 0 R")
    yield Attack("the document information names what is drawn", issued, document, ALTERED)


def _catalog() -> Iterator[Attack]:
    drawn = {**_drawing(b"Metadata"), 20: SHOWN}
    issued = stamped(letter(drawn, catalog=b"/Metadata 20 0 R", resources=b"/XObject 1 0 R"))
    new = next_number(issued)
    catalog = body_of(issued, 1).replace(b"/Metadata 20 0 R", b"/Metadata %d 0 R" % new)
    document = revision(issued, {1: catalog, new: OTHER})
    yield Attack("the catalog names what is drawn", issued, document, ALTERED)


def _pages_and_fields() -> Iterator[Attack]:
    issued = stamped(letter(_drawing(b"Tabs"), resources=b"/XObject 3 0 R"))
    new = next_number(issued)
    page = body_of(issued, PAGE)[:-2] + b"/Tabs %d 0 R>>" % new
    document = revision(issued, {PAGE: page, new: OTHER})
    yield Attack("a page names what is drawn", issued, document, ALTERED)
    drawn = {
        **_drawing(b"AP"),
        20: b"<</Type/Annot/Subtype/Widget/FT/Sig/T (Pihak)/Rect [0 0 0 0]/F 4/P 3 0 R>>",
    }
    issued = stamped(
        letter(
            drawn,
            catalog=b"/AcroForm <</Fields [20 0 R]>>",
            page=b"/Annots [20 0 R]",
            resources=b"/XObject 20 0 R",
        )
    )
    new = next_number(issued)
    value = b"<</Type/Sig/Filter/Adobe.PPKLite/ByteRange [0 0 0 0]/Contents <00>>>"
    field = body_of(issued, 20)[:-2] + b"/AP %d 0 R/V %d 0 R>>" % (new, new + 1)
    document = revision(issued, {20: field, new: OTHER, new + 1: value})
    yield Attack("a signature field names what is drawn", issued, document, ALTERED)


def _resources_of_form() -> Attack:
    """They are those of the page as well, which gains its colour space for grey."""
    original = letter(
        {
            CONTENT: stream(b"0.5 g 72 300 200 200 re f"),
            20: b"<</Font <</F1 5 0 R>>>>",
            PAGE: b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Contents 4 0 R"
            b"/Resources 20 0 R>>",
        },
        catalog=b"/AcroForm <</Fields []/DR 20 0 R>>",
    )
    issued = stamped(original)
    grey = b"[/CalGray <</WhitePoint [0.9505 1 1.089]/Gamma 0.01>>]"
    more = {20: b"<</Font <</F1 5 0 R>>/ColorSpace <</DefaultGray %b>>>>" % grey}
    name = "the form's resources are the page's"
    return Attack(name, issued, revision(issued, more), ALTERED, "issued")


def _page_as_colours() -> Attack:
    """The first page draws with a colour that is named /Annots in the second."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Contents 22 0 R"
    page += b"/Annots [/Indexed/DeviceRGB 1 <ff00000000ff>]>>"
    objects = {
        2: b"<</Type/Pages/Kids [3 0 R 21 0 R]/Count 2>>",
        CONTENT: stream(b"/Annots cs 1 sc 72 400 200 100 re f"),
        21: page,
        22: stream(b""),
    }
    issued = stamped(letter(objects, resources=b"/ColorSpace 21 0 R"))
    document = signed_with_looks(authority().person, issued, (9, 9, 99, 99), b"", page=21)
    return Attack("a page names a colour that is drawn", issued, document, COVERED)


def _strings() -> Iterator[Attack]:
    """A string that is not text is compared byte by byte."""
    shades = bytes([255, 0, 255, 255, 0, 0, 0, 0])
    image = stream(
        bytes([1, 2, 3, 4, 1, 2, 3, 4]),
        b"/Type/XObject/Subtype/Image/Width 8/Height 1/BitsPerComponent 8/ColorSpace 21 0 R",
    )
    palette = b"[/Indexed/DeviceGray 7 <%b>]"
    drawn = {
        CONTENT: stream(text(AMOUNT) + b" q 180 0 0 180 72 300 cm /X Do Q"),
        20: image,
        21: palette % shades.hex().encode(),
    }
    issued = stamped(letter(drawn, resources=b"/XObject <</X 20 0 R>>"))
    as_text = b"\xfe\xff" + b"".join(bytes((0, shade)) for shade in shades)
    document = revision(issued, {21: palette % as_text.hex().encode()})
    yield Attack("a palette written as UTF-16", issued, document, ALTERED)
    content = stream(b"/Annots cs 1 sc 72 400 200 100 re f")
    listed = b"/Annots [/Indexed/DeviceRGB 1 <ff00000000ff>]"
    original = letter({CONTENT: content}, page=listed, resources=b"/ColorSpace 3 0 R")
    issued = stamped(original)
    page = body_of(issued, PAGE)
    other = page.replace(b"<ff00000000ff>", b"<feff00ff000000000000000000ff>")
    assert other != page
    document = revision(issued, {PAGE: other})
    name = "colours among the annotations written as UTF-16"
    yield Attack(name, issued, document, ALTERED, "other", "issued")
