"""Changes to an object's source text: everything else stays byte for byte."""

from operator import itemgetter

from meterai.pdf.engines.incremental.document import Placed
from meterai.pdf.engines.incremental.syntax import Array, Dictionary, entries


class Edits:
    """Insertions and replacements in one object's source; `body` is the result."""

    def __init__(self, placed: Placed) -> None:
        self._placed = placed
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
        (place,) = (
            (start, value, end)
            for found, start, value, end in entries(self._placed.source, dictionary, None)
            if found == key
        )
        return place

    def append(self, array: Array, item: bytes) -> None:
        self._changes.append((array.end - 1, array.end - 1, b" " + item))

    def body(self) -> bytes:
        """The object, as written between `obj` and `endobj`."""
        source, at = self._placed.source, self._placed.start
        pieces = []
        for start, end, text in sorted(self._changes, key=itemgetter(0, 1)):
            assert start >= at
            pieces += [source[at:start], text]
            at = end
        return b"".join((*pieces, source[at : self._placed.end]))
