"""A document's objects by number: read on demand, replaced where an update changes them."""

import re
from collections import Counter
from typing import Any, NamedTuple

from meterai.domain.errors import DocumentAmbiguous
from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.cross_references import InStream, read_chain
from meterai.pdf.engines.incremental.flate import inflated
from meterai.pdf.engines.incremental.streams import END, HEADER, read_stream
from meterai.pdf.engines.incremental.syntax import Dictionary, parse

MAX_OBJECT_STREAM_BYTES = 2 * 1024 * 1024
MAX_ALL_OBJECT_STREAMS_BYTES = 8 * 1024 * 1024
MAX_OBJECTS_IN_STREAMS = 100_000
MAX_SYNTAX_BYTES = 384 * 1024
"""Parsed objects may take ninety times the memory; a form of 700 fields has about this size."""
MAX_APPEARANCE_BYTES = 256 * 1024
MAX_LEAF_BYTES = 16 * 1024

_VERSION = re.compile(rb"%PDF-(\d)\.(\d)[\r\n \t]")
_CATALOG_VERSION = re.compile(r"/(\d)\.(\d)")


class Placed(NamedTuple):
    """A value, its source, and its range in the source."""

    value: Any
    source: bytes
    start: int
    end: int


class _ObjectStream(NamedTuple):
    """Decoded. `header`: the objects' numbers, each followed by its place after `first`."""

    source: bytes
    header: list[int]
    first: int
    listed_twice: frozenset[int]


