"""Hashes of the beginnings of a file."""

import hashlib
from collections.abc import Collection


def prefix_hashes(document: bytes, sizes: Collection[int]) -> dict[int, str]:
    """The SHA-256 of the first so many bytes, in one pass up to the largest of the sizes.

    A size beyond the file's end is left out.
    """
    hashed, at, found = hashlib.sha256(), 0, {}
    content = memoryview(document)
    for size in sorted(set(sizes)):
        if 0 < size <= len(document):
            hashed.update(content[at:size])
            at = size
            found[size] = hashed.copy().hexdigest()
    return found
