"""One attack: the file, what it shows, and the verdict that it must get."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from meterai.domain.stamping.later_changes import ChangeVerdict

ALTERED, COVERED = ChangeVerdict.ALTERED, ChangeVerdict.COVERED


@dataclass(frozen=True)
class Attack:
    """`issued`: the stamped file that the attack starts with. `shows`: in pdfium and in poppler
    `issued`, or `other` where pixels differ, or `nothing` where the file does not open.
    `verdict`: of what follows the issued bytes; None where these are not kept."""

    name: str
    issued: bytes
    document: bytes
    verdict: ChangeVerdict | None
    pdfium: str = "other"
    poppler: str = "other"

    @property
    def keeps_issued_bytes(self) -> bool:
        return self.document.startswith(self.issued)


Generator = Callable[[], Iterator[Attack]]
