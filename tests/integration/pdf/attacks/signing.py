"""A stranger's signature written by hand: its widget may look and act in any way."""

import asyncio
import hashlib
import re

from pyhanko.sign.signers import SimpleSigner

from tests.fixtures.documents.pki import Signatory
from tests.fixtures.documents.signed import pyhanko_signer
from tests.integration.pdf.attacks.updates import body_of, next_number, revision, stream

SPACE_BYTES = 6_000


def signed_with_looks(
    who: Signatory,
    data: bytes,
    box: tuple[int, int, int, int],
    look: bytes,
    *,
    name: str = "Tamu",
    entries: bytes = b"/F 4/AP <</N %d 0 R>>",
    covers: bool = True,
    page: int = 3,
    apart: bool = False,
    in_form: bool = True,
    is_of_file: bool = True,
    subtype: bytes = b"/Widget",
    more_corners: bytes = b"",
) -> bytes:
    """`look` is the content of its appearance. Without `covers` it leaves something out, and
    without `is_of_file` its digest is that of something else.
    `apart`: field and widget are two objects. Without `in_form` only the page lists them.
    `subtype` and `more_corners` are of the widget."""
    new = next_number(data)
    left, bottom, right, top = box
    form = b"/Type/XObject/Subtype/Form/BBox [0 0 %d %d]/Resources <</Font <</F1 5 0 R>>>>" % (
        right - left,
        top - bottom,
    )
    placed = b"[%d %d %d %d%b]" % (*box, more_corners)
    appearance = entries.replace(b"%d", b"%d" % new)
    named = b"/FT/Sig/T (%b)/V %d 0 R" % (name.encode(), new + 2)
    widget = b"<</Type/Annot/Subtype%b/Rect %b/P %d 0 R%b" % (subtype, placed, page, appearance)
    fields = {new + 1: widget + named + b">>"}
    if apart:
        fields = {
            new + 1: b"<<%b/Kids [%d 0 R]>>" % (named, new + 3),
            new + 3: widget + b"/Parent %d 0 R>>" % (new + 1),
        }
    value = (
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached"
        b"/M (D:20261201080000Z)%b%b>>"
        % (
            b"/ByteRange [%s]" % (b" " * 40),
            b"/Contents <%s>" % (b"0" * 2 * SPACE_BYTES),
        )
    )
    bodies = {
        new: stream(look, form),
        new + 2: value,
        **fields,
        page: _listed(body_of(data, page), b"/Annots", max(fields)),
    }
    bodies |= _in_form(data, new + 1) if in_form else {}
    written = bytearray(revision(data, bodies))
    at = written.index(b"/Contents <0000", len(data)) + len(b"/Contents ")
    end = at + 2 * SPACE_BYTES + 2
    rest = len(written) - end - (0 if covers else 30)
    numbers = b"0 %d %d %d" % (at, end, rest)
    place = written.index(b"/ByteRange [" + b" " * 40, len(data)) + len(b"/ByteRange [")
    written[place : place + len(numbers)] = numbers
    covered = bytes(written[:at] + written[end : end + rest])
    signer = pyhanko_signer(who)
    cms = _cms(signer, hashlib.sha256(covered if is_of_file else b"").digest())
    written[at + 1 : at + 1 + 2 * len(cms)] = cms.hex().encode()
    return bytes(written)


def _cms(signer: SimpleSigner, digest: bytes) -> bytes:
    made = asyncio.run(signer.async_sign(digest, "sha256"))
    return bytes(made.dump())


def _listed(body: bytes, key: bytes, number: int) -> bytes:
    """The dictionary with the number added to its array, which is direct or missing."""
    for opening in (key + b"[", key + b" ["):
        if opening in body:
            return body.replace(opening, opening + b"%d 0 R " % number, 1)
    return body[:-2] + key + b" [%d 0 R]>>" % number


def _in_form(data: bytes, field: int) -> dict[int, bytes]:
    """The catalog or the form object, with the field in it."""
    catalog = body_of(data, 1)
    form = re.search(rb"/AcroForm (\d+) 0 R", catalog)
    if form is None:
        return {1: _listed(catalog, b"/Fields", field)}
    number = int(form[1])
    return {number: _listed(body_of(data, number), b"/Fields", field)}
