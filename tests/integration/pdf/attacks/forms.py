"""Fields that are filled in later: the value against what is drawn, and the form's own keys."""

import re
from collections.abc import Iterator
from io import BytesIO

import pikepdf

from meterai.domain.stamping.verdicts import Verdict
from tests.integration.pdf.attacks.attack import ALTERED, COVERED, Attack
from tests.integration.pdf.attacks.letters import AMOUNT, FORM_TEXT, PAGE, form, letter
from tests.integration.pdf.attacks.updates import (
    body_of,
    encryption_of,
    next_number,
    revision,
    stream,
)
from tests.integration.pdf.stamping import stamped

LOOK = b"/Type/XObject/Subtype/Form/BBox [0 0 200 20]/Resources <</Font <</F1 5 0 R>>>>"


def attacks() -> Iterator[Attack]:
    issued = form()
    new = next_number(issued)
    field, page, catalog = (body_of(issued, number) for number in (FORM_TEXT, PAGE, 1))
    other = stream(b"/Tx BMC BT /F1 12 Tf 2 6 Td (Rp 9.000.000) Tj ET EMC", LOOK)
    valued = field.replace(b"/V (Rp 1.000.000)", b"/V (Rp 9.000.000)")
    drawn = valued.replace(b"/N 21 0 R", b"/N %d 0 R" % new)

    def case(name: str, bodies: dict[int, bytes], verdict: Verdict, *shows: str) -> Attack:
        shown = shows * 2 if len(shows) < 2 else shows
        return Attack(
            name, issued, revision(issued, bodies), verdict, *(shown or ("other", "other"))
        )

    yield case("a value and its look", {FORM_TEXT: drawn, new: other}, COVERED)
    yield case("a value without its look", {FORM_TEXT: valued}, COVERED, "issued")
    yield case("a look without its value", {21: other}, COVERED)
    no_look = field.replace(b"/AP <</N 21 0 R>>", b"")
    yield case("the look is taken away", {FORM_TEXT: no_look}, COVERED, "other", "issued")
    needs = catalog.replace(b"/AcroForm <<", b"/AcroForm <</NeedAppearances true")
    yield case("values are drawn anew", {FORM_TEXT: valued, 1: needs}, COVERED)
    yield case("NeedAppearances alone", {1: needs}, COVERED)
    yield case("the field is moved", {FORM_TEXT: field.replace(b"[72 600", b"[72 610")}, ALTERED)
    yield case("the field is hidden", {FORM_TEXT: field.replace(b"/F 4", b"/F 2")}, ALTERED)
    yield case(
        "the field is another kind",
        {FORM_TEXT: field.replace(b"/FT/Tx", b"/FT/Btn")},
        ALTERED,
        "other",
        "issued",
    )
    named = field.replace(b"(jumlah)", b"(lain)")
    yield case("the field is renamed", {FORM_TEXT: named}, ALTERED, "issued")
    looks = catalog.replace(b"/DA (/F1 12 Tf 0 g)", b"/DA (/F1 30 Tf 1 0 0 rg)")
    yield case("the form's default look", {1: looks}, ALTERED, "issued")
    fonts = catalog.replace(b"/F1 5 0 R", b"/F1 <</Type/Font/Subtype/Type1/BaseFont/Symbol>>")
    yield case("the form's default font", {1: fonts}, ALTERED, "issued")
    xfa = catalog.replace(b"/AcroForm <<", b"/AcroForm <</XFA (x)")
    yield case("an XFA form is added", {1: xfa}, ALTERED, "issued")
    cut = catalog.replace(b"/Fields [20 0 R 22 0 R", b"/Fields [22 0 R")
    yield case("the field is cut out of the form", {1: cut}, ALTERED, "issued")
    added = b"<</Type/Annot/Subtype/Widget/FT/Tx/T (baru)/F 4/P 3 0 R/Rect [150 692 270 722]%b" % (
        b"/DA (/F1 12 Tf 0 g)/V (9)/AP <</N %d 0 R>>>>" % new
    )
    bodies = {
        PAGE: page.replace(b"/Annots [", b"/Annots [%d 0 R " % (new + 1)),
        1: catalog.replace(b"/Fields [", b"/Fields [%d 0 R " % (new + 1)),
        new: other,
        new + 1: added,
    }
    yield case("a new text field", bodies, COVERED)
    yield from _gained_fonts()


TEXT_FIELD = b"<</Type/Annot/Subtype/Widget/FT/Tx/T (jumlah)/V (%b)/F 4/P 3 0 R" % AMOUNT
BOX = b"/Rect [72 600 272 620]>>"
NAMES_F1_AND_F9 = b"\xfe\xff" + "/F1 12 Tf ".encode("utf-16-be") + b" /F9 12 Tf 0 g "


