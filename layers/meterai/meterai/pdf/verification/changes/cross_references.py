"""One cross-reference section: a table with its trailer, or a stream (ISO 32000-1, 7.5.4, 7.5.8).

Every entry is kept in the order in which it is written, so that a number that is listed twice can
be seen.
"""

import re
import zlib
from dataclasses import dataclass
from typing import Any, NamedTuple

from meterai.pdf.structure.objects import numbers
from meterai.pdf.verification.changes.syntax import (
    SPACE,
    Dictionary,
    Malformed,
    Stream,
    parse,
    references,
)

MAX_ENTRIES = 2_000_000
MAX_TRAILER_BYTES = 1024 * 1024
MAX_SECTION_BYTES = 32 * 1024 * 1024

FREE, IN_FILE, IN_STREAM = 0, 1, 2
HEADER = re.compile(
    SPACE + rb"(\d{1,10}+)[\0\t\n\f\r ]++(\d{1,5}+)[\0\t\n\f\r ]++obj(?![0-9A-Za-z])"
)
STREAM = re.compile(rb"[\0\t\n\f\r ]*+(?:%[^\r\n]*+[\0\t\n\f\r ]*+)*+stream(?:\r\n|\n|\r)")
_END_STREAM = re.compile(rb"[\0\t\n\f\r ]*+endstream[\0\t\n\f\r ]*+endobj")
_TABLE = re.compile(SPACE + rb"xref[\0\t\n\f\r ]++")
_SUBSECTION = re.compile(rb"[\0\t\n\f\r ]*+(\d{1,10}+)[\t ]++(\d{1,10}+)[\t ]*+(?:\r\n|\n|\r)")
_REGULAR = re.compile(rb"(?:\d{10} \d{5} [nf](?: \r| \n|\r\n))*+")
_IRREGULAR = re.compile(rb"[\0\t\n\f\r ]*+(\d{1,10})[\t ]++(\d{1,5})[\t ]++([nf])")
_TRAILER = re.compile(rb"[\0\t\n\f\r ]*+trailer(?![0-9A-Za-z])")
_FILTERS = ("/FlateDecode", ["/FlateDecode"])


class Entry(NamedTuple):
    """FREE; IN_FILE with offset and generation; or IN_STREAM with stream number and index."""

    kind: int
    place: int
    detail: int


@dataclass(frozen=True, slots=True)
class Section:
    """`number`: of the stream object, None for a table. `end`: after the trailer or `endobj`."""

    entries: list[tuple[int, Entry]]
    trailer: Dictionary
    number: int | None
    end: int
    is_regular: bool = True


def read_section(data: bytes, at: int, limit: int) -> Section:
    """The section at `at`. Raises Malformed."""
    keyword = _TABLE.match(data, at, limit)
    return _read_stream(data, at, limit) if keyword is None else _read_table(data, keyword, limit)


def _read_table(data: bytes, keyword: "re.Match[bytes]", limit: int) -> Section:
    at, is_regular = keyword.end(), True
    listed: list[tuple[int, Entry]] = []
    while header := _SUBSECTION.match(data, at, limit):
        first, count, at = int(header[1]), int(header[2]), header.end()
        if len(listed) + count > MAX_ENTRIES:
            raise Malformed("entries")
        end = at + 20 * count
        if end <= limit and _REGULAR.fullmatch(data, at, end):
            rows = [
                (data[row : row + 10], data[row + 11 : row + 16], data[row + 17 : row + 18])
                for row in range(at, end, 20)
            ]
            at = end
        else:
            is_regular = False
            rows = []
            for _ in range(count):
                row = _IRREGULAR.match(data, at, limit)
                if row is None:
                    raise Malformed("entry")
                rows.append((row[1], row[2], row[3]))
                at = row.end()
        listed += [
            (number, Entry(IN_FILE if kind == b"n" else FREE, int(place), int(generation)))
            for number, (place, generation, kind) in enumerate(rows, first)
        ]
    trailer = _TRAILER.match(data, at, limit)
    if trailer is None:
        raise Malformed("trailer")
    dictionary, end = parse(data, trailer.end(), min(limit, at + MAX_TRAILER_BYTES), None)
    if not isinstance(dictionary, Dictionary):
        raise Malformed("trailer")
    return Section(listed, dictionary, None, end, is_regular)


