"""PDF strings (ISO 32000-1, 7.3.4, 7.9.2)."""

import re
from binascii import unhexlify

_PARENTHESIS = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))|\r\n?", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Text(str):
    """A string, decoded as text; `encoded` are its bytes."""

    __slots__ = ("encoded",)

    encoded: bytes


def literal(source: bytes, at: int, limit: int) -> tuple[Text, int] | None:
    """A string in parentheses and its end; `at` is after the first one. None where it has none."""
    depth, start = 1, at
    for found in _PARENTHESIS.finditer(source, at, limit):
        if found[0] == b"(":
            depth += 1
        elif found[0] == b")":
            depth -= 1
            if depth == 0:
                return text(unescaped(source[start : found.start()])), found.end()
    return None


def unescaped(content: bytes) -> bytes:
    """What stands in parentheses, without escapes."""
    if b"\\" in content or b"\r" in content:
        return _ESCAPE.sub(_character, content)
    return content


def _character(escape: "re.Match[bytes]") -> bytes:
    if escape[1] is not None:
        return bytes((int(escape[1], 8) & 0xFF,))
    if escape[2] is None:
        return b"\n"  # any end of line
    return b"" if escape[2] in (b"\n", b"\r", b"\r\n") else _ESCAPED.get(escape[2], escape[2])


def hexadecimal(digits: bytes) -> Text:
    """A string in angle brackets; a missing last digit is 0."""
    digits = digits.translate(None, b"\0\t\n\f\r ")
    return text(unhexlify(digits + b"0" if len(digits) % 2 else digits))


def text(encoded: bytes) -> Text:
    """UTF-16 or UTF-8 if it has their byte order mark, else Latin-1: enough to compare ASCII."""
    if encoded.isascii():
        decoded = str(encoded, "ascii")
    elif encoded.startswith((b"\xfe\xff", b"\xff\xfe")):
        decoded = encoded.decode("utf-16", "replace")
    elif encoded.startswith(b"\xef\xbb\xbf"):
        decoded = encoded.decode("utf-8-sig", "replace")
    else:
        decoded = encoded.decode("latin-1")
    made = Text(decoded)
    made.encoded = encoded
    return made
