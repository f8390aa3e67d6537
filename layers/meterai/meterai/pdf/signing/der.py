"""The part of DER (ITU-T X.690) that a signature needs, with the standard library alone.

The worker reads a few fields of a certificate and writes one CMS of constant shape. Importing
asn1crypto would take longer than the whole stamp.
"""

from collections.abc import Iterator
from typing import NamedTuple

BOOLEAN, INTEGER, OCTET_STRING, NULL, SEQUENCE, SET = 0x01, 0x02, 0x04, 0x05, 0x30, 0x31


class DerError(ValueError):
    """The bytes are not valid DER."""


class Element(NamedTuple):
    """One element: its tag, its content, and the whole encoding."""

    tag: int
    content: bytes
    encoded: bytes


def encode(tag: int, *contents: bytes) -> bytes:
    """Tag, length, and the contents one after the other."""
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def set_of(*elements: bytes) -> bytes:
    """A SET OF: DER sorts the encodings (X.690, 11.6)."""
    return encode(SET, *sorted(elements))


def elements(content: bytes) -> Iterator[Element]:
    """The consecutive elements of `content`. Raises DerError where one is malformed."""
    at = 0
    while at < len(content):
        if at + 2 > len(content):
            raise DerError(at)
        tag, first = content[at], content[at + 1]
        start = at + 2
        if first >= 0x80:
            start += first & 0x7F
            length = int.from_bytes(content[at + 2 : start], "big")
        else:
            length = first
        end = start + length
        if end > len(content) or first == 0x80:
            raise DerError(at)
        yield Element(tag, content[start:end], content[at:end])
        at = end


def only(encoded: bytes) -> Element:
    """The single element that `encoded` is. Raises DerError."""
    found = list(elements(encoded))
    if len(found) != 1:
        raise DerError(len(found))
    return found[0]
