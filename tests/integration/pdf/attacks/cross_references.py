"""Parsers differ: tables, hybrid files, object streams, generations, and unlisted objects."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf

from tests.fixtures.documents.refused import encrypted
from tests.integration.pdf.attacks.attack import ALTERED, Attack
from tests.integration.pdf.attacks.letters import (
    AMOUNT,
    CONTENT,
    EVIL,
    PAGE,
    compressed,
    letter,
    plain,
    text,
)
from tests.integration.pdf.attacks.updates import (
    body_of,
    closed,
    encryption_of,
    next_number,
    revision,
    startxref,
    stream,
    table,
    trailer_of,
    with_objects,
)
from tests.integration.pdf.stamping import stamped


def attacks() -> Iterator[Attack]:
    yield from _tables()
    yield from _bodies()
    yield from _chains()
    yield from _hybrid()
    yield from _object_streams()


def _tables() -> Iterator[Attack]:
    issued = plain()
    new = next_number(issued)
    old_at = issued.index(b"4 0 obj")
    written, offsets = with_objects(issued, {CONTENT: EVIL})
    row = b"4 1\n%010d 00000 n \n"
    trailer = trailer_of(issued)
    for name, first, last, pdfium, poppler in (
        ("listed twice, the old one last", offsets[CONTENT], old_at, "issued", "other"),
        ("listed twice, the new one last", old_at, offsets[CONTENT], "other", "issued"),
    ):
        rows = row % first + row % last
        document = closed(written, rows, trailer)
        yield Attack(name, issued, document, ALTERED, pdfium, poppler)
    rows = b"4 1\n%010d 00001 n \n" % (len(issued))
    again = issued + b"4 1 obj\n%b\nendobj\n" % EVIL
    yield Attack("the content in another generation", issued, closed(again, rows, trailer), ALTERED)
    page = body_of(issued, PAGE).replace(b"/Contents 4 0 R", b"/Contents %d 0 R" % new)
    written, offsets = with_objects(issued, {PAGE: page})
    rows = table(offsets) + b"%d 1\n%010d 00001 n \n" % (new, len(written))
    written += b"%d 1 obj\n%b\nendobj\n" % (new, EVIL)
    document = closed(written, rows, trailer_of(issued, size=new + 1))
    yield Attack("a new content of another generation", issued, document, ALTERED)
    written, offsets = with_objects(issued, {new: EVIL})
    rows = row % offsets[new] + table(offsets)
    trailer = trailer_of(issued, size=new + 1)
    yield Attack(
        "an entry leads to another object",
        issued,
        closed(written, rows, trailer),
        ALTERED,
        "other",
        "issued",
    )
    rows = row % (offsets[new] + 1) + table(offsets)
    yield Attack(
        "an entry leads nowhere", issued, closed(written, rows, trailer), ALTERED, "other", "issued"
    )
    freed = b"4 1\n0000000000 00001 f \n"
    yield Attack(
        "the content is freed",
        issued,
        closed(issued, freed, trailer_of(issued)),
        ALTERED,
        "issued",
        "issued",
    )
    yield from _numbers()
    yield from _generations()
    yield _without_encryption()
    small = trailer_of(issued).replace(b"/Size %d" % new, b"/Size 5")
    yield Attack(
        "a smaller /Size", issued, closed(issued, b"0 0\n", small), ALTERED, "issued", "issued"
    )


HIDDEN = b"<</OCGs [20 0 R]/D <</OFF [20 0 R]>>>>"


@cache
def _layered() -> bytes:
    """The amount is in a layer that is off."""
    return stamped(
        letter(
            {CONTENT: stream(b"/OC /L BDC %b EMC" % text(AMOUNT)), 20: b"<</Type/OCG/Name (x)>>"},
            catalog=b"/OCProperties " + HIDDEN,
            resources=b"/Properties <</L 20 0 R>>",
        )
    )


def _generations() -> Iterator[Attack]:
    """Readers differ in whether a reference of another generation leads to the object."""
    issued = _layered()
    new = next_number(issued)
    catalog = body_of(issued, 1).replace(HIDDEN, b"%d 7 R" % new)
    document = revision(issued, {1: catalog, new: HIDDEN})
    name = "layers by another generation"
    yield Attack(name, issued, document, ALTERED, "issued", "other")
    catalog = catalog.replace(b"%d 7 R" % new, b"%d 0 R" % new)
    once = revision(issued, {new: HIDDEN.replace(b"20 0 R", b"20 3 R")})
    name = "layers of another generation, referred to later"
    yield Attack(name, issued, revision(once, {1: catalog}), ALTERED, "issued", "other")


def _numbers() -> Iterator[Attack]:
    """Above a reader's highest object number, some readers find the object and others do not."""
    issued = _layered()
    for number, pdfium, poppler in (
        (5_000_000, "issued", "issued"),  # MuPDF shows another
        (2_000_000_000, "other", "nothing"),
    ):
        catalog = body_of(issued, 1).replace(HIDDEN, b"%d 0 R" % number)
        document = revision(issued, {1: catalog, number: HIDDEN})
        yield Attack(f"layers in object {number}", issued, document, ALTERED, pdfium, poppler)


