"""Letters about an amount of money, stamped, in the structures that attacks are prepared in."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO

import pikepdf

from tests.fixtures.documents.plain import assemble
from tests.integration.pdf.attacks.updates import stream
from tests.integration.pdf.stamping import stamped

AMOUNT, OTHER_AMOUNT = b"Rp 1.000.000", b"Rp 9.000.000"
PAGE, CONTENT, FONT = 3, 4, 5


def text(amount: bytes, y: int = 700) -> bytes:
    return b"BT /F1 18 Tf 72 %d Td (Kuitansi: %b) Tj ET" % (y, amount)


CONTENT_STREAM = stream(text(AMOUNT))
EVIL = stream(text(OTHER_AMOUNT))


def letter(
    objects: Mapping[int, bytes] | None = None,
    *,
    catalog: bytes = b"",
    page: bytes = b"",
    contents: bytes = b"4 0 R",
    resources: bytes = b"",
) -> bytes:
    """An unstamped letter of one page: object 3, its content in object 4."""
    bodies = {
        1: b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
        2: b"<</Type/Pages/Kids [3 0 R]/Count 1>>",
        PAGE: b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Contents %b"
        b"/Resources <</Font <</F1 5 0 R>>%b>>%b>>" % (contents, resources, page),
        CONTENT: CONTENT_STREAM,
        FONT: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        **(objects or {}),
    }
    return assemble({number: body.decode("latin-1") for number, body in bodies.items()})


@cache
def plain() -> bytes:
    return stamped(letter())


@cache
def compressed() -> bytes:
    """With object streams and a cross-reference stream."""
    made = BytesIO()
    with pikepdf.open(BytesIO(letter())) as opened:
        opened.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return stamped(made.getvalue())


FORM_TEXT = 20


@cache
def form() -> bytes:
    """With a text field (20) that shows an amount, and an empty signature field (22)."""
    appearance = stream(
        b"/Tx BMC BT /F1 12 Tf 2 6 Td (%b) Tj ET EMC" % AMOUNT,
        b"/Type/XObject/Subtype/Form/BBox [0 0 200 20]/Resources <</Font <</F1 5 0 R>>>>",
    )
    return stamped(
        letter(
            {
                FORM_TEXT: b"<</Type/Annot/Subtype/Widget/FT/Tx/T (jumlah)/V (%b)/F 4/P 3 0 R"
                b"/DA (/F1 12 Tf 0 g)/Rect [72 600 272 620]/AP <</N 21 0 R>>>>" % AMOUNT,
                21: appearance,
                22: b"<</Type/Annot/Subtype/Widget/FT/Sig/T (Pihak)/F 4/P 3 0 R"
                b"/Rect [72 500 272 550]>>",
            },
            catalog=b"/AcroForm <</Fields [20 0 R 22 0 R]/DR <</Font <</F1 5 0 R>>>>"
            b"/DA (/F1 12 Tf 0 g)>>",
            page=b"/Annots [20 0 R 22 0 R]",
        )
    )
