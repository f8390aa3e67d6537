"""What is put on a document: one stamp specification for each e-meterai."""

from dataclasses import dataclass

from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial

FIELD_PREFIX = "Emet"
SERIAL_KEY = "XXEMeterai"
"""The key of a stamp's signature dictionary whose value is the serial, as a name.

Names are not encrypted and are kept when a file is saved anew, so the serial is found without a
parser. `XX` begins keys that are private to an application (ISO 32000-2, annex E).
"""


@dataclass(frozen=True, slots=True)
class StampSpec:
    """One e-meterai on one document. `reason` is in the buyer's words, e.g. `Surat lamaran`."""

    serial: Serial
    placement: Placement
    reason: str

    @property
    def field_name(self) -> str:
        """The signature field's name, by which other software finds the stamp: `Emet<serial>`."""
        return f"{FIELD_PREFIX}{self.serial}"

    @property
    def label(self) -> str:
        """What is read out in place of the stamp."""
        return f"Meterai elektronik {self.serial}"

    @property
    def signature_reason(self) -> str:
        return f"[{self.serial}] {self.reason}"
