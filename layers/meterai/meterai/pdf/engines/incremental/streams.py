"""Reading an object's header and a stream's data (ISO 32000-1, 7.3.8, 7.3.10)."""

import re

from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.syntax import Dictionary, parse

MAX_DICTIONARY_BYTES = 64 * 1024

HEADER = re.compile(rb"(\d{1,10})[\0\t\n\f\r ]++0[\0\t\n\f\r ]++obj(?![^\0\t\n\f\r ()<>\[\]{}/%])")
_STREAM = re.compile(rb"[\0\t\n\f\r ]*+stream(?:\r\n|\n)")
_END_STREAM = re.compile(rb"(?:\r\n|\n|\r)?endstream[\0\t\n\f\r ]*+endobj")
END = re.compile(rb"[\0\t\n\f\r ]*+endobj")


def read_stream(data: bytes, at: int) -> tuple[int, Dictionary, bytes]:
    """Number, dictionary and encoded data of the stream object at `at`. Raises Unsupported.

    References in the dictionary are not resolved: an indirect /Length is Unsupported."""
    header = HEADER.match(data, at)
    if header is None:
        raise Unsupported("object header")
    dictionary, end = parse(data, header.end(), None, header.end() + MAX_DICTIONARY_BYTES)
    keyword = _STREAM.match(data, end)
    if not isinstance(dictionary, Dictionary) or keyword is None or "/F" in dictionary:
        raise Unsupported("stream")
    length = dictionary.get("/Length")
    if type(length) is not int or length < 0:
        raise Unsupported("stream length")
    start = keyword.end()
    if _END_STREAM.match(data, start + length) is None:
        raise Unsupported("stream length")
    return int(header[1]), dictionary, data[start : start + length]