def _without_encryption() -> Attack:
    """Only the trailer refers to the dictionary that is freed."""
    issued = stamped(encrypted(allow=pikepdf.Permissions()))
    trailer = issued[issued.rindex(b"/Encrypt") :]
    number = int(trailer.split()[1])
    rows = b"%d 1\n0000000000 00001 f \n" % number
    document = revision(issued, {}, rows=rows, extra=encryption_of(issued))
    name = "the encryption dictionary is freed"
    return Attack(name, issued, document, ALTERED, "issued", "issued")


def _bodies() -> Iterator[Attack]:
    issued = plain()
    new = next_number(issued)
    stray, _ = with_objects(issued, {CONTENT: EVIL})
    trailer = trailer_of(issued, size=31)
    beyond = b"30 1\n9999999999 00000 n \n"
    yield Attack(
        "an unlisted body, an entry beyond the end",
        issued,
        closed(stray, beyond, trailer),
        ALTERED,
        "issued",
        "issued",
    )
    yield Attack(
        "an unlisted body", issued, closed(stray, b"0 0\n", trailer), ALTERED, "issued", "issued"
    )
    yield Attack("bodies after the end", issued, stray, ALTERED, "issued", "issued")
    comment = b"%%4 0 obj\r%b\rendobj\n" % EVIL.replace(b"\n", b"\r")
    rows = b"0 0\n"
    document = closed(issued + comment, rows, trailer_of(issued))
    yield Attack("a body behind a comment", issued, document, ALTERED, "issued", "issued")
    yield Attack(
        "a comment after the end", issued, issued + b"% more\n", ALTERED, "issued", "issued"
    )
    yield Attack("513 blank bytes", issued, issued + b" " * 513, ALTERED, "issued", "issued")
    yield Attack("another file appended", issued, issued + letter({CONTENT: EVIL}), ALTERED)
    long = stream(b"q Q").replace(b"/Length 3", b"/Length 2")
    yield Attack(
        "a wrong length", issued, revision(issued, {new: long}), ALTERED, "issued", "issued"
    )


def _chains() -> Iterator[Attack]:
    original = letter()
    issued = stamped(original)
    new = next_number(issued)
    written, offsets = with_objects(issued, {CONTENT: EVIL})
    skips = trailer_of(original, size=new)
    yield Attack("/Prev skips the stamp", issued, closed(written, table(offsets), skips), ALTERED)
    yield Attack(
        "/Prev skips the stamp, nothing else", issued, closed(issued, b"0 0\n", skips), ALTERED
    )
    again = issued + b"startxref\n%d\n%%%%EOF\n" % startxref(original)
    yield Attack("startxref skips the stamp", issued, again, ALTERED)
    rest, _, _ = trailer_of(issued).partition(b"/Prev")
    yield Attack("no /Prev", issued, closed(written, table(offsets), rest), ALTERED)
    loop = closed(written, table(offsets), rest + b"/Prev %d" % len(written))
    yield Attack("/Prev leads to itself", issued, loop, ALTERED)
    for name, at in (("startxref 0", 0), ("startxref beyond the end", 10**9)):
        wrong = revision(issued, {CONTENT: EVIL})
        cut = wrong[: wrong.rindex(b"startxref")]
        yield Attack(name, issued, cut + b"startxref\n%d\n%%%%EOF\n" % at, ALTERED)


