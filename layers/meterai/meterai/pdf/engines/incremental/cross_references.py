"""The offsets of objects: a file's chain of cross-reference sections (ISO 32000-1, 7.5.4, 7.5.8).

Table entries are twenty bytes at a computable offset, so they are read only when looked up. Streams
are inflated. All sections of a chain have the same kind; hybrid and encrypted files are
Unsupported.
"""

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from itertools import pairwise
from typing import Any, NamedTuple, TypeGuard

from meterai.domain.errors import DocumentAmbiguous
from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.flate import inflated, without_prediction
from meterai.pdf.engines.incremental.streams import MAX_DICTIONARY_BYTES, read_stream
from meterai.pdf.engines.incremental.syntax import Array, Dictionary, Reference, parse
from meterai.pdf.structure.objects import HIGHEST_OBJECT_NUMBER

MAX_SECTIONS = 128
MAX_OVERLAPPING_ENTRIES = 20_000
MAX_INFLATED_BYTES = 6 * 1024 * 1024
MAX_TRAILER_BYTES = 256 * 1024
"""Of all sections together."""

_START = re.compile(rb"startxref[\r\n ]+(\d{1,10})[\r\n ]+%%EOF")
_TABLE = re.compile(rb"xref[ ]*+[\r\n]++")
_SUBSECTION = re.compile(rb"(\d{1,10}) (\d{1,10})[ ]*+(?:\r\n|\n|\r)")
_FREE = re.compile(rb" \d{5} f")
_TRAILER = re.compile(rb"[\r\n ]*+trailer[\r\n ]*+(?=<<)")
_ENTRY_BYTES = 20


class InStream(NamedTuple):
    stream: int
    place: int


Entry = int | InStream | None
"""The location of an object: its offset, or its place in an object stream. None: it is null."""

_UNKNOWN = object()


class _Section(ABC):
    """Subsections: the first object number, the count, and the location of the first entry.

    Raises Unsupported where two overlap, DocumentAmbiguous where they contradict each other."""

    def __init__(self, subsections: list[tuple[int, int, int]]) -> None:
        self._subsections = sorted(subsections)
        self._starts = [first for first, _, _ in self._subsections]
        for (first, count, _), (following, _, _) in pairwise(self._subsections):
            if first + count > following:
                self._refuse_contradiction()
                raise Unsupported("subsections overlap")

    def _refuse_contradiction(self) -> None:
        if sum(count for _, count, _ in self._subsections) > MAX_OVERLAPPING_ENTRIES:
            return
        rows: dict[int, bytes] = {}
        for first, count, place in self._subsections:
            for after in range(count):
                row = self._row_text(place, after)
                if first + after and rows.setdefault(first + after, row) != row:
                    raise DocumentAmbiguous(cause="object_listed_twice", object=first + after)

    def find(self, number: int) -> Any:
        """The entry; _UNKNOWN where the section does not list the object."""
        at = bisect_right(self._starts, number) - 1
        if at < 0:
            return _UNKNOWN
        first, count, place = self._subsections[at]
        if number >= first + count:
            return _UNKNOWN
        return self._entry(place, number - first)

    @abstractmethod
    def _entry(self, place: int, after: int) -> Any:
        """The entry `after` entries behind the one at `place`. Raises Unsupported."""

    @abstractmethod
    def _row_text(self, place: int, after: int) -> bytes:
        """Its source."""


class Table(_Section):
    """A section of twenty-byte entries, each read when it is looked up."""

    inflated_bytes = 0

    def __init__(self, data: bytes, subsections: list[tuple[int, int, int]]) -> None:
        self._data = data
        super().__init__(subsections)

    def _entry(self, place: int, after: int) -> Any:
        place += _ENTRY_BYTES * after
        offset, rest = self._data[place : place + 10], self._data[place + 10 : place + 18]
        if rest == b" 00000 n" and offset.isdigit():
            return int(offset)
        if offset.isdigit() and _FREE.fullmatch(rest):
            return None
        raise Unsupported("entry")

    def _row_text(self, place: int, after: int) -> bytes:
        start = place + _ENTRY_BYTES * after
        return self._data[start : start + 18]


class Stream(_Section):
    """A section in a stream: `widths` of the three fields of each row (7.5.8.2, 7.5.8.3)."""

    def __init__(
        self, rows: bytes, widths: tuple[int, int, int], subsections: list[tuple[int, int, int]]
    ) -> None:
        self._rows = rows
        self._widths = widths
        self._row = sum(widths)
        self.inflated_bytes = len(rows)
        super().__init__(subsections)

    def _entry(self, place: int, after: int) -> Any:
        start = self._row * (place + after)
        kind_width, second_width, _ = self._widths
        second_at = start + kind_width
        third_at = second_at + second_width
        kind = int.from_bytes(self._rows[start:second_at], "big") if kind_width else 1
        second = int.from_bytes(self._rows[second_at:third_at], "big")
        third = int.from_bytes(self._rows[third_at : start + self._row], "big")
        if kind == 0:
            return None
        if kind == 2:
            return InStream(second, third)
        if kind != 1 or third != 0:
            raise Unsupported("entry")
        return second

    def _row_text(self, place: int, after: int) -> bytes:
        start = self._row * (place + after)
        return self._rows[start : start + self._row]


