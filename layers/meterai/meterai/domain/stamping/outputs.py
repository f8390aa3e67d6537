"""A file that was issued, as it is on record: by its hash and its size.

The size lets a longer file be tested for beginning with this one, in one pass of the hash.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Self


@dataclass(frozen=True, slots=True)
class Output:
    """`sha256`: 64 hex digits. `size_bytes` is None for files recorded before sizes were."""

    sha256: str
    size_bytes: int | None

    @classmethod
    def of(cls, content: bytes) -> Self:
        return cls(hashlib.sha256(content).hexdigest(), len(content))


@dataclass(frozen=True, slots=True)
class FileLock:
    """Nobody deletes an issued file for so long from when it is stored; with `GOVERNANCE` some may,
    as an exception."""

    mode: Literal["GOVERNANCE", "COMPLIANCE"]
    lasts: timedelta


def is_listed(sha256: str, outputs: Iterable[Output]) -> bool:
    return any(one.sha256 == sha256 for one in outputs)