def _hybrid() -> Iterator[Attack]:
    issued = plain()
    new = next_number(issued)
    written, offsets = with_objects(issued, {CONTENT: EVIL})
    row = bytes((1,)) + offsets[CONTENT].to_bytes(4) + b"\0"
    at = len(written)
    cross = stream(row, b"/Type/XRef/W [1 4 1]/Index [4 1]/Size %d/Root 1 0 R" % (new + 1))
    written += b"%d 0 obj\n%b\nendobj\n" % (new, cross)
    trailer = trailer_of(issued, size=new + 1, extra=b"/XRefStm %d" % at)
    rows = table({new: at})
    yield Attack("a hybrid file", issued, closed(written, rows, trailer), ALTERED)
    rows += b"4 1\n%010d 00000 n \n" % issued.index(b"4 0 obj")
    yield Attack(
        "a hybrid file, both list it",
        issued,
        closed(written, rows, trailer),
        ALTERED,
        "issued",
        "issued",
    )


def _object_streams() -> Iterator[Attack]:
    issued = compressed()
    new = next_number(issued)
    with pikepdf.open(BytesIO(issued)) as opened:
        first: Any = opened.pages[0]
        page: int = first.objgen[0]
        source: bytes = first.obj.unparse(resolved=True)
        content: int = first.Contents.objgen[0]
    evil_page = source.replace(b"/Contents %d 0 R" % content, b"/Contents %d 0 R" % new)
    cases: tuple[tuple[str, dict[int, int], bytes, str, str], ...] = (
        ("a page in an object stream", {page: 0}, b"", "other", "other"),
        ("a member that is not listed", {}, b"", "issued", "issued"),
        ("a member at another index", {page: 1}, b"", "nothing", "other"),
        ("an object stream that extends another", {page: 0}, b"/Extends 1 0 R", "other", "other"),
    )
    for name, listed, entries, pdfium, poppler in cases:
        document = _packed(issued, {page: evil_page}, listed, entries)
        yield Attack(name, issued, document, ALTERED, pdfium, poppler)
    twice = {page: source}
    document = _packed(issued, twice, {page: 1}, b"", before=b"%d 0" % page, evil=evil_page)
    yield Attack("a member twice in one stream", issued, document, ALTERED, "issued", "issued")
    holders = re.findall(rb"(\d+) 0 obj\s*<<[^>]*/Type\s*/ObjStm", issued)
    freed = b"%b 1\n0000000000 00001 f \n"
    document = revision(issued, {}, rows=freed % holders[0])
    yield Attack("an object stream is freed", issued, document, ALTERED, "issued", "nothing")
    once = _packed(issued, {page: source}, {page: 0}, b"")
    document = revision(once, {new + 1: b"null"})
    name = "a later object stream is replaced"
    yield Attack(name, issued, document, ALTERED, "nothing", "other")


def _packed(
    issued: bytes,
    members: dict[int, bytes],
    listed: dict[int, int],
    entries: bytes,
    *,
    before: bytes = b"",
    evil: bytes = b"",
) -> bytes:
    """A revision with an object stream. `before` and `evil`: a first member of the same number."""
    new = next_number(issued)
    pieces = ([evil] if before else []) + list(members.values())
    numbers = ([int(before.split()[0])] if before else []) + list(members)
    places = [sum(len(one) + 1 for one in pieces[:at]) for at in range(len(pieces))]
    header = b" ".join(b"%d %d" % one for one in zip(numbers, places, strict=True)) + b" "
    holder = stream(
        header + b" ".join(pieces),
        b"/Type/ObjStm/N %d/First %d%b" % (len(pieces), len(header), entries),
    )
    written, offsets = with_objects(issued, {new: EVIL, new + 1: holder})
    at = len(written)
    rows = {number: (1, offset, 0) for number, offset in {**offsets, new + 2: at}.items()}
    rows |= {number: (2, new + 1, index) for number, index in listed.items()}
    index = b" ".join(b"%d 1" % number for number in sorted(rows))
    data = b"".join(
        bytes((kind,)) + place.to_bytes(4) + bytes((detail,))
        for _, (kind, place, detail) in sorted(rows.items())
    )
    dictionary = b"/Type/XRef/W [1 4 1]/Index [%b]" % index + trailer_of(issued, size=new + 3)
    written += b"%d 0 obj\n%b\nendobj\n" % (new + 2, stream(data, dictionary))
    return written + b"startxref\n%d\n%%%%EOF\n" % at
