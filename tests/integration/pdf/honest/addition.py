"""One honest addition to a stamped file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Addition:
    """`issued`: the stamped file, with which `document` starts."""

    name: str
    issued: bytes
    document: bytes
