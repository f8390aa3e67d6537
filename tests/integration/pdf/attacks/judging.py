"""An attack as it is judged, and as it is seen."""

from dataclasses import dataclass

from meterai.pdf.verification.changes.judge import judge_changes
from tests.integration.pdf.attacks.attack import Attack
from tests.integration.pdf.attacks.showing import shows


@dataclass(frozen=True)
class Judged:
    """`pdfium`, `poppler`: what these show of the file."""

    attack: Attack
    verdict: str
    pdfium: str
    poppler: str


def judged(attack: Attack) -> Judged:
    assert attack.document.startswith(attack.issued), attack.name
    found = judge_changes(attack.document, len(attack.issued))
    assert found.changes, attack.name
    return Judged(attack, found.verdict, *shows(attack.issued, attack.document))
