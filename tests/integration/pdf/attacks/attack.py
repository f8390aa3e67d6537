"""One attack: the file, what it shows, and the verdict that it must get."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from meterai.domain.stamping.verdicts import Verdict

ALTERED, COVERED, COPY = Verdict.ALTERED, Verdict.COVERED, Verdict.COPY


@dataclass(frozen=True)
class Attack:
    """`issued`: the stamped file that the attack starts with. `shows`: in pdfium and in poppler
    `issued`, or `other` where pixels differ, or `nothing` where the file does not open.
    `verdict`: of the whole file, with `issued` on record."""

    name: str
    issued: bytes
    document: bytes
    verdict: Verdict
    pdfium: str = "other"
    poppler: str = "other"


Generator = Callable[[], Iterator[Attack]]