def _read_stream(data: bytes, at: int, limit: int) -> Section:
    header = HEADER.match(data, at, limit)
    if header is None:
        raise Malformed("cross-references")
    dictionary, end = parse(data, header.end(), min(limit, at + MAX_TRAILER_BYTES), None)
    keyword = STREAM.match(data, end, limit)
    length = dictionary.get("/Length") if isinstance(dictionary, Dictionary) else None
    if keyword is None or type(length) is not int or dictionary.get("/Type") != "/XRef":
        raise Malformed("cross-reference stream")
    closed = _END_STREAM.match(data, keyword.end() + length, limit)
    if closed is None:
        raise Malformed("length of the cross-reference stream")
    stream = Stream(dictionary, data[keyword.end() : keyword.end() + length])
    return Section(_rows(stream), dictionary, int(header[1]), closed.end())


def _rows(stream: Stream) -> list[tuple[int, Entry]]:
    widths, size = numbers(stream.get("/W")), stream.get("/Size")
    index = numbers(stream.get("/Index", [0, size]))
    if widths is None or len(widths) != 3 or index is None or len(index) % 2:
        raise Malformed("cross-reference stream")
    kind_bytes, second_bytes, third_bytes = map(int, widths)
    row_bytes = kind_bytes + second_bytes + third_bytes
    if min(kind_bytes, second_bytes, third_bytes) < 0 or not 0 < row_bytes <= 32:
        raise Malformed("widths")
    data = decoded(stream, MAX_SECTION_BYTES, columns=row_bytes)
    listed: list[tuple[int, Entry]] = []
    at = 0
    for first, count in zip(map(int, index[::2]), map(int, index[1::2]), strict=True):
        if count < 0 or len(listed) + count > MAX_ENTRIES or at + count * row_bytes > len(data):
            raise Malformed("index")
        for number in range(first, first + count):
            second_at = at + kind_bytes
            third_at = second_at + second_bytes
            kind = int.from_bytes(data[at:second_at]) if kind_bytes else IN_FILE
            at += row_bytes
            listed.append(
                (
                    number,
                    Entry(
                        kind,
                        int.from_bytes(data[second_at:third_at]),
                        int.from_bytes(data[third_at:at]),
                    ),
                )
            )
    return listed


def decoded(stream: Stream, limit_bytes: int, *, columns: int | None = None) -> bytes:
    """The data of a stream without filter or with FlateDecode. Raises Malformed for others, and
    for more data than the limit."""
    if next(references([stream.get(key) for key in ("/Filter", "/DecodeParms", "/F")]), None):
        raise Malformed("indirect filter")
    if stream.get("/Filter") in (None, []):
        return stream.data
    if stream["/Filter"] not in _FILTERS or "/F" in stream:
        raise Malformed("filter")
    inflater = zlib.decompressobj()
    try:
        data = inflater.decompress(stream.data, limit_bytes + 1)
    except zlib.error as error:
        raise Malformed("deflate") from error
    if len(data) > limit_bytes:
        raise Malformed("inflated size")
    parameters: Any = stream.get("/DecodeParms")
    if isinstance(parameters, list):
        parameters = parameters[0] if len(parameters) == 1 else {"/Predictor": None}
    predictor = (parameters or {}).get("/Predictor", 1)
    if predictor == 1:
        return data
    if type(predictor) is not int or predictor < 10 or parameters.get("/Colors", 1) != 1:
        raise Malformed("predictor")
    width = parameters.get("/Columns", 1)
    if type(width) is not int or not 0 < width <= 65_536 or (columns or width) != width:
        raise Malformed("columns")
    return _without_prediction(data, width)


def _without_prediction(data: bytes, width: int) -> bytes:
    """PNG's predictors None, Sub, Up, Average and Paeth on single bytes (PNG, 9.2)."""
    above = bytes(width)
    made = bytearray()
    for at in range(0, len(data), width + 1):
        kind, row = data[at], bytearray(data[at + 1 : at + 1 + width])
        if len(row) < width or kind > 4:
            raise Malformed("predicted row")
        if kind == 2:
            row = bytearray([(one + up) & 255 for one, up in zip(row, above, strict=True)])
        elif kind:
            for column in range(width):
                left = row[column - 1] if column else 0
                corner = above[column - 1] if column else 0
                row[column] = (row[column] + _predicted(kind, left, above[column], corner)) & 255
        above = bytes(row)
        made += row
    return bytes(made)


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 3:
        return (left + up) // 2
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))
