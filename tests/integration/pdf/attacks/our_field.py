"""Changes to the e-meterai's own field that could pass for honest ones."""

import re
from collections.abc import Iterator

from tests.integration.pdf.attacks.attack import ALTERED, Attack
from tests.integration.pdf.attacks.letters import PAGE, plain
from tests.integration.pdf.attacks.updates import (
    body_of,
    next_number,
    revision,
    signature_field,
    stream,
)


def attacks() -> Iterator[Attack]:
    issued = plain()
    new, number = next_number(issued), signature_field(issued)
    field, page, catalog = body_of(issued, number), body_of(issued, PAGE), body_of(issued, 1)
    (form_number,) = map(int, re.findall(rb"/AcroForm (\d+) 0 R", catalog))
    form = body_of(issued, form_number)
    (value_number,) = map(int, re.findall(rb"/V (\d+) 0 R", field))
    (look_number,) = map(int, re.findall(rb"/N (\d+) 0 R", field))
    reference = b"%d 0 R" % number

    def case(
        name: str, bodies: dict[int, bytes], pdfium: str = "issued", poppler: str | None = None
    ) -> Attack:
        document = revision(issued, bodies)
        return Attack(name, issued, document, ALTERED, pdfium, poppler or pdfium)

    yield case("renamed", {number: re.sub(rb"/T\([^)]*\)", b"/T(Lain)", field)})
    parent = b"<</FT/Sig/T (Induk)/Kids [%b]>>" % reference
    moved = {
        number: field[:-2] + b"/Parent %d 0 R>>" % new,
        new: parent,
        form_number: form.replace(reference, b"%d 0 R" % new),
    }
    yield case("moved under a parent", moved)
    grown = {**moved, form_number: form.replace(reference, reference + b" %d 0 R" % new)}
    yield case("moved under a parent, and still in the form", grown)
    timestamp = b"<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161/Contents <00>>>"
    turned = {
        number: field.replace(b"/V %d 0 R" % value_number, b"/V %d 0 R" % new),
        new: timestamp,
    }
    yield case("turned into a timestamp", turned)
    yield case("its value is a timestamp", {value_number: timestamp})
    yield case("its value is taken away", {number: field.replace(b"/V %d 0 R" % value_number, b"")})
    yield case("its value is null", {value_number: b"null"})
    yield case("cut out of the form", {form_number: form.replace(reference, b"")})
    yield case(
        "the form is taken away",
        {1: catalog.replace(b"/AcroForm %d 0 R" % form_number, b"")},
        "other",
        "issued",
    )
    yield case("cut out of the page", {PAGE: page.replace(reference, b"")}, "other")
    yield case("hidden", {number: re.sub(rb"/F \d+", b"/F 2", field)}, "other")
    yield case("moved", {number: re.sub(rb"/Rect\[[^]]*\]", b"/Rect[9 9 99 99]", field)}, "other")
    empty = stream(b"", b"/Type/XObject/Subtype/Form/BBox [0 0 1 1]")
    yield case("its look is emptied", {look_number: empty}, "other")
    yield case(
        "another look",
        {number: field.replace(b"/N %d" % look_number, b"/N %d" % new), new: empty},
        "other",
    )
    yield case(
        "another kind of field", {number: field.replace(b"/FT/Sig", b"/FT/Btn")}, "other", "issued"
    )
    yield case("locked away in a layer", {number: field[:-2] + b"/OC <</Type/OCG/Name (x)>>>>"})
