"""One revision: new and changed objects, their cross-references, and a trailer (7.5.6)."""

from collections.abc import Iterator, Sequence

from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.document import Document
from meterai.pdf.engines.incremental.field import BYTE_RANGE, UNKNOWN_RANGE
from meterai.pdf.engines.incremental.syntax import Array, Reference
from meterai.pdf.structure.strings import Text

MAX_FILE_BYTES = 2**31 - 1


class Revision:
    """The bytes to append to a document of `at` bytes; `contents` is the range of the signature's
    value in them."""

    def __init__(self, at: int, *, needs_line: bool) -> None:
        self.at = at
        self.offsets: dict[int, int] = {}
        self.contents = (0, 0)
        self._range_at = 0
        self._pieces = [b"\n"] if needs_line else []
        self._end = at + len(self._pieces)
        self.tail = bytearray()

    def add(self, number: int, body: bytes) -> None:
        """Add an object, given as written between `obj` and `endobj`."""
        self.offsets[number] = self._end
        piece = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        self._pieces.append(piece)
        self._end += len(piece)

    def add_written(self, first_number: int, objects: bytes, starts: Sequence[int]) -> None:
        """Add objects with consecutive numbers, written as in a file, with their offsets in it."""
        for number, start in enumerate(starts, first_number):
            self.offsets[number] = self._end + start
        self._write(objects)

    def add_signature(self, number: int, before: bytes, reserved_bytes: int) -> None:
        """Add the signature dictionary: `before`, then the space for its value in hexadecimal."""
        self.offsets[number] = self._end
        head = b"%d 0 obj\n%b" % (number, before)
        start = self._end - self.at + len(head)
        self._range_at = start - len(b"/Contents") - len(UNKNOWN_RANGE)
        self.contents = (start, start + 2 * reserved_bytes + 2)
        self._write(b"%b<%b>>>\nendobj\n" % (head, b"0" * (2 * reserved_bytes)))

    def close(
        self, document: Document, *, size: int, previous: int, identifier: tuple[bytes, bytes]
    ) -> int:
        """Write cross-references and trailer. Returns the offset of the cross-references."""
        start = self._end
        trailer = _trailer(document, previous, identifier)
        if document.chain.has_streams:
            self.offsets[size] = start
            self._write(_stream(size, self.offsets, trailer))
        else:
            self._write(b"%btrailer\n<</Size %d%b>>\n" % (_table(self.offsets), size, trailer))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)
        assert self._end <= MAX_FILE_BYTES
        self.tail = bytearray().join(self._pieces)
        before, after = self.contents
        written = BYTE_RANGE % (self.at + before, self.at + after, len(self.tail) - after)
        assert len(written) == len(UNKNOWN_RANGE)
        self.tail[self._range_at : self._range_at + len(written)] = written
        return start

    @property
    def end(self) -> int:
        return self._end

    def _write(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._end += len(piece)


def _trailer(document: Document, previous: int, identifier: tuple[bytes, bytes]) -> bytes:
    """The trailer's entries without /Size, which tables and streams write in different places."""
    info = document.chain.trailer.get("/Info")
    if info is not None and not isinstance(info, Reference):
        raise Unsupported("info")
    return b"/Root %d 0 R%b/ID[<%b><%b>]/Prev %d" % (
        document.root_number,
        b"/Info %d 0 R" % info.idnum if info is not None else b"",
        identifier[0].hex().encode("ascii"),
        identifier[1].hex().encode("ascii"),
        previous,
    )


def permanent_identifier(document: Document) -> bytes | None:
    """The permanent half of the file identifier, if there is one (14.4)."""
    identifier = document.chain.trailer.get("/ID")
    if identifier is None:
        return None
    if not isinstance(identifier, Array) or len(identifier) != 2:
        raise Unsupported("identifier")
    permanent = identifier[0]
    if not isinstance(permanent, Text):
        raise Unsupported("identifier")
    return permanent.encoded


def _table(offsets: dict[int, int]) -> bytes:
    lines = [b"xref\n"]
    for first, count in _runs(sorted(offsets)):
        rows = [offsets[number] for number in range(first, first + count)]
        lines.append(b"%d %d\n" % (first, count) + b"%010d 00000 n \n" * count % tuple(rows))
    return b"".join(lines)


def _stream(number: int, offsets: dict[int, int], trailer: bytes) -> bytes:
    """Rows of type (1 byte) and offset (4 bytes); the generation is omitted, 0. Not deflated: too
    short for it to help."""
    numbers = sorted(offsets)
    index = b" ".join([b"%d %d" % run for run in _runs(numbers)])
    rows = b"".join([b"\1" + offsets[number].to_bytes(4, "big") for number in numbers])
    dictionary = b"<</Type/XRef/W[1 4 0]/Index[%b]/Size %d%b/Length %d>>" % (
        index,
        number + 1,
        trailer,
        len(rows),
    )
    return b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (number, dictionary, rows)


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Consecutive numbers as (first, count). The last run is the longest: the new objects."""
    first = following = numbers[0]
    left = len(numbers)
    for number in numbers:
        if number != following:
            yield first, following - first
            first = number
        if numbers[-1] - number == left - 1:
            break
        following = number + 1
        left -= 1
    yield first, numbers[-1] + 1 - first
