"""The objects of a file in one of its states, by number: as issued, or after a later revision.

The issued revision is read leniently, because its bytes are proven and its damage is no change. A
body that is no plain syntax is kept as `Unparsed`.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from meterai.pdf.verification.changes.cross_references import (
    FREE,
    HEADER,
    IN_FILE,
    IN_STREAM,
    STREAM,
    Entry,
    Section,
    decoded,
    read_section,
)
from meterai.pdf.verification.changes.syntax import (
    Dictionary,
    Malformed,
    Stream,
    followed,
    parse,
    references,
)

TRAILER = -1
"""Stands for the newest trailer among numbers of objects."""
MAX_SECTIONS = 10_000
MAX_OBJECT_STREAM_BYTES = 16 * 1024 * 1024
MAX_ALL_OBJECT_STREAMS_BYTES = 64 * 1024 * 1024

_START = re.compile(rb"startxref[\0\t\n\f\r ]++(\d{1,10})[\0\t\n\f\r ]++%%EOF")
_BODY_END = re.compile(rb">>[\0\t\n\f\r ]*+stream[\r\n]|(?<![^\0\t\n\f\r ()<>\[\]{}])endobj")
_REFERENCE = re.compile(
    rb"(\d{1,10}+)[\0\t\n\f\r ]++\d{1,5}+[\0\t\n\f\r ]++R(?![^\0\t\n\f\r ()<>\[\]{}/%])"
)


class Decryption(Protocol):
    """Takes the number and generation of the object that a stream or value is of."""

    def stream(self, stream: Stream, number: int, generation: int) -> Stream: ...

    def strings(self, value: Any, number: int, generation: int) -> Any: ...


class Unreadable(Exception):
    """The issued revision cannot be followed by this reader: nothing can be compared."""


@dataclass(frozen=True, slots=True)
class Unparsed:
    """An object whose bytes are no plain syntax."""

    source: bytes


@dataclass(frozen=True, slots=True)
class ObjectStream:
    """`members`: number, start and end of each, in order. `source` is inflated."""

    source: bytes
    members: list[tuple[int, int, int]]


@dataclass(slots=True)
class Objects:
    """`entries`: of the objects in use. `start`: where the newest cross-references are. `trailer`
    is the newest. `sections`: the numbers of cross-reference streams."""

    data: bytes
    end: int
    entries: dict[int, Entry]
    trailer: Dictionary
    start: int
    size: int
    sections: set[int] = field(default_factory=set)
    encryption: Decryption | None = None
    values: dict[tuple[int, int], Any] = field(default_factory=dict)
    streams: dict[int, ObjectStream | None] = field(default_factory=dict)
    inflated_bytes: int = 0

    def value(self, number: int, generation: int = 0) -> Any:
        """The object; None where there is none, or only in another generation."""
        entry = self.entries.get(number)
        if entry is None or (entry.detail if entry.kind == IN_FILE else 0) != generation:
            return None
        key = (number, generation)
        if key not in self.values:
            self.values[key] = self._read(number, entry)
        return self.values[key]

    def current(self, number: int) -> Any:
        """The object in whatever generation it is in use."""
        entry = self.entries.get(number)
        return None if entry is None else self.value(number, generation_of(entry))

    def follow(self, value: Any) -> Any:
        return followed(value, lambda one: self.value(one.idnum, one.generation))

    def _read(self, number: int, entry: Entry) -> Any:
        if entry.kind == IN_STREAM:
            found = self.object_stream(entry.place)
            member = found.members[entry.detail : entry.detail + 1] if found else []
            if found is None or not member or member[0][0] != number:
                return None
            _, start, end = member[0]
            return _lenient(found.source, start, end, self)
        header = HEADER.match(self.data, entry.place, self.end)
        if header is None or int(header[1]) != number:
            return None
        value = _lenient(self.data, header.end(), self.end, self)
        if self.encryption is not None:
            return self.encryption.strings(value, number, entry.detail)
        return value

    def object_stream(self, number: int) -> ObjectStream | None:
        if number not in self.streams:
            self.streams[number] = self._object_stream(number)
        return self.streams[number]

    def _object_stream(self, number: int) -> ObjectStream | None:
        entry = self.entries.get(number)
        stream = self.current(number)
        if entry is None or entry.kind != IN_FILE or not isinstance(stream, Stream):
            return None
        if self.encryption is not None:
            stream = self.encryption.stream(stream, number, entry.detail)
        try:
            found = read_object_stream(stream)
        except Malformed:
            return None
        self.inflated_bytes += len(found.source)
        if self.inflated_bytes > MAX_ALL_OBJECT_STREAMS_BYTES:
            raise Unreadable("object streams")
        return found

    def referrers(self, wanted: Collection[int]) -> Mapping[int, set[int]]:
        """For each wanted number, the objects that refer to it, and TRAILER."""
        found: dict[int, set[int]] = {}
        spelled = {b"%d" % number: number for number in wanted}
        for number, source in self._sources():
            for digits in set(_REFERENCE.findall(source)):
                target = spelled.get(digits.lstrip(b"0"))
                if target is not None:
                    found.setdefault(target, set()).add(number)
        for reference in references(self.trailer):
            if reference.idnum in wanted:
                found.setdefault(reference.idnum, set()).add(TRAILER)
        return found

    def _sources(self) -> Iterator[tuple[int, bytes]]:
        """Number and syntax of each object, comments taken out of those that have any."""
        data = self.data
        for number, entry in self.entries.items():
            if entry.kind == IN_FILE:
                end = _BODY_END.search(data, entry.place, self.end)
                source = data[entry.place : end.end() if end else self.end]
                if b"(" in source or b"%" in source:
                    source = b" ".join(_spelled(self.current(number)))
                yield number, source
            elif entry.kind == IN_STREAM:
                found = self.object_stream(entry.place)
                if found is not None and entry.detail < len(found.members):
                    _, start, end_at = found.members[entry.detail]
                    source = found.source[start:end_at]
                    if b"%" in source:
                        source = b" ".join(_spelled(self.current(number)))
                    yield number, source


def generation_of(entry: Entry) -> int:
    return entry.detail if entry.kind == IN_FILE else 0


def read_issued(data: bytes, end: int) -> Objects:
    """The state of the first `end` bytes. Raises Unreadable."""
    marker = _START.match(data, max(0, data.rfind(b"startxref", 0, end)), end)
    if marker is None:
        raise Unreadable("startxref")
    start = int(marker[1])
    known: dict[int, Entry] = {}
    newest: Dictionary | None = None
    size, seen, sections = 0, set[int](), set[int]()
    at: int | None = start
    while at is not None and at not in seen and len(seen) < MAX_SECTIONS:
        seen.add(at)
        section = _section(data, at, end)
        beside = section.trailer.get("/XRefStm")
        sections |= {section.number} if section.number is not None else set()
        entries = section.entries
        if type(beside) is int:  # its entries count where the table has none in use (7.5.8.4)
            used = [one for one in entries if one[1].kind != FREE]
            stream = _section(data, beside, end)
            sections |= {stream.number} if stream.number is not None else set()
            entries = [*used, *stream.entries, *entries]
        for number, entry in entries:
            known.setdefault(number, entry)
        newest = newest if newest is not None else section.trailer
        declared, before = section.trailer.get("/Size"), section.trailer.get("/Prev")
        size = max(size, declared if type(declared) is int else 0)
        at = int(before) if isinstance(before, (int, float)) else None
    assert newest is not None
    in_use = {
        number: entry for number, entry in known.items() if entry.kind in (IN_FILE, IN_STREAM)
    }
    return Objects(data, end, in_use, newest, start, size, sections)


def _section(data: bytes, at: int, end: int) -> Section:
    try:
        section = read_section(data, at, end)
    except Malformed as problem:
        raise Unreadable(f"cross-references at {at}: {problem}") from problem
    entries = section.entries
    first = entries[0] if entries and section.number is None else None
    if first == (1, (FREE, 0, 65_535)):  # a common slip: the table starts with object 0
        return replace(section, entries=[(number - 1, entry) for number, entry in entries])
    return section


def read_object_stream(stream: Stream) -> ObjectStream:
    """Raises Malformed. Members lie in the order of their offsets, each up to the next one."""
    count, first = stream.get("/N"), stream.get("/First")
    if type(count) is not int or type(first) is not int or stream.get("/Type") != "/ObjStm":
        raise Malformed("object stream")
    source = decoded(stream, MAX_OBJECT_STREAM_BYTES)
    words = source[:first].split(maxsplit=2 * count)[: 2 * count]
    if not 0 <= count <= 100_000 or len(words) != 2 * count or not all(map(bytes.isdigit, words)):
        raise Malformed("object stream")
    starts = [first + int(word) for word in words[1::2]]
    ends = sorted({*starts, len(source)})
    members = [
        (int(number), start, ends[bisect_right(ends, start)] if start < len(source) else start)
        for number, start in zip(words[::2], starts, strict=True)
    ]
    return ObjectStream(source, members)


def _lenient(source: bytes, start: int, limit: int, reader: Any) -> Any:
    try:
        value, end = parse(source, start, limit, reader)
    except Malformed:
        end = source.find(b"endobj", start, limit)
        return Unparsed(source[start : end if end >= 0 else limit])
    keyword = STREAM.match(source, end, limit) if isinstance(value, Dictionary) else None
    if keyword is None or not isinstance(value, Dictionary):
        return value
    length = reader.follow(value.get("/Length"))
    after = keyword.end() + length if type(length) is int and length >= 0 else -1
    if after < 0 or source.find(b"endstream", after, after + 32) < 0:
        after = source.find(b"endstream", keyword.end(), limit)
    return Stream(value, source[keyword.end() : after if after >= 0 else limit])


def _spelled(value: Any) -> list[bytes]:
    """The references in a value, as in a file without comments."""
    if isinstance(value, Unparsed):
        return [value.source, re.sub(rb"%[^\r\n]*+", b" ", value.source)]
    return [b"%d %d R" % (one.idnum, one.generation) for one in references(value)]