class Chain(NamedTuple):
    """All sections, newest first; `trailer` and `start` are those of the newest."""

    sections: list[Table] | list[Stream]
    trailer: Dictionary
    start: int
    size: int
    has_streams: bool

    def find(self, number: int) -> Entry:
        """The location of the object, from the newest section that lists it (7.3.10)."""
        for section in self.sections:
            entry: Entry = section.find(number)
            if entry is not _UNKNOWN:
                return entry
        return None


def read_chain(data: bytes) -> Chain:
    """Every section from the last `startxref` on. Raises Unsupported, DocumentAmbiguous."""
    end = _START.match(data, data.rfind(b"startxref"))
    if end is None:
        raise Unsupported("startxref")
    newest = at = int(end[1])
    has_streams = not data.startswith(b"xref", at)
    read = _read_stream if has_streams else _read_table
    sections: list[Any] = []
    newest_trailer: Dictionary | None = None
    seen: set[int] = set()
    size = inflated_bytes = trailer_bytes = 0
    while True:
        if at in seen or len(seen) == MAX_SECTIONS:
            raise Unsupported("chain")
        seen.add(at)
        section, trailer, above = read(data, at)
        declared = trailer.get("/Size")
        if type(declared) is not int or not above <= declared <= HIGHEST_OBJECT_NUMBER:
            raise Unsupported("size")
        if "/XRefStm" in trailer or "/Encrypt" in trailer:
            raise Unsupported("hybrid or encrypted")
        size = max(size, declared)
        inflated_bytes += section.inflated_bytes
        trailer_bytes += trailer.end - trailer.start
        if inflated_bytes > MAX_INFLATED_BYTES or trailer_bytes > MAX_TRAILER_BYTES:
            raise Unsupported("chain")
        sections.append(section)
        newest_trailer = newest_trailer or trailer
        before = trailer.get("/Prev")
        if before is None:
            break
        if type(before) is not int or not 0 < before < len(data):
            raise Unsupported("chain")
        at = before
    if newest_trailer["/Size"] != size:
        raise Unsupported("size")
    if not isinstance(newest_trailer.get("/Root"), Reference):
        raise Unsupported("root")
    return Chain(sections, newest_trailer, newest, size, has_streams)


def _read_table(data: bytes, at: int) -> tuple[Table, Dictionary, int]:
    """The table at `at`, its trailer, and the number above its highest."""
    keyword = _TABLE.match(data, at)
    if keyword is None:
        raise Unsupported("table")
    at = keyword.end()
    subsections = []
    while header := _SUBSECTION.match(data, at):
        first, count = int(header[1]), int(header[2])
        at = header.end()
        if count:
            subsections.append((first, count, at))
            _refuse_malformed(data[at : at + _ENTRY_BYTES * count])
            at += _ENTRY_BYTES * count
    trailer = _TRAILER.match(data, at)
    if trailer is None:
        raise Unsupported("trailer")
    value, _ = parse(data, trailer.end(), None, trailer.end() + MAX_DICTIONARY_BYTES)
    if not isinstance(value, Dictionary):
        raise Unsupported("trailer")
    return Table(data, subsections), value, _above(subsections)


def _refuse_malformed(rows: bytes) -> None:
    """Check the format of all entries. We read entries one by one, but other readers read all of
    them and rebuild the file, each in its own way, if one is malformed. Raises Unsupported."""
    rest = rows.translate(None, b"0123456789")
    for kind in (b"  n", b"  f"):
        for ending in (b" \n", b"\r\n", b" \r"):
            rest = rest.replace(kind + ending, b"")
    if rest:
        raise Unsupported("entry")


def _read_stream(data: bytes, at: int) -> tuple[Stream, Dictionary, int]:
    """The stream at `at`, its dictionary, and the number above its highest."""
    _, trailer, encoded = read_stream(data, at)
    widths, index = trailer.get("/W"), trailer.get("/Index", [0, trailer.get("/Size")])
    if trailer.get("/Type") != "/XRef" or not _whole(widths, 8) or len(widths) != 3:
        raise Unsupported("cross-reference stream")
    if not _whole(index, HIGHEST_OBJECT_NUMBER) or len(index) % 2:
        raise Unsupported("index")
    subsections = []
    place = 0
    for first, count in zip(index[::2], index[1::2], strict=True):
        if count:
            subsections.append((first, count, place))
        place += count
    row = sum(widths)
    if row == 0 or place * row > MAX_INFLATED_BYTES:
        raise Unsupported("cross-reference stream")
    filtered = trailer.get("/Filter")
    if filtered is None:
        rows = encoded
    else:
        predicted = trailer.get("/DecodeParms") is not None
        rows = inflated(trailer, encoded, place * (row + predicted))
        rows = without_prediction(trailer, rows, row)
    if len(rows) != place * row:
        raise Unsupported("cross-reference stream")
    return (
        Stream(rows, (widths[0], widths[1], widths[2]), subsections),
        trailer,
        _above(subsections),
    )


def _whole(numbers: Any, highest: int) -> TypeGuard[list[int]]:
    """Whether it is an array of integers from 0 to `highest`."""
    return isinstance(numbers, (Array, list)) and all(
        type(number) is int and 0 <= number <= highest for number in numbers
    )


def _above(subsections: list[tuple[int, int, int]]) -> int:
    return max((first + count for first, count, _ in subsections), default=0)
