"""Changes to an object's source text: everything else stays byte for byte."""

from operator import itemgetter

from meterai.pdf.engines.incremental.document import Placed
from meterai.pdf.engines.incremental.syntax import Array, Dictionary, entries


class Edits:
    """Insertions and replacements in one object's source; `body` is the result.

    Of entries that a dictionary has twice, those in `said_again` are left out."""

    def __init__(self, placed: Placed, said_again: list[tuple[bytes, int, int]]) -> None:
        self._placed = placed
        self._said_again = said_again
        self._changes: list[tuple[int, int, bytes]] = []

    def __bool__(self) -> bool:
        return bool(self._changes)

    def put(self, dictionary: Dictionary, key: str, value: bytes) -> None:
        """Set the key to this value, whether it exists or not."""
        if key in dictionary:
            _, start, end = self._place(dictionary, key)
            self._changes.append((start, end, b" " + value))
        else:
            end = dictionary.end - 2
            self._changes.append((end, end, key.encode("ascii") + b" " + value))

    def remove(self, dictionary: Dictionary, key: str) -> None:
        start, _, end = self._place(dictionary, key)
        self._changes.append((start, end, b" "))

    def _place(self, dictionary: Dictionary, key: str) -> tuple[int, int, int]:
        """Start of the entry, start and end of its value."""
        return next(
            (start, value, end)
            for found, start, value, end in entries(self._placed.source, dictionary, None)
            if found == key
        )

    def append(self, array: Array, item: bytes) -> None:
        self._changes.append((array.end - 1, array.end - 1, b" " + item))

    def body(self) -> bytes:
        """The object, as written between `obj` and `endobj`."""
        source, at = self._placed.source, self._placed.start
        self._changes += [
            (start, end, b" ")
            for where, start, end in self._said_again
            if where is source and at <= start < self._placed.end
        ]
        pieces = []
        for start, end, text in sorted(self._changes, key=itemgetter(0, 1)):
            assert start >= at
            pieces += [source[at:start], text]
            at = end
        return b"".join((*pieces, source[at : self._placed.end]))