class Document:
    """`data` with its cross-references read. Raises Unsupported and DocumentAmbiguous, here and
    in every look-up.

    Plain arrays and dictionaries under the keys `unread` are skipped: see `syntax.Unread`."""

    def __init__(self, data: bytes, *, unread: frozenset[str] = frozenset()) -> None:
        self.data = data
        self.unread = unread
        self.chain = read_chain(data)
        self.next_number = self.chain.size
        self.said_again: list[tuple[bytes, int, int]] = []
        """Entries whose key and value a dictionary has already: source, start and end."""
        self._placed: dict[int, Placed] = {}
        self._catalog: Dictionary | None = None
        self._replaced: dict[int, bytes] = {}
        self._object_streams: dict[int, _ObjectStream] = {}
        self._object_stream_bytes = 0
        self._objects_left = MAX_OBJECTS_IN_STREAMS
        self._syntax_bytes_left = MAX_SYNTAX_BYTES

    @property
    def root_number(self) -> int:
        return int(self.chain.trailer["/Root"].idnum)

    @property
    def catalog(self) -> Dictionary:
        """The catalog (ISO 32000-1, 7.7.2). Raises Unsupported where /Root is anything else."""
        if self._catalog is None:
            catalog = self.value(self.root_number)
            if not isinstance(catalog, Dictionary) or catalog.get("/Type") != "/Catalog":
                raise Unsupported("catalog")
            self._catalog = catalog
        return self._catalog

    @property
    def version(self) -> tuple[int, int]:
        """The version in the catalog, else in the header (7.5.2, 7.7.2)."""
        header = _VERSION.match(self.data)
        if header is None:
            raise Unsupported("header")
        in_header = (int(header[1]), int(header[2]))
        if "/Version" not in self.catalog:
            return in_header
        in_catalog = _CATALOG_VERSION.fullmatch(str(self.catalog["/Version"]))
        if in_catalog is None or (int(in_catalog[1]), int(in_catalog[2])) < in_header:
            raise Unsupported("version")  # readers disagree on which of the two counts
        return int(in_catalog[1]), int(in_catalog[2])

    def value(self, number: int) -> Any:
        """The object; None where there is none."""
        return self.placed(number).value

    def placed(self, number: int) -> Placed:
        """The object and its range in the source."""
        known = self._placed.get(number)
        if known is None:
            known = self._placed[number] = self._read(number)
        return known

    def replace(self, number: int, body: bytes) -> None:
        """Replace the object by `body`, in PDF syntax."""
        self._replaced[number] = body
        self._placed.pop(number, None)
        self._catalog = None

    def stream_data(self, number: int) -> bytes:
        """A stream's data, decoded; empty where the object is none."""
        entry = self.chain.find(number)
        if not isinstance(entry, int):
            return b""
        found, stream, encoded = read_stream(self.data, entry)
        if found != number:
            raise Unsupported("object header")
        if "/DecodeParms" in stream:
            raise Unsupported("predictor")
        return inflated(stream, encoded, MAX_APPEARANCE_BYTES) if "/Filter" in stream else encoded

    def close(self) -> None:
        """Drop the parsed objects. Their references point back here, and this cycle would keep
        `data` in memory until the next garbage collection."""
        self._placed.clear()
        self._catalog = None

    def leaf_text(self, number: int) -> bytes:
        """An object's syntax, possibly cut off within strings or comments. Good enough to tell that
        something is not in it."""
        entry = self.chain.find(number)
        if isinstance(entry, int):
            if not self.data.startswith(b"%d 0 obj" % number, entry):
                raise Unsupported("object header")
            end = self.data.find(b"endobj", entry, entry + MAX_LEAF_BYTES)
            if end < 0:
                raise Unsupported("page size")
            return self.data[entry:end]
        if entry is None:
            raise Unsupported("missing object")
        source, start, end = self._in_stream(number, entry)
        return source[start:end]

    def _read(self, number: int) -> Placed:
        body = self._replaced.get(number)
        if body is not None:
            value, end = parse(body, 0, self, len(body))
            return Placed(value, body, 0, end)
        entry = self.chain.find(number)
        if entry is None:
            return Placed(None, b"", 0, 0)
        if isinstance(entry, InStream):
            source, start, end = self._in_stream(number, entry)
            value, stop = self._parse(source, start, end)
            if source[stop:end].strip(b"\0\t\n\f\r "):
                raise Unsupported("object stream")
            return Placed(value, source, start, stop)
        header = HEADER.match(self.data, entry)
        if header is None or int(header[1]) != number:
            raise Unsupported("object header")
        value, end = self._parse(self.data, header.end(), len(self.data))
        if END.match(self.data, end) is None:
            raise Unsupported("endobj")  # streams too: an update never changes one
        return Placed(value, self.data, header.end(), end)

    def _parse(self, source: bytes, at: int, limit: int) -> tuple[Any, int]:
        """As `parse`, within the limit on all parsed syntax of the document."""
        value, end = parse(source, at, self, min(limit, at + self._syntax_bytes_left))
        self._syntax_bytes_left -= end - at
        return value, end

    def _in_stream(self, number: int, entry: InStream) -> tuple[bytes, int, int]:
        """Source, start and end of an object in an object stream (7.5.7)."""
        known = self._object_streams.get(entry.stream)
        if known is None:
            known = self._object_streams[entry.stream] = self._read_object_stream(entry.stream)
        source, header, first = known.source, known.header, known.first
        at = 2 * entry.place
        if at >= len(header) or header[at] != number:
            raise Unsupported("object stream")
        if number in known.listed_twice:
            raise DocumentAmbiguous(cause="object_listed_twice", object=number)
        start = first + header[at + 1]
        end = first + header[at + 3] if at + 3 < len(header) else len(source)
        if not first <= start <= end <= len(source):
            raise Unsupported("object stream")
        return source, start, end

    def _read_object_stream(self, number: int) -> _ObjectStream:
        entry = self.chain.find(number)
        if not isinstance(entry, int):
            raise Unsupported("object stream")
        found, stream, encoded = read_stream(self.data, entry)
        count, first = stream.get("/N"), stream.get("/First")
        if found != number or stream.get("/Type") != "/ObjStm" or "/DecodeParms" in stream:
            raise Unsupported("object stream")
        if type(count) is not int or type(first) is not int or first < 0:
            raise Unsupported("object stream")
        self._objects_left -= count
        self._syntax_bytes_left -= stream.end - stream.start
        if count < 0 or self._objects_left < 0 or self._syntax_bytes_left < 0:
            raise Unsupported("object stream")
        source = encoded
        if "/Filter" in stream:
            source = inflated(stream, encoded, MAX_OBJECT_STREAM_BYTES)
        self._object_stream_bytes += len(source)
        words = source[:first].split(maxsplit=2 * count)
        if (
            self._object_stream_bytes > MAX_ALL_OBJECT_STREAMS_BYTES
            or first > len(source)
            or len(words) != 2 * count
            or (words and (len(max(words, key=len)) > 10 or not b"".join(words).isdigit()))
        ):
            raise Unsupported("object stream")
        header = list(map(int, words))
        numbers = header[::2]
        repeated = Counter(numbers) if len(set(numbers)) < len(numbers) else {}
        twice = frozenset(one for one, times in repeated.items() if times > 1)
        return _ObjectStream(source, header, first, twice)
