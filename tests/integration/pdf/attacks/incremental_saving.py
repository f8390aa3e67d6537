"""Incremental saving attacks: a further revision shows another document (CCS 2019)."""

from collections.abc import Iterator

from tests.integration.pdf.attacks.attack import ALTERED, Attack
from tests.integration.pdf.attacks.letters import CONTENT, EVIL, FONT, PAGE, plain
from tests.integration.pdf.attacks.updates import (
    body_of,
    next_number,
    revision,
    signature_field,
    with_objects,
)


def attacks() -> Iterator[Attack]:
    issued = plain()
    new = next_number(issued)
    page, catalog = body_of(issued, PAGE), body_of(issued, 1)
    changes = {
        "another content": {CONTENT: EVIL},
        "another page": {
            PAGE: page.replace(b"/Contents 4 0 R", b"/Contents %d 0 R" % new),
            new: EVIL,
        },
        "further content": {PAGE: page.replace(b"4 0 R", b"[4 0 R %d 0 R]" % new, 1), new: EVIL},
        "another page box": {PAGE: page.replace(b"[0 0 595 842]", b"[0 0 595 600]")},
        "a page crop": {PAGE: page[:-2] + b"/CropBox [0 0 595 600]>>"},
        "a rotated page": {PAGE: page[:-2] + b"/Rotate 180>>"},
        "another unit": {PAGE: page[:-2] + b"/UserUnit 2>>"},
        "a further page": {
            2: b"<</Type/Pages/Kids [3 0 R %d 0 R]/Count 2>>" % new,
            new: b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]>>",
        },
        "another font": {FONT: b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"},
    }
    for name, bodies in changes.items():
        shown = "issued" if name in ("another unit", "a further page") else "other"
        yield Attack(name, issued, revision(issued, bodies), ALTERED, shown, shown)
    other_tree = {
        1: catalog.replace(b"/Pages 2 0 R", b"/Pages %d 0 R" % (new + 1)),
        new + 1: b"<</Type/Pages/Kids [%d 0 R]/Count 1>>" % (new + 2),
        new + 2: b"<</Type/Page/Parent %d 0 R/MediaBox [0 0 595 842]/Contents %d 0 R%b"
        % (
            new + 1,
            new,
            b"/Resources <</Font <</F1 5 0 R>>>>>>",
        ),
        new: EVIL,
    }
    yield Attack("another page tree", issued, revision(issued, other_tree), ALTERED)
    other_catalog = {number: body for number, body in other_tree.items() if number != 1}
    other_catalog[new + 3] = other_tree[1]
    other_root = revision(issued, other_catalog).replace(
        b"/Root 1 0 R/Prev", b"/Root %d 0 R/Prev" % (new + 3)
    )
    yield Attack("another catalog", issued, other_root, ALTERED)
    bare, _ = with_objects(issued, {CONTENT: EVIL})
    yield Attack("content without a table", issued, bare, ALTERED, "issued", "issued")
    yield Attack(
        "content without a table, with a trailer",
        issued,
        bare + b"trailer\n<</Root 1 0 R>>\n",
        ALTERED,
        "issued",
        "issued",
    )
    number = signature_field(issued)
    copied = {CONTENT: EVIL, number: body_of(issued, number)}
    yield Attack("another content, our field repeated", issued, revision(issued, copied), ALTERED)
    twice = revision(
        revision(issued, {CONTENT: EVIL}),
        {
            CONTENT: issued[
                issued.index(b"4 0 obj") + 8 : issued.index(b"endobj", issued.index(b"4 0 obj"))
            ]
        },
    )
    yield Attack("another content, then the issued one", issued, twice, ALTERED, "issued", "issued")
