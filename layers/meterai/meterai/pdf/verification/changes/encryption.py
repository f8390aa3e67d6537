"""Decryption for reading the structure of a file that opens without a password.

Strings and object streams are encrypted. pyHanko knows all the ways; importing it takes half a
second, so this is imported only for encrypted files.
"""

from typing import Any

from meterai.domain.errors import MeteraiError
from meterai.pdf.structure.strings import Text, text
from meterai.pdf.verification.changes.objects import Unreadable
from meterai.pdf.verification.changes.syntax import Dictionary, Stream
from meterai.pdf.verification.pyhanko_reader import open_leniently

_OWN_VALUE = "/ByteRange"  # a signature's /Contents is never encrypted (ISO 32000-1, 7.6.1)


class Encryption:
    """Of one file. Raises Unreadable where its empty password does not open it."""

    def __init__(self, issued: bytes) -> None:
        try:
            handler = open_leniently(issued).security_handler
        except MeteraiError as refusal:
            raise Unreadable("password") from refusal
        self._streams: Any = handler.get_stream_filter()
        self._strings: Any = handler.get_string_filter()

    def stream(self, stream: Stream, number: int, generation: int) -> Stream:
        key = self._streams.derive_object_key(number, generation)
        return Stream(stream, bytes(self._streams.decrypt(key, stream.data)))

    def strings(self, value: Any, number: int, generation: int) -> Any:
        """The value with its strings decrypted, except those that are no valid ciphertext."""
        key = self._strings.derive_object_key(number, generation)
        return self._decrypted(value, key)

    def _decrypted(self, value: Any, key: bytes) -> Any:
        if isinstance(value, Dictionary):
            for name, item in value.items():
                if not (name == "/Contents" and _OWN_VALUE in value):
                    value[name] = self._decrypted(item, key)
        elif isinstance(value, list):
            value[:] = [self._decrypted(item, key) for item in value]
        elif isinstance(value, Text):
            try:
                return text(bytes(self._strings.decrypt(key, value.encoded)))
            except (ValueError, TypeError, IndexError):
                return value
        return value
