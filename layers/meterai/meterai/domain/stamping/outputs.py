"""A file that was issued, as it is on record: by its hash and its size.

The size lets a longer file be tested for beginning with this one, in one pass of the hash.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Output:
    """`sha256`: 64 hex digits. `size_bytes` is None for files recorded before sizes were."""

    sha256: str
    size_bytes: int | None

    @classmethod
    def of(cls, content: bytes) -> Self:
        return cls(hashlib.sha256(content).hexdigest(), len(content))


def is_listed(sha256: str, outputs: Iterable[Output]) -> bool:
    return any(one.sha256 == sha256 for one in outputs)
