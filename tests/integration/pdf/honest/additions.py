"""Signatures, timestamps, validation data, further stampings and padding, by class."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.stamp import QRStampStyle

from meterai.domain.stamping.placement import Placement
from tests.fixtures.documents.hybrid import hybrid
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.refused import encrypted
from tests.fixtures.documents.remake import LETTER
from tests.integration.pdf.attacks.forms import BOX, TEXT_FIELD, font_gained
from tests.integration.pdf.attacks.letters import (
    PAGE,
    compressed,
    form,
    letter,
    plain,
)
from tests.integration.pdf.attacks.signing import signed_with_looks
from tests.integration.pdf.attacks.updates import (
    body_of,
    closed,
    next_number,
    revision,
    startxref,
    stream,
    trailer_of,
)
from tests.integration.pdf.honest.addition import Addition
from tests.integration.pdf.honest.papers import on_papers
from tests.integration.pdf.honest.signing import SIGN_HERE, signed
from tests.integration.pdf.long_life import LongLife, long_life
from tests.integration.pdf.stamping import a_spec, stamped

_UTF_16 = b"(\xfe\xff\0A\0-\0x)"
_LABELS = b"/PageLabels <</Nums [0 <</S/D/P %b>>]>>" % _UTF_16
_DESIGNED = b"/PieceInfo <</InDesign <</DocumentID %b/LastModified %b>>>>" % (_UTF_16, _UTF_16)
BESIDE = Placement(page=1, x_pt=60, y_pt=110, side_pt=80)


Generator = Callable[[], Iterator[Addition]]


def by_pyhanko() -> Iterator[Addition]:
    bases = {
        "a letter": stamped(LETTER.read_bytes()),
        "a plain file": plain(),
        "object streams": compressed(),
        "a form": form(),
        "a turned page": stamped(document(Shape(rotate=90), Shape(rotate=180))),
        "a cropped page": stamped(document(Shape(crop_box=(20, 30, 580, 800)))),
        "a hybrid file": stamped(hybrid()),
        "texts in UTF-16": stamped(letter(catalog=_LABELS, page=_DESIGNED)),
        "two e-meterai": stamped(LETTER.read_bytes(), a_spec(1), a_spec(2, BESIDE)),
    }
    for name, issued in bases.items():
        yield Addition(f"{name}, nothing shown", issued, signed(issued))
        yield Addition(f"{name}, with a box", issued, signed(issued, box=SIGN_HERE))
    several = issued = bases["a letter"]
    for count in range(3):
        box = None if count == 1 else (60, 60 + 60 * count, 160, 100 + 60 * count)
        several = signed(several, box=box, field=f"Saksi{count}")
    yield Addition("three signatures", issued, several)
    issued = bases["a form"]
    yield Addition("an empty field is signed", issued, signed(issued, field="Pihak"))
    issued = bases["a letter"]
    yield Addition("an empty field is added", issued, _with_field(issued))
    yield Addition("and signed", issued, signed(_with_field(issued), field="Pihak"))
    style = QRStampStyle(stamp_text="Ditandatangani: %(signer)s")
    drawn = signed(issued, box=(60, 60, 260, 130), style=style, url="https://example.co.id")
    yield Addition("a signature with text and a QR code", issued, drawn)
    issued = stamped(signed(LETTER.read_bytes(), field="Pelamar"))
    yield Addition("a person signed before and after", issued, signed(issued, field="Saksi"))
    issued = stamped(encrypted(allow=pikepdf.Permissions()))
    yield Addition("an encrypted file", issued, signed(issued, box=SIGN_HERE))
    issued = stamped(_encrypted_and_packed())
    twice = signed(signed(issued), box=SIGN_HERE, field="Dua")
    yield Addition("an encrypted file with object streams", issued, twice)


def by_others() -> Iterator[Addition]:
    """Revisions in the forms that other software writes."""
    issued = plain()
    who = authority().person
    document = signed_with_looks(who, issued, (72, 100, 222, 160), b"0 0 150 60 re S")
    yield Addition("by hand", issued, document)
    line = stamped(letter({4: stream(b"72 102 m 222 102 l S BT /F1 9 Tf 72 700 Td (A) Tj ET")}))
    document = signed_with_looks(who, line, (72, 100, 222, 160), b"0 0 150 60 re S")
    yield Addition("on a line to sign on", line, document)
    dots = stamped(letter({4: stream(b"BT /F1 9 Tf 72 100 Td (%b) Tj ET" % (b"." * 60))}))
    document = signed_with_looks(who, dots, (72, 98, 222, 160), b"0 0 150 60 re S")
    yield Addition("on a dotted line", dots, document)
    document = signed_with_looks(who, issued, (72, 100, 222, 160), b"0 0 9 9 re S", apart=True)
    yield Addition("a field apart from its widget", issued, document)
    document = signed_with_looks(who, issued, (72, 100, 222, 160), b"0 0 9 9 re S", in_form=False)
    yield Addition("a widget that the form does not list", issued, document)
    yield Addition("an object of another generation", issued, _with_generation(issued))
    yield Addition("direct resources become objects", issued, _made_indirect(issued))
    yield Addition("a font that no field names", *font_gained())
    no_kind = TEXT_FIELD.replace(b"/Subtype/Widget", b"/Subtype []") + BOX
    yield Addition("a font, beside an annotation of no kind", *font_gained(no_kind, fields=b""))
    yield Addition("cross-references that nobody reads", issued, _with_idle_stream(issued))


def timestamps_and_proofs() -> Iterator[Addition]:
    with long_life() as signing:
        yield from _proved(signing)


def _proved(signing: LongLife) -> Iterator[Addition]:
    issued = signing.stamped(LETTER.read_bytes(), a_spec())
    timestamped = signing.timestamped(issued)
    proved = signing.proved(timestamped)
    yield Addition("a document timestamp", issued, timestamped)
    yield Addition("a document timestamp and validation data", issued, proved)
    yield Addition("validation data after a timestamp on record", timestamped, proved)
    yield Addition("a signature on an augmented file", proved, signed(proved, box=SIGN_HERE))
    beside = signing.stamped(LETTER.read_bytes(), a_spec(), timestamped=True)
    yield Addition("validation data alone", beside, signing.proved(beside))
    later = signing.stamped(signed(proved), a_spec(2, BESIDE))
    again = signing.proved(signing.timestamped(later))
    yield Addition("validation data grow", proved, again)


def stampings() -> Iterator[Addition]:
    first = stamped(LETTER.read_bytes())
    second = stamped(first, a_spec(2, BESIDE))
    yield Addition("stamped a second time", first, second)
    third = stamped(second, a_spec(3, Placement(page=1, x_pt=400, y_pt=100, side_pt=60)))
    yield Addition("stamped a third time", first, third)
    signed_between = stamped(signed(first, box=SIGN_HERE), a_spec(2, BESIDE))
    yield Addition("signed, then stamped", first, signed_between)
    packed = compressed()
    yield Addition("object streams, stamped again", packed, stamped(packed, a_spec(2, BESIDE)))


def padding() -> Iterator[Addition]:
    issued = plain()
    for name, blank in (
        ("a line", b"\n"),
        ("lines of two kinds", b"\r\n\n"),
        ("512 zero bytes", bytes(512)),
        ("512 spaces", b" " * 512),
    ):
        yield Addition(name, issued, issued + blank)
    yield Addition("blank bytes after a signature", issued, signed(issued) + b"\n\0\0\0")
    information = {next_number(issued): b"<</Producer (Arsip)>>"}
    extra = b"/Info %d 0 R" % next_number(issued)
    yield Addition("document information", issued, revision(issued, information, extra=extra))
    catalog = body_of(issued, 1)
    new = next_number(issued)
    metadata = {
        1: catalog[:-2] + b"/Metadata %d 0 R>>" % new,
        new: stream(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", b"/Type/Metadata/Subtype/XML"),
    }
    yield Addition("metadata", issued, revision(issued, metadata))
    yield Addition("a page written again", issued, revision(issued, {PAGE: body_of(issued, PAGE)}))
    page = body_of(issued, PAGE).replace(b"/Contents 4 0 R", b"/Contents 4 0 R/Contents 4 0 R")
    yield Addition("a key twice, of one value", issued, revision(issued, {PAGE: page}))


CLASSES: dict[str, Generator] = {
    "signatures by pyHanko": by_pyhanko,
    "signatures by others": by_others,
    "signatures on papers": on_papers,
    "timestamps and proofs": timestamps_and_proofs,
    "further stampings": stampings,
    "padding and records": padding,
}


def _encrypted_and_packed() -> bytes:
    made = BytesIO()
    with pikepdf.open(LETTER) as opened:
        opened.save(
            made,
            encryption=pikepdf.Encryption(owner="pemilik", user=""),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return made.getvalue()


def _with_field(data: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(data), strict=False)
    append_signature_field(writer, SigFieldSpec("Pihak", box=SIGN_HERE))
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _made_indirect(data: bytes) -> bytes:
    new = next_number(data)
    page = body_of(data, PAGE)
    direct = b"<</Font <</F1 5 0 R>>>>"
    assert direct in page
    return revision(data, {PAGE: page.replace(direct, b"%d 0 R" % new), new: direct})


def _with_generation(data: bytes) -> bytes:
    """A new object of generation 1, which nothing refers to."""
    new = next_number(data)
    written = data + b"%d 1 obj\nnull\nendobj\n" % new
    rows = b"%d 1\n%010d 00001 n \n" % (new, len(data))
    return closed(written, rows, trailer_of(data, size=new + 1))


def _with_idle_stream(data: bytes) -> bytes:
    """A table, and a cross-reference stream with the same rows to which nothing refers."""
    new = next_number(data)
    row = bytes((1,)) + len(data).to_bytes(4) + b"\0"
    idle = stream(
        row,
        b"/Type/XRef/W [1 4 1]/Index [%d 1]/Size %d/Root 1 0 R/Prev %d"
        % (new, new + 2, startxref(data)),
    )
    return revision(data, {new: b"<</Producer (Arsip)>>", new + 1: idle})
