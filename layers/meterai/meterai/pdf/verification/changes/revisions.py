"""The revisions after the issued bytes, read strictly (ISO 32000-1, 7.5.6).

What follows must be revisions and nothing else: objects, each listed once by the cross-references
of its own revision; these cross-references; and an end that names them. A later reading, also by a
reader that rebuilds the file from its bodies, then finds the same objects. Anything that leaves
readers a choice raises `Ambiguous`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from meterai.pdf.structure.objects import HIGHEST_OBJECT_NUMBER
from meterai.pdf.verification.changes.blank import MAX_BLANK_BYTES
from meterai.pdf.verification.changes.cross_references import (
    FREE,
    IN_FILE,
    IN_STREAM,
    STREAM,
    Entry,
    Section,
    read_section,
)
from meterai.pdf.verification.changes.objects import (
    Objects,
    ObjectStream,
    generation_of,
    read_object_stream,
)
from meterai.pdf.verification.changes.syntax import (
    Dictionary,
    Malformed,
    Reference,
    Stream,
    parse,
    references,
    same,
)

_BLANK = re.compile(rb"[\0\t\n\f\r ]*+")
_COMMENT = re.compile(rb"%[^\r\n]*+(?:\r\n|\r|\n)")
_TELLING = re.compile(rb"obj|xref|trailer|stream|%EOF|%PDF-|%!PS", re.IGNORECASE)
_OBJECT = re.compile(rb"(\d{1,10}+)[\0\t\n\f\r ]++(\d{1,5}+)[\0\t\n\f\r ]++obj(?![0-9A-Za-z])")
_END_OBJECT = re.compile(rb"[\0\t\n\f\r ]*+endobj(?![0-9A-Za-z])")
_END_STREAM = re.compile(rb"(?:\r\n|\n|\r)?endstream[\0\t\n\f\r ]++endobj(?![0-9A-Za-z])")
_END = re.compile(
    rb"startxref[\0\t\n\f\r ]++(\d{1,10})[\0\t\n\f\r ]++%%EOF(?:\r\n|\n|\r|(?=[\0\t\f ])|\Z)"
)
_BETWEEN = rb"(?:[\0\t\n\v\f\r ]|%[^\r\n]*+[\r\n])"
_ANY_BODY = re.compile(rb"(\d{1,10}+)" + _BETWEEN + rb"++\d++" + _BETWEEN + rb"++obj")
_ANY_TRAILER = re.compile(rb"trailer" + _BETWEEN + rb"*+<<")
_KEPT = ("/Root", "/Encrypt")


class Ambiguous(Exception):
    """Readers may read this revision in different ways. `revision` counts from 1."""

    def __init__(self, revision: int, why: str) -> None:
        super().__init__(why)
        self.revision = revision


@dataclass(slots=True)
class Revision:
    """One later revision. `objects` are those with a body in it; `freed` are no longer in use.
    `start` and `end` are its bytes; `end` is after `%%EOF`. `generations`: of the objects;
    poppler has some that are not 0."""

    number: int
    start: int
    end: int
    trailer: Dictionary
    objects: dict[int, Any]
    freed: set[int]
    generations: dict[int, int]


@dataclass(frozen=True, slots=True)
class Later:
    """`blank_bytes`: after the last revision."""

    revisions: list[Revision]
    blank_bytes: int


@dataclass(frozen=True, slots=True)
class _Body:
    number: int
    generation: int
    value: Any
    end: int
    indirect_length: Reference | None = None


def read_revisions(data: bytes, issued: Objects) -> Later:
    """All revisions after the issued ones. Raises Ambiguous."""
    reader = _Reader(data, issued)
    while reader.at < len(data):
        reader.next()
    return Later(reader.revisions, len(data) - reader.closed)


class _Reader:
    def __init__(self, data: bytes, issued: Objects) -> None:
        self.at = self.closed = issued.end
        self.revisions: list[Revision] = []
        self._data = data
        self._entries = dict(issued.entries)
        self._holders = {one.place for one in issued.entries.values() if one.kind == IN_STREAM}
        self._trailer = issued.trailer
        self._startxref = issued.start
        self._size = issued.size
        self._issued = issued

    def next(self) -> None:
        """The next revision, or the blank bytes at the end."""
        data, start = self._data, self.at
        bodies: dict[int, _Body] = {}
        sections: dict[int, Section] = {}
        blank = _BLANK.match(data, start)
        assert blank is not None
        if blank.end() == len(data):
            self._check(len(data) - self.closed <= MAX_BLANK_BYTES, "blank bytes")
            self.at = len(data)
            return
        after_line = data[start - 1 : start] in (b"\n", b"\r")
        self._check(after_line or re.search(rb"[\r\n]", blank[0]) is not None, "end of line")
        while True:
            blank = _BLANK.match(data, self.at)
            assert blank is not None
            self.at = blank.end()
            if comment := _COMMENT.match(data, self.at):
                self._check(not _TELLING.search(comment[0]), "comment")
                self.at = comment.end()
            elif header := _OBJECT.match(data, self.at):
                self._check(self.at not in bodies, "body")
                bodies[self.at] = body = self._body(header)
                if isinstance(body.value, Stream) and body.value.get("/Type") == "/XRef":
                    sections[self.at] = self._section()
                self.at = body.end
            elif data.startswith(b"xref", self.at):
                sections[self.at] = section = self._section()
                self.at = section.end
            elif end := _END.match(data, self.at):
                self.at = self.closed = end.end()
                self._close(start, int(end[1]), sections, bodies)
                return
            else:
                raise self._ambiguous("bytes that are no part of a revision")

    def _section(self) -> Section:
        try:
            section = read_section(self._data, self.at, len(self._data))
        except Malformed as problem:
            raise self._ambiguous(str(problem)) from problem
        self._check(section.is_regular, "cross-reference table")
        return section

    def _body(self, header: "re.Match[bytes]") -> _Body:
        data = self._data
        number, generation = int(header[1]), int(header[2])
        try:
            value, end = parse(data, header.end(), len(data), None)
        except Malformed as problem:
            raise self._ambiguous(f"object {number}: {problem}") from problem
        keyword = STREAM.match(data, end) if isinstance(value, Dictionary) else None
        if keyword is None or not isinstance(value, Dictionary):
            closed = _END_OBJECT.match(data, end)
            self._check(closed is not None, f"object {number}: endobj")
            assert closed is not None
            return _Body(number, generation, value, closed.end())
        length, indirect = value.get("/Length"), None
        if isinstance(length, Reference):
            indirect = length
            loose = _END_STREAM.search(data, keyword.end())
            length = loose.start() - keyword.end() if loose else -1
        if type(length) is not int or length < 0:
            raise self._ambiguous(f"object {number}: length")
        closed = _END_STREAM.match(data, keyword.end() + length)
        self._check(closed is not None, f"object {number}: endstream")
        assert closed is not None
        stream = Stream(value, data[keyword.end() : keyword.end() + length])
        return _Body(number, generation, stream, closed.end(), indirect)

    def _close(
        self, start: int, at: int, sections: Mapping[int, Section], bodies: Mapping[int, _Body]
    ) -> None:
        self._check(at in sections, "startxref")
        section = sections[at]
        trailer = section.trailer
        for other in sections.values():
            self._check(other is section or _agrees(other, section), "two cross-references")
        self._check_trailer(trailer, section)
        objects: dict[int, Any] = {}
        changed: dict[int, Entry] = {}
        freed, unlisted = set[int](), set(bodies)
        listed = [number for number, _ in section.entries]
        self._check(len(listed) == len(set(listed)), "an object is listed twice")
        for number, entry in section.entries:
            before = self._entries.get(number)
            if entry == before:
                continue
            if entry.kind == FREE:
                freed |= {number} if before is not None else set()
                continue
            self._check(number != 0 and entry.kind in (IN_FILE, IN_STREAM), "entry")
            kept = generation_of(before if before is not None else entry)
            self._check(generation_of(entry) == kept, f"object {number}: generation")
            changed[number] = entry
            if entry.kind == IN_FILE:
                body = bodies.get(entry.place)
                named = body is not None and (body.number, body.generation) == (number, kept)
                self._check(named, f"object {number}: its entry leads elsewhere")
                assert body is not None
                unlisted.discard(entry.place)
                if number != section.number:
                    objects[number] = self._decrypted(body)
        if section.number is not None:
            unlisted.discard(at)  # the stream need not list itself
            changed[section.number] = Entry(IN_FILE, at, 0)
            self._check(section.number not in self._entries, "cross-reference stream")
        self._check(not unlisted, "a body that is not listed")
        lost = self._holders & (freed | changed.keys())
        self._check(not lost, "an object stream that is replaced")
        self._holders |= {entry.place for entry in changed.values() if entry.kind == IN_STREAM}
        self._entries |= changed
        for number in freed:
            del self._entries[number]
        self._check_hidden(start, sections.values(), bodies)
        self._unpack(objects, changed)
        self._check_lengths(bodies, objects)
        for number, value in objects.items():
            is_elsewhere = isinstance(value, Stream) and "/F" in value
            self._check(not is_elsewhere, f"object {number}: its data are in another file")
            self._check_references(number, value)
        generations = {number: generation_of(self._entries[number]) for number in objects}
        self.revisions.append(
            Revision(
                number=self._number,
                start=start,
                end=self.closed,
                trailer=trailer,
                objects=objects,
                freed=freed,
                generations=generations,
            )
        )
        self._trailer, self._startxref = trailer, at

    def _decrypted(self, body: _Body) -> Any:
        encryption = self._issued.encryption
        if encryption is None:
            return body.value
        return encryption.strings(body.value, body.number, body.generation)

    def _check_trailer(self, trailer: Dictionary, section: Section) -> None:
        self._check(not trailer.twins, "trailer")
        self._check("/XRefStm" not in trailer, "hybrid cross-references")
        self._check(type(trailer.get("/Prev")) is int, "/Prev")
        self._check(trailer["/Prev"] == self._startxref, "/Prev skips a revision")
        for key in _KEPT:
            self._check(same(trailer.get(key), self._trailer.get(key)), key)
        if "/Encrypt" in trailer:
            self._check(_same_first(trailer, self._trailer), "/ID")
        size = trailer.get("/Size")
        above = max((number for number, _ in section.entries), default=-1)
        if type(size) is not int or size < max(self._size, above + 1):
            raise self._ambiguous("/Size")
        self._check(above <= HIGHEST_OBJECT_NUMBER, "an object that not all readers find")
        self._check(size <= max(self._size, HIGHEST_OBJECT_NUMBER + 1), "/Size")
        self._size = size

    def _unpack(self, objects: dict[int, Any], changed: Mapping[int, Entry]) -> None:
        """Add the members of object streams, each of which must be listed and be visible."""
        claimed: dict[int, dict[int, int]] = {}
        for number, entry in changed.items():
            if entry.kind == IN_STREAM:
                claimed.setdefault(entry.place, {})[entry.detail] = number
        streams = {
            number
            for number, value in objects.items()
            if isinstance(value, Stream) and value.get("/Type") == "/ObjStm"
        }
        self._check(streams == claimed.keys(), "object streams")
        for holder, places in claimed.items():
            stream = objects[holder]
            self._check("/Extends" not in stream, "/Extends")
            found = self._members(stream, holder)
            members = dict(enumerate(number for number, _, _ in found.members))
            self._check(members == places, "members of an object stream")
            at = min((start for _, start, _ in found.members), default=0)
            for number, start, end in found.members:
                self._check(start == at, "gap in an object stream")
                try:
                    value, at = parse(found.source, start, end, None)
                except Malformed as problem:
                    raise self._ambiguous(f"object {number}: {problem}") from problem
                self._check(not found.source[at:end].strip(b"\0\t\n\f\r "), "object stream")
                self._check(number not in objects, f"object {number} is there twice")
                objects[number] = value
                at = end
            del objects[holder]

    def _members(self, stream: Stream, holder: int) -> ObjectStream:
        if self._issued.encryption is not None:
            stream = self._issued.encryption.stream(stream, holder, 0)
        try:
            return read_object_stream(stream)
        except Malformed as problem:
            raise self._ambiguous(f"object stream {holder}: {problem}") from problem

    def _check_lengths(self, bodies: Mapping[int, _Body], objects: Mapping[int, Any]) -> None:
        for body in bodies.values():
            length = body.indirect_length
            if length is not None:
                found = objects.get(length.idnum, self._issued.follow(length))
                self._check(found == len(body.value.data), f"object {body.number}: length")

    def _check_hidden(
        self, start: int, sections: Iterable[Section], bodies: Mapping[int, _Body]
    ) -> None:
        """A reader that rebuilds the file may take for an object, or for a trailer, what is
        inside a string or a stream."""
        data, end = self._data, self.closed
        for found in _ANY_BODY.finditer(data, start, end):
            is_listed = found.start() in bodies or int(found[1]) not in self._entries
            self._check(is_listed, f"a body inside another at {found.start()}")
        tables = sum(section.number is None for section in sections)
        trailers = sum(1 for _ in _ANY_TRAILER.finditer(data, start, end))
        self._check(trailers == tables, "a trailer inside an object")

    def _check_references(self, number: int, value: Any) -> None:
        """Readers differ in whether a reference of another generation leads to the object."""
        for reference in references(value):
            entry = self._entries.get(reference.idnum)
            if entry is not None and reference.generation != generation_of(entry):
                kept = references(self._issued.current(number))
                self._check(reference in kept, f"object {number}: two generations")

    @property
    def _number(self) -> int:
        return len(self.revisions) + 1

    def _check(self, holds: object, why: str) -> None:
        if not holds:
            raise self._ambiguous(why)

    def _ambiguous(self, why: str) -> Ambiguous:
        return Ambiguous(self._number, why)


def _agrees(other: Section, section: Section) -> bool:
    """Whether cross-references that nothing leads to say no more than those that count: PDFBox
    leaves a stream behind where it writes a table."""
    entries = {entry for entry in other.entries if entry[1].kind != FREE}
    keys = (*_KEPT, "/Prev", "/XRefStm")
    return entries <= set(section.entries) and all(
        same(other.trailer.get(key), section.trailer.get(key)) for key in keys
    )


def _same_first(one: Dictionary, other: Dictionary) -> bool:
    """Whether the permanent halves of the identifiers, which enter the key, are equal."""
    first, second = one.get("/ID"), other.get("/ID")
    return isinstance(first, list) and isinstance(second, list) and same(first[:1], second[:1])
