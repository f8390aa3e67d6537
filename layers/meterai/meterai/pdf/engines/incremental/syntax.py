"""A strict parser of PDF syntax that records source ranges (ISO 32000-1, 7.2 and 7.3).

Dictionaries and arrays know their range in the source, so an update copies the original text and
inserts into it instead of writing objects again. Names are `str` with their slash, null is None. A
number out of bounds, or anything unknown, raises Unsupported. A key with two different values
raises DocumentAmbiguous; with twice the same value it counts once.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import repeat
from typing import Any

from meterai.domain.errors import DocumentAmbiguous
from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.structure.objects import DEEPEST
from meterai.pdf.structure.strings import Text, hexadecimal, literal, text

_ENDS = rb"(?! [^\0\t\n\f\r ()<>\[\]{}/%] )"
_SPACE = rb"[\0\t\n\f\r ]*+ (?: %[^\r\n]*+ [\0\t\n\f\r ]*+ )*+"  # white space and comments
_NAME = rb"/[^\0\t\n\f\r ()<>\[\]{}/%]*+"
_VALUE = (
    _SPACE
    + rb"(?: ("  # 2
    + _NAME
    + rb") | (\d{1,10}+) [\0\t\n\f\r ]++ (?: 0 | (\d{1,5}) ) [\0\t\n\f\r ]++ R"  # 3, 4
    + _ENDS
    + rb"| ([+-]?+\d{1,12}+)"  # 5
    + _ENDS
    + rb"| ([+-]?+(?: \d{1,12}+\.\d{0,20}+ | \.\d{1,20}+ ))"  # 6
    + _ENDS
    + rb"| \(([^()\\\r]*+)\)"  # 7: a string without escapes, as nearly all are
    + rb"| <([\0\t\n\f\r 0-9A-Fa-f]*+)>"  # 8
    + rb"| (true | false | null)"  # 9
    + _ENDS
    + rb"| (<<) | (\[) | (\()"  # 10 to 12
    + rb")"
)
_NAMED, _REFERENCE, _GENERATION, _INTEGER, _REAL, _PLAIN_LITERAL, _HEXADECIMAL = range(2, 9)
_WORD, _DICTIONARY, _ARRAY, _LITERAL, _CLOSED = range(9, 14)
_ENTRY = re.compile(_SPACE + rb"(?: (" + _NAME + rb")" + _VALUE + rb"| (>>) )", re.VERBOSE)
_ITEM = re.compile(rb"()(?:" + _VALUE + rb"|" + _SPACE + rb"(\]) )", re.VERBOSE)
_ALIKE = re.compile(
    rb"(?: (?: [\t\n\f\r\x20]*+ \d{1,10} [\t\n\f\r\x20]++ 0 [\t\n\f\r\x20]++ R"
    rb"(?=[\t\n\f\r\x20\]]) )++ ()"
    rb"| (?: [\t\n\f\r\x20]*+ [+-]?+(?: \d{1,12}(?:\.\d{0,20})?+ | \.\d{1,20} )"
    rb"(?=[\t\n\f\r\x20\]]) )++ )"
    rb"[\t\n\f\r\x20]*+ \]",
    re.VERBOSE,
)
"""An array of references only (pages, annotations, fields), or of numbers only (boxes)."""
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})?")
_PLAIN = rb"[^<>\[\](){}%]*+"
_PLAIN_ARRAY = rb"\[" + _PLAIN + rb"\]"
_REST = {
    _ARRAY: re.compile(_PLAIN + rb"\]"),
    _DICTIONARY: re.compile(
        rb"%b(?:(?:%b|<<%b(?:%b%b)*+>>)%b)*+>>"
        % (_PLAIN, _PLAIN_ARRAY, _PLAIN, _PLAIN_ARRAY, _PLAIN, _PLAIN)
    ),
}
"""The rest of an array or dictionary that has no strings and little nesting."""


class Unread:
    """In place of a value that is not needed: only its range in the source was found."""

    __slots__ = ("start",)

    def __init__(self, start: int) -> None:
        self.start = start


class Dictionary(dict[str, Any]):
    """A dictionary and its range in the source, from `<<` to after `>>`."""

    __slots__ = ("end", "start")

    start: int
    end: int


class Array(list[Any]):
    """An array and its range in the source, from `[` to after `]`."""

    __slots__ = ("end", "start")

    start: int
    end: int


class Reference:
    """A reference to an object of generation 0; `meterai.pdf.structure.objects` calls
    `get_object`."""

    __slots__ = ("idnum", "reader")

    generation = 0

    def __init__(self, idnum: int, reader: Any) -> None:
        self.idnum = idnum
        self.reader = reader

    def get_object(self) -> Any:
        return self.reader.value(self.idnum)

    def stream_data(self) -> bytes:
        return bytes(self.reader.stream_data(self.idnum))


def parse(source: bytes, at: int, reader: Any, limit: int) -> tuple[Any, int]:
    """The value that starts at `at`, and its end, at most `limit`. Raises Unsupported, and
    DocumentAmbiguous where a dictionary has two values of one key."""
    token = _ITEM.match(source, at, limit)
    if token is None or token.lastindex == _CLOSED:
        raise Unsupported("syntax")
    if token.lastindex == _DICTIONARY:  # nearly every object is one
        return _dictionary(source, token.end(), reader, limit, 1)
    return _value(token, source, reader, limit, 0)


def entries(
    source: bytes, dictionary: Dictionary, reader: Any
) -> Iterator[tuple[str, int, int, int]]:
    """For each entry: key, start of the key, start and end of the value."""
    at = dictionary.start + 2
    while (token := _ENTRY.match(source, at, dictionary.end)) and token.lastindex != _CLOSED:
        _, end = _value(token, source, reader, dictionary.end, 0)
        yield name(token[1]), token.start(1), token.end(1), end
        at = end


def _value(
    token: "re.Match[bytes]", source: bytes, reader: Any, limit: int, depth: int
) -> tuple[Any, int]:
    """The value that `token` is or starts, and its end."""
    kind, end = token.lastindex or 0, token.end()
    if make := _CONVERTERS[kind]:
        return make(token[kind]), end
    if kind == _REFERENCE:
        return Reference(int(token[_REFERENCE]), reader), end
    if kind == _LITERAL:
        found = literal(source, end, limit)
        if found is None:
            raise Unsupported("string")
        return found
    if kind == _GENERATION:
        raise Unsupported("generation")
    if depth == DEEPEST:
        raise Unsupported("nesting")
    made = _dictionary if kind == _DICTIONARY else _array
    return made(source, end, reader, limit, depth + 1)


def _dictionary(
    source: bytes, at: int, reader: Any, limit: int, depth: int
) -> tuple[Dictionary, int]:
    made = Dictionary()
    made.start = at - 2
    repeated: dict[str, Any] = {}  # the first value of each repeated key, without unread parts
    match, converters = _ENTRY.match, _CONVERTERS
    while token := match(source, at, limit):
        kind: Any = token.lastindex
        at = token.end()
        if kind == _CLOSED:
            made.end = at
            return made, at
        key = name(token[1])
        if key in made:
            if key not in repeated:
                repeated[key] = _in_full(source, made[key], reader, limit)
            again, at = _value(token, source, None, limit, depth)
            _refuse_another(key, repeated[key], again)
            if reader is not None:
                reader.said_again.append((source, token.start(1), at))
            continue
        make = converters[kind]
        if make is not None:
            made[key] = make(token[kind])
        elif kind == _REFERENCE:
            made[key] = Reference(int(token[_REFERENCE]), reader)
        elif (
            kind in _REST
            and reader is not None
            and key in reader.unread
            and (rest := _REST[kind].match(source, at, limit))
        ):
            made[key], at = Unread(token.start(kind)), rest.end()
        else:
            made[key], at = _value(token, source, reader, limit, depth)
    raise Unsupported("dictionary")


def _in_full(source: bytes, value: Any, reader: Any, limit: int) -> Any:
    """The value; read once more where parts of it may be unread."""
    if reader is None or not isinstance(value, (Dictionary, Array, Unread)):
        return value
    return parse(source, value.start, None, limit)[0]


def _refuse_another(key: str, value: Any, again: Any) -> None:
    """Raises DocumentAmbiguous where the two differ: readers take the first or the last."""
    if not _alike(value, again):
        kinds = {float if type(one) is int else type(one) for one in (value, again)}
        cause = "key_twice" if len(kinds) == 1 else "key_of_two_kinds"
        raise DocumentAmbiguous(cause=cause, key=key)


def _alike(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, Reference):
        return one.idnum == int(other.idnum)
    if isinstance(one, Text):
        return one.encoded == bytes(other.encoded)
    if isinstance(one, Dictionary):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, Array):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)


def _array(source: bytes, at: int, reader: Any, limit: int, depth: int) -> tuple[Array, int]:
    made = Array()
    made.start = at - 1
    alike = _ALIKE.match(source, at, limit)
    if alike is not None:
        made.end = alike.end()
        words = source[at : made.end - 1].split()
        if alike.lastindex:
            made.extend(map(Reference, map(int, words[::3]), repeat(reader)))
        else:
            made.extend([float(word) if b"." in word else int(word) for word in words])
        return made, made.end
    match = _ITEM.match
    while token := match(source, at, limit):
        kind: Any = token.lastindex
        if kind == _CLOSED:
            made.end = token.end()
            return made, made.end
        if make := _CONVERTERS[kind]:
            item, at = make(token[kind]), token.end()
        else:
            item, at = _value(token, source, reader, limit, depth)
        made.append(item)
    raise Unsupported("array")


@lru_cache(2048)
def name(written: bytes) -> str:
    """A name with its escapes decoded, slash included (7.3.5)."""
    if b"#" in written:
        written = _NAME_ESCAPE.sub(_name_character, written)
    return str(written, "latin-1")


def _name_character(escape: "re.Match[bytes]") -> bytes:
    if escape[1] is None:
        raise Unsupported("name")
    return bytes.fromhex(escape[1].decode("ascii"))


_CONVERTERS: list[Callable[[bytes], Any] | None] = [None] * (_CLOSED + 1)
"""The function that converts a token's text, by kind."""
_CONVERTERS[_NAMED] = name
_CONVERTERS[_INTEGER] = int
_CONVERTERS[_REAL] = float
_CONVERTERS[_PLAIN_LITERAL] = text
_CONVERTERS[_HEXADECIMAL] = hexadecimal
_CONVERTERS[_WORD] = {b"true": True, b"false": False, b"null": None}.__getitem__
