"""An attack as it is verified, and as it is seen."""

from dataclasses import dataclass

from meterai.domain.stamping.verdicts import Verdict
from tests.integration.pdf.attacks.attack import Attack
from tests.integration.pdf.attacks.showing import shows
from tests.integration.pdf.records import Records
from tests.integration.pdf.stamping import serial


@dataclass(frozen=True)
class Judged:
    """`proven`: how many e-meterai. `pdfium`, `poppler`: what these show of the file."""

    attack: Attack
    verdict: Verdict
    proven: int
    pdfium: str
    poppler: str


def judged(attack: Attack) -> Judged:
    """By the step that verifies, with the issued file on record."""
    records = Records()
    records.add(b"", attack.issued, serial(1))
    found = records.verdict(attack.document)
    is_appended = attack.document.startswith(attack.issued)
    assert bool(found.changes) == is_appended, attack.name
    shown = shows(attack.issued, attack.document)
    return Judged(attack, found.verdict, found.proven, *shown)
