"""Parsers differ: a key twice in one dictionary, also spelled in two ways."""

from collections.abc import Iterator

from tests.integration.pdf.attacks.attack import ALTERED, Attack
from tests.integration.pdf.attacks.letters import EVIL, PAGE, form, plain
from tests.integration.pdf.attacks.updates import (
    body_of,
    next_number,
    revision,
    signature_field,
    stream,
)


def attacks() -> Iterator[Attack]:
    issued = plain()
    page, catalog = body_of(issued, PAGE), body_of(issued, 1)
    new = next_number(issued)

    def twice(name: str, body: bytes, number: int = PAGE, **shows: str) -> Attack:
        bodies = {number: body, new: EVIL}
        return Attack(name, issued, revision(issued, bodies), ALTERED, **shows)

    contents = b"/Contents 4 0 R"
    evil = b"/Contents %d 0 R" % new
    yield twice("Contents twice in the page", page.replace(contents, contents + evil))
    yield twice(
        "Contents twice in the page, the other one first",
        page.replace(contents, evil + contents),
        pdfium="issued",
        poppler="issued",
    )
    yield twice(
        "an escaped name for Contents",
        page.replace(contents, contents + b"/Con#74ents %d 0 R" % new),
    )
    yield twice(
        "Annots twice, the second empty",
        page.replace(b"/Annots", b"/Annots []/Annots", 1).replace(
            b"/Annots []/Annots", b"/Annots[]/Annots"
        ),
        pdfium="issued",
        poppler="issued",
    )
    yield twice("Annots twice, the last empty", page[:-2] + b"/Annots []>>")
    yield twice(
        "Resources twice",
        page[:-2] + b"/Resources <</Font <</F1 <</Type/Font/Subtype/Type1/BaseFont/Symbol>>>>>>>>",
    )
    yield twice("MediaBox twice", page[:-2] + b"/MediaBox [0 0 595 600]>>")
    yield twice("Rotate twice", page[:-2] + b"/Rotate 0/Rotate 180>>")
    other_page = b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Contents %d 0 R%b" % (
        new,
        b"/Resources <</Font <</F1 5 0 R>>>>>>",
    )
    tree = b"<</Type/Pages/Kids [3 0 R]/Kids [%d 0 R]/Count 1>>"
    yield Attack(
        "Kids twice in the page tree",
        issued,
        revision(issued, {2: tree % (new + 1), new: EVIL, new + 1: other_page}),
        ALTERED,
    )
    yield Attack(
        "Pages twice in the catalog",
        issued,
        revision(
            issued,
            {
                1: catalog.replace(b"/Pages 2 0 R", b"/Pages 2 0 R/Pages %d 0 R" % (new + 2)),
                new: EVIL,
                new + 1: other_page,
                new + 2: b"<</Type/Pages/Kids [%d 0 R]/Count 1>>" % (new + 1),
            },
        ),
        ALTERED,
    )
    other_root = {
        new: EVIL,
        new + 1: other_page,
        new + 2: b"<</Type/Pages/Kids [%d 0 R]/Count 1>>" % (new + 1),
        new + 3: b"<</Type/Catalog/Pages %d 0 R>>" % (new + 2),
    }
    yield Attack(
        "Root twice in the trailer",
        issued,
        revision(issued, other_root, extra=b"/Root %d 0 R" % (new + 3)),
        ALTERED,
    )
    yield Attack(
        "an escaped name for Root in the trailer",
        issued,
        revision(issued, other_root, extra=b"/R#6fot %d 0 R" % (new + 3)),
        ALTERED,
    )
    yield Attack(
        "Prev twice in the trailer",
        issued,
        revision(issued, {new: EVIL}, extra=b"/Prev 0"),
        ALTERED,
        pdfium="issued",
        poppler="issued",
    )
    number = signature_field(issued)
    widget = body_of(issued, number)
    empty = stream(b"", b"/Type/XObject/Subtype/Form/BBox [0 0 1 1]")
    for name, entry in (
        ("AP twice in our field", b"/AP <</N %d 0 R>>" % new),
        ("Rect twice in our field", b"/Rect [0 0 10 10]"),
        ("V twice in our field", b"/V null"),
        ("T twice in our field", b"/T (Lain)"),
    ):
        bodies = {number: widget[:-2] + entry + b">>", new: empty}
        hides = name.startswith(("AP", "Rect"))
        shown = "other" if hides else "issued"
        yield Attack(name, issued, revision(issued, bodies), ALTERED, shown, shown)
    yield from _in_a_form()


def _in_a_form() -> Iterator[Attack]:
    issued = form()
    new = next_number(issued)
    field = body_of(issued, 20)
    other = stream(
        b"/Tx BMC BT /F1 12 Tf 2 6 Td (Rp 9.000.000) Tj ET EMC",
        b"/Type/XObject/Subtype/Form/BBox [0 0 200 20]/Resources <</Font <</F1 5 0 R>>>>",
    )
    bodies = {20: field[:-2] + b"/AP <</N %d 0 R>>>>" % new, new: other}
    yield Attack("AP twice in a form field", issued, revision(issued, bodies), ALTERED)
    bodies = {20: field[:-2] + b"/Rect [72 300 272 320]>>"}
    yield Attack("Rect twice in a form field", issued, revision(issued, bodies), ALTERED)
