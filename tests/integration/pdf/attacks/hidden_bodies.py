"""A reader that rebuilds a damaged file takes bodies from inside strings and streams."""

import zlib
from collections.abc import Iterator

from tests.integration.pdf.attacks.attack import ALTERED, Attack
from tests.integration.pdf.attacks.letters import AMOUNT, CONTENT, EVIL, letter, plain, text
from tests.integration.pdf.attacks.updates import next_number, revision, stream
from tests.integration.pdf.stamping import stamped

SHOWN = 20


def attacks() -> Iterator[Attack]:
    issued = _damaged()
    body = b"\n%d 0 obj\n%b\nendobj\n" % (SHOWN, _drawn(b"0 0 1 rg 72 400 200 100 re f"))
    for name, hidden, poppler in (
        ("a string", b"<</X (%b)>>" % body, "other"),
        ("a stream", stream(body), "other"),
        ("what follows deflated data", _deflated(body), "other"),
        ("a stream, with two spaces", stream(body.replace(b"20 0 obj", b"20  0 obj")), "other"),
        ("a stream, with a tab", stream(body.replace(b"20 0 obj", b"20\v0 obj")), "other"),
        ("a stream, with a comment", stream(body.replace(b"20 0", b"20 %\n0")), "issued"),
        ("a stream, with zeros", stream(body.replace(b"20 0", b"%020d 00000000" % 20)), "other"),
    ):
        document = revision(issued, {next_number(issued): hidden})
        yield Attack(f"a body inside {name}", issued, document, ALTERED, "issued", poppler)
    yield _trailer()


def _drawn(content: bytes) -> bytes:
    return stream(content, b"/Type/XObject/Subtype/Form/BBox [0 0 595 842]")


def _damaged() -> bytes:
    """Stamped, but for the place of an object: readers rebuild the cross-references."""
    shown = {CONTENT: stream(text(AMOUNT) + b" /X Do"), SHOWN: _drawn(b"0 g 72 400 99 9 re f")}
    issued = stamped(letter(shown, resources=b"/XObject <</X 20 0 R>>"))
    at = issued.index(b"\n20 0 obj") + 1
    entry = b"%010d 00000 n" % at
    assert entry in issued
    return issued.replace(entry, b"%010d 00000 n" % (at + 3))


def _deflated(body: bytes) -> bytes:
    return stream(zlib.compress(b"x") + body, b"/Filter/FlateDecode")


def _trailer() -> Attack:
    """It names another catalog, which is new."""
    issued = plain()
    new = next_number(issued)
    bodies = {
        new: b"<</Type/Catalog/Pages %d 0 R>>" % (new + 1),
        new + 1: b"<</Type/Pages/Kids [%d 0 R]/Count 1>>" % (new + 2),
        new + 2: b"<</Type/Page/Parent %d 0 R/MediaBox [0 0 595 842]/Contents %d 0 R"
        b"/Resources <</Font <</F1 5 0 R>>>>>>" % (new + 1, new + 3),
        new + 3: EVIL,
        new + 4: stream(b"\ntrailer\n<</Size %d/Root %d 0 R>>\n" % (new + 5, new)),
    }
    document = revision(issued, bodies)
    name = "a trailer inside a stream"
    return Attack(name, issued, document, ALTERED, "issued", "issued")
