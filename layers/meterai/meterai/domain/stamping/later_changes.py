"""What was added to a stamped file after the bytes that were issued.

Made where a stranger's file is read, and handed over as plain values.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChangeVerdict(StrEnum):
    """Of everything that follows the issued bytes, taken together."""

    EXTENDED = "extended"  # only others' signatures, timestamps, validation data, blank bytes
    COVERED = "covered"  # the issued objects are unchanged, but what is seen is touched
    ALTERED = "altered"  # the issued page, tree, resources or form are replaced or ambiguous


class ChangeKind(StrEnum):
    """What one later revision added or changed."""

    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"
    VALIDATION_DATA = "validation_data"
    UNREADABLE_DATA = "unreadable_data"
    BLANK_BYTES = "blank_bytes"
    ANNOTATION = "annotation"
    FIELD_VALUE = "field_value"
    PAGE = "page"
    PAGE_TREE = "page_tree"
    RESOURCES = "resources"
    FORM = "form"
    AMBIGUOUS = "ambiguous"
    NOT_COMPARED = "not_compared"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `revision` counts from 1, the first after the issued bytes.

    `page` counts from 1. `box` is in points on the page as displayed, from the bottom left: left,
    bottom, right, top. `signer` and `at` are of a signature or timestamp, as it claims them. `part`
    is of unreadable validation data, as `/OCSPs 1`: the place in its list, counted from 1.
    """

    revision: int
    what: ChangeKind
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    signer: str | None = None
    at: datetime | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class LaterChanges:
    """`cause`: why it is not better: `filled`, `not_compared`, `changed`, `rewritten`."""

    verdict: ChangeVerdict
    cause: str | None
    changes: tuple[Change, ...]
