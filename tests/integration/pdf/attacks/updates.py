"""Incremental updates written by hand, so that each fault in them is meant."""

import re
from collections.abc import Mapping

_START = re.compile(rb"startxref\s+(\d+)")
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_SIZE = re.compile(rb"/Size (\d+)")
_ID = re.compile(rb"/ID\s*(\[.*?\])", re.DOTALL)


def startxref(data: bytes) -> int:
    return int(_START.findall(data)[-1])


def trailer_of(data: bytes, *, size: int = 0, extra: bytes = b"") -> bytes:
    """The entries of an ordinary trailer for the next revision."""
    (root, *_) = reversed(_ROOT.findall(data))
    size = max(size, *map(int, _SIZE.findall(data)))
    return b"/Size %d/Root %b 0 R/Prev %d%b" % (size, root, startxref(data), extra)


def encryption_of(data: bytes) -> bytes:
    """The entries of a trailer that every revision of an encrypted file repeats."""
    number = int(data[data.rindex(b"/Encrypt") :].split()[1])
    return b"/Encrypt %d 0 R/ID%b" % (number, _ID.findall(data)[-1])


def table(offsets: Mapping[int, int]) -> bytes:
    return b"".join(b"%d 1\n%010d 00000 n \n" % one for one in sorted(offsets.items()))


def revision(
    data: bytes, bodies: Mapping[int, bytes], *, extra: bytes = b"", rows: bytes = b"", end: int = 0
) -> bytes:
    """`data` with these objects in a further revision. `extra` are entries of the trailer, `rows`
    of the table; `end` is the number of bytes of `data` that earlier revisions are read from."""
    written = bytearray(data)
    offsets = {}
    for number, body in bodies.items():
        offsets[number] = len(written)
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    trailer = trailer_of(data[: end or len(data)], size=max(bodies, default=0) + 1, extra=extra)
    return closed(bytes(written), table(offsets) + rows, trailer)


def closed(written: bytes, rows: bytes, trailer: bytes) -> bytes:
    """With a table of these rows, a trailer and the end."""
    at = len(written)
    return written + b"xref\n%btrailer\n<<%b>>\nstartxref\n%d\n%%%%EOF\n" % (rows, trailer, at)


def with_objects(data: bytes, bodies: Mapping[int, bytes]) -> tuple[bytes, dict[int, int]]:
    """`data` followed by bare objects, and their offsets."""
    written, offsets = bytearray(data), {}
    for number, body in bodies.items():
        offsets[number] = len(written)
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    return bytes(written), offsets


def body_of(data: bytes, number: int) -> bytes:
    """The newest body of an object that is no stream, as written."""
    found = re.findall(rb"(?<![0-9])%d 0 obj\s(.*?)\sendobj" % number, data, re.DOTALL)
    return bytes(found[-1])


def next_number(data: bytes) -> int:
    return max(map(int, _SIZE.findall(data)))


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(content), content)


def signature_field(data: bytes) -> int:
    """The object number of the newest e-meterai's field."""
    return int(re.findall(rb"(?<![0-9])(\d+) 0 obj\s<</Type/Annot/Subtype/Widget/FT/Sig", data)[-1])
