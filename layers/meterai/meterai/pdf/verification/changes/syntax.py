"""A parser of PDF syntax that keeps what other readers decide silently (ISO 32000-1, 7.2, 7.3).

Names are `str` with their slash, strings are `Text`, null is None. A key that a dictionary has
twice with different values is reported in `twins`; `Malformed` is raised for anything that is not
plain syntax. The parser shares no code but that of strings with
the engines that write stamps.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from meterai.pdf.structure.objects import DEEPEST
from meterai.pdf.structure.strings import Text, hexadecimal, literal, text

MAX_HOPS = 32

SPACE = rb"[\0\t\n\f\r ]*+(?:%[^\r\n]*+[\0\t\n\f\r ]*+)*+"  # white space and comments
_ENDS = rb"(?![^\0\t\n\f\r ()<>\[\]{}/%])"
_NAME = rb"/[^\0\t\n\f\r ()<>\[\]{}/%]*+"
_BETWEEN = rb"(?:[\0\t\n\f\r ]|%[^\r\n]*+[\r\n])++"
_TOKEN = re.compile(
    SPACE
    + rb"(?:("
    + _NAME
    + rb")|(\d{1,10}+)"
    + _BETWEEN
    + rb"(\d{1,5}+)"
    + _BETWEEN
    + rb"R"
    + _ENDS
    + rb"|([+-]?+\d{1,20}+)"
    + _ENDS
    + rb"|([+-]?+(?:\d{1,20}+\.\d{0,20}+|\.\d{1,20}+))"
    + _ENDS
    + rb"|\(([^()\\\r]*+)\)|<([\0\t\n\f\r 0-9A-Fa-f]*+)>|(true|false|null)"
    + _ENDS
    + rb"|(<<)|(\[)|(\()|(>>)|(\]))"
)
_NAMED, _REFERENCE, _GENERATION, _INTEGER, _REAL, _PLAIN, _HEXADECIMAL = range(1, 8)
_WORD, _DICTIONARY, _ARRAY, _LITERAL, _DICTIONARY_END, _ARRAY_END = range(8, 14)
_BYTE_ORDER = (b"\xfe\xff", b"\xef\xbb\xbf")
_TEXT_KEYS = {
    *("/T", "/TU", "/TM", "/Lang"),
    *("/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer", "/LastModified"),
    *("/Contents", "/Subj", "/NM", "/CA", "/Reason", "/Location", "/ContactInfo"),
    *("/Name", "/P", "/OutputCondition", "/OutputConditionIdentifier", "/RegistryName"),
    *("/DocumentID", "/OriginalDocumentID"),  # in the /PieceInfo of InDesign's pages
}
"""Their strings are text wherever they mean anything; of all other strings the bytes count. PyHanko
writes the texts of pages and catalogs anew."""
_WORDS = {b"true": True, b"false": False, b"null": None}
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_REFERENCES = re.compile(rb"(?:[\t\n\f\r ]*+\d{1,10} \d{1,5} R(?=[\t\n\f\r \]]))++[\t\n\f\r ]*+\]")


class Malformed(Exception):
    """The bytes are no plain PDF syntax."""


class Dictionary(dict[str, Any]):
    """`twins`: for each key written twice with different values, all of these, in order. The
    entry itself is the last, which viewers take."""

    __slots__ = ("twins",)

    def __init__(self) -> None:
        super().__init__()
        self.twins: dict[str, list[Any]] = {}


class Reference:
    """A reference; `meterai.pdf.structure.objects` calls `get_object`."""

    __slots__ = ("generation", "idnum", "reader")

    def __init__(self, idnum: int, generation: int, reader: Any) -> None:
        self.idnum = idnum
        self.generation = generation
        self.reader = reader

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Reference)
            and self.idnum == other.idnum
            and self.generation == other.generation
        )

    def __hash__(self) -> int:
        return self.idnum

    def get_object(self) -> Any:
        return self.reader.value(self.idnum, self.generation)


class Stream(Dictionary):
    """A stream's dictionary, with its encoded `data`."""

    __slots__ = ("data",)

    def __init__(self, dictionary: Dictionary, data: bytes) -> None:
        super().__init__()
        self.update(dictionary)
        self.twins = dictionary.twins
        self.data = data


def followed(value: Any, read: Callable[[Reference], Any]) -> Any:
    """The object that a reference leads to, by `read`; anything else as it is. None at the end of
    more references to references than any document has."""
    for _ in range(MAX_HOPS):
        if not isinstance(value, Reference):
            return value
        value = read(value)
    return None


