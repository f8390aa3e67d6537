"""What is found of one signature in a file."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meterai.domain.stamping.serials import Serial


class Coverage(StrEnum):
    """What of the file a signature covers, and what came after it."""

    WHOLE_FILE = "whole_file"
    """Everything but the signature's own value."""
    EXTENDED = "extended"
    """Its revision; what was added later is signatures and filled fields only."""
    ALTERED = "altered"
    """Its revision; what was added later changes the document itself."""
    PARTIAL = "partial"
    """Not even its own revision: there are bytes in it that the signature leaves out."""


@dataclass(frozen=True, slots=True)
class StampFinding:
    """One signature field.

    `serial`: of a field named `Emet<serial>` with a right check character, else None. `intact`:
    the covered bytes and the signature over them are unchanged. `trusted`: its certificate leads
    to a given root at `proven_at`, or else at `signed_at`. `signed_at` is the signer's own claim
    (/M), None where it makes none; `proven_at` is the earliest timestamp over it (in it, or of the
    document) that leads to a given root as well. `problem` names what could not be judged.
    """

    field: str
    serial: Serial | None
    intact: bool
    trusted: bool
    coverage: Coverage
    signed_at: datetime | None
    reason: str | None
    proven_at: datetime | None = None
    problem: str | None = None

    @property
    def holds(self) -> bool:
        """Intact, trusted, and nothing but signatures and form entries came after."""
        unaltered = self.coverage in (Coverage.WHOLE_FILE, Coverage.EXTENDED)
        return self.intact and self.trusted and unaltered