def _gained_fonts() -> Iterator[Attack]:
    """The form gains a font with which poppler draws a field, and pdfium does not."""
    names = b"/DA (/F9 12 Tf 0 g)"
    beyond = TEXT_FIELD.replace(b"(%b)" % AMOUNT, b"<feff0052007000200416>")
    issued, document = font_gained(
        beyond + b"/DA (/F1 12 Tf 0 g)" + BOX, key=b"popplerfont7", base=b"DejaVu#20Sans#20Book"
    )
    name = "the font for characters that a field's font lacks"
    yield Attack(name, issued, document, COVERED, "issued", "issued")  # newer poppler uses it
    look = stream(b"/Tx BMC BT /F9 12 Tf (%b) Tj ET EMC" % AMOUNT, LOOK.partition(b"/Res")[0])
    issued, document = font_gained(TEXT_FIELD + b"/AP <</N 30 0 R>>" + names + BOX, look=look)
    name = "the font that an appearance without resources lacks"
    yield Attack(name, issued, document, COVERED, "issued", "issued")
    yield _font_gained_in_an_encrypted_file(TEXT_FIELD + b"/AP <</N 30 0 R>>" + names + BOX, look)
    button = b"<</Type/Annot/Subtype/Widget/FT/Btn/T (setuju)/AS/Yes/MK <</CA (l)>>/F 4/P 3 0 R"
    for name, field, key in (
        ("a field lacks", names, b"F9"),
        ("a field lacks, by an escaped name", b"/DA (/F#39 12 Tf 0 g)", b"F9"),
        ("a field lacks, by a name before a null", b"/DA (/F9\\000 12 Tf 0 g)", b"F9"),
        ("a field lacks, by a name with a null in it", names, b"F9#00x"),
        ("a field lacks, by a name with a space", b"/DA (/F9\\240 12 Tf 0 g)", b"F9\xa0"),
        ("a field lacks, in UTF-16", b"/DA <%b>" % NAMES_F1_AND_F9.hex().encode(), b"F9"),
        ("a field with null for kids lacks", b"/Kids null" + names, b"F9"),
        ("a field with an empty appearance lacks", b"/AP <</N <<>>>>" + names, b"F9"),
    ):
        issued, document = font_gained(TEXT_FIELD + field + BOX, key=key)
        yield Attack(f"the font that {name}", issued, document, COVERED, "issued")
    issued, document = font_gained(TEXT_FIELD + names + BOX, fields=b"")
    yield Attack("the font that an unlisted field lacks", issued, document, COVERED, "issued")
    issued, document = font_gained(button + b"/DA (/F1 12 Tf 0 g)" + BOX, key=b"ZaDb")
    yield Attack("the font of marks", issued, document, COVERED, "issued")


def _font_gained_in_an_encrypted_file(field: bytes, look: bytes) -> Attack:
    """The appearance without resources is not deflated, so that its ciphertext looks readable."""
    original = letter(
        {FORM_TEXT: field, 30: look},
        catalog=b"/AcroForm <</Fields [20 0 R]/DR <</Font <</F1 5 0 R>>>>>>",
        page=b"/Annots [20 0 R]",
    )
    encrypted = BytesIO()
    with pikepdf.open(BytesIO(original)) as opened:
        lock = pikepdf.Encryption(owner="pemilik", user="")
        opened.save(encrypted, encryption=lock, compress_streams=False)
    issued = stamped(encrypted.getvalue())
    new = next_number(issued)
    catalog = re.sub(rb"/Font\s*<<", b"/Font <</F9 %d 0 R" % new, body_of(issued, 1))
    assert b"/F9" in catalog
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"
    document = revision(issued, {1: catalog, new: font}, extra=encryption_of(issued))
    name = "the font that an appearance without resources lacks, in an encrypted file"
    return Attack(name, issued, document, COVERED, "issued", "issued")


def font_gained(
    field: bytes = TEXT_FIELD + b"/DA (/F1 12 Tf 0 g)" + BOX,
    *,
    key: bytes = b"F9",
    fields: bytes = b"20 0 R",
    base: bytes = b"x",
    look: bytes = b"null",
) -> tuple[bytes, bytes]:
    """A page has this field, the form lists `fields`, and gains a font called `key`. Issued and
    later."""
    fonts = b"/DR <</Font <</F1 5 0 R>>>>"
    original = letter(
        {FORM_TEXT: field, 30: look},
        catalog=b"/AcroForm <</Fields [%b]%b>>" % (fields, fonts),
        page=b"/Annots [20 0 R]",
    )
    issued = stamped(original)
    new = next_number(issued)
    catalog = body_of(issued, 1)
    more = catalog.replace(fonts, fonts[:-4] + b"/%b %d 0 R>>>>" % (key, new))
    assert more != catalog
    font = b"<</Type/Font/Subtype/Type3/BaseFont/%b/FontMatrix [.001 0 0 .001 0 0]" % base
    font += b"/FontBBox [0 0 1000 1000]"
    font += b"/FirstChar 32/LastChar 126/Widths [%b]/CharProcs <</a %d 0 R>>" % (
        b"900 " * 95,
        new + 1,
    )
    font += b"/Encoding <</Type/Encoding/Differences [32 %b]>>>>" % (b"/a" * 95)
    bodies = {1: more, new: font, new + 1: stream(b"900 0 d0 0 0 800 800 re f")}
    return issued, revision(issued, bodies)