def parse(source: bytes, at: int, limit: int, reader: Any) -> tuple[Any, int]:
    """The value that starts at `at`, and its end, at most `limit`. Raises Malformed."""
    token = _TOKEN.match(source, at, limit)
    if token is None:
        raise Malformed(f"token at {at}")
    return _value(token, source, limit, reader, 0)


def _value(
    token: "re.Match[bytes]", source: bytes, limit: int, reader: Any, depth: int
) -> tuple[Any, int]:
    kind, end = token.lastindex or 0, token.end()
    match kind:
        case 1:
            return name(token[_NAMED]), end
        case 3:
            return Reference(int(token[_REFERENCE]), int(token[_GENERATION]), reader), end
        case 4:
            return int(token[_INTEGER]), end
        case 5:
            return float(token[_REAL]), end
        case 6:
            return text(token[_PLAIN]), end
        case 7:
            return hexadecimal(token[_HEXADECIMAL]), end
        case 8:
            return _WORDS[token[_WORD]], end
        case 11:
            found = literal(source, end, limit)
            if found is None:
                raise Malformed("string")
            return found
    if depth == DEEPEST:
        raise Malformed("nesting")
    if kind == _DICTIONARY:
        return _dictionary(source, end, limit, reader, depth + 1)
    if kind == _ARRAY:
        return _array(source, end, limit, reader, depth + 1)
    raise Malformed(f"end without a start at {end}")


def _dictionary(
    source: bytes, at: int, limit: int, reader: Any, depth: int
) -> tuple[Dictionary, int]:
    made = Dictionary()
    match = _TOKEN.match
    while key := match(source, at, limit):
        if key.lastindex == _DICTIONARY_END:
            return made, key.end()
        token = match(source, key.end(), limit)
        if key.lastindex != _NAMED or token is None:
            break
        value, at = _value(token, source, limit, reader, depth)
        called = name(key[_NAMED])
        if called in made:
            earlier = made.twins.pop(called, [made[called]])
            if len(earlier) > 1 or not same(earlier[0], value):
                made.twins[called] = [*earlier, value]
        made[called] = value
    raise Malformed(f"dictionary at {at}")


def _array(source: bytes, at: int, limit: int, reader: Any, depth: int) -> tuple[list[Any], int]:
    alike = _REFERENCES.match(source, at, limit)
    if alike:  # thousands of fields or annotations
        words = source[at : alike.end() - 1].split()
        pairs = zip(words[::3], words[1::3], strict=True)
        return [Reference(int(one), int(two), reader) for one, two in pairs], alike.end()
    made: list[Any] = []
    while token := _TOKEN.match(source, at, limit):
        if token.lastindex == _ARRAY_END:
            return made, token.end()
        item, at = _value(token, source, limit, reader, depth)
        made.append(item)
    raise Malformed(f"array at {at}")


def name(written: bytes) -> str:
    """A name with its escapes decoded, slash included (7.3.5)."""
    if b"#" in written:
        written = _ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode("ascii")), written)
    return str(written, "latin-1")


def same(one: Any, other: Any) -> bool:
    """Whether both are written alike but for white space, order of keys and form of numbers."""
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and one.keys() == other.keys()
            and stream_data(one) == stream_data(other)
            and all(same_entry(key, value, other[key]) for key, value in one.items())
            and not differing_twins(one, other)
        )
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Text) and isinstance(other, Text):
        return one.encoded == other.encoded
    numbers = type(one) in (int, float) and type(other) in (int, float)
    return (type(one) is type(other) or numbers) and bool(one == other)


def same_entry(key: str, one: Any, other: Any) -> bool:
    """As `same`, but a text may be written as UTF-16 or in PDF's own encoding (7.9.2.2)."""
    if key in _TEXT_KEYS and isinstance(one, Text) and isinstance(other, Text):
        marked = one.encoded.startswith(_BYTE_ORDER) != other.encoded.startswith(_BYTE_ORDER)
        return one.encoded == other.encoded or (marked and str(one) == str(other))
    return same(one, other)


def differing_twins(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    """The keys that one of them has twice, and not with the same values in both."""
    ours, theirs = twins_in(one), twins_in(other)
    return {key for key in {*ours, *theirs} if not same(ours.get(key), theirs.get(key))}


def twins_in(value: dict[str, Any]) -> dict[str, list[Any]]:
    return getattr(value, "twins", {})


def stream_data(value: dict[str, Any]) -> bytes | None:
    return value.data if isinstance(value, Stream) else None


def dictionaries(value: Any) -> Iterator[dict[str, Any]]:
    """The dictionaries in a value, itself included; references are not followed."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def references(value: Any) -> Iterator[Reference]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Reference):
            yield one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
