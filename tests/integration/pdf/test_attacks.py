"""Whatever follows the issued bytes gets the verdict that its kind deserves, whatever it shows."""

import pytest

from tests.integration.pdf.attacks.all_attacks import CLASSES
from tests.integration.pdf.attacks.judging import judged


@pytest.mark.parametrize("name", CLASSES)
def test_each_attack_of_a_class_gets_its_verdict_and_shows_what_it_is_said_to_show(
    name: str,
) -> None:
    attacks = list(CLASSES[name]())
    found = {
        one.attack.name: (one.verdict, one.pdfium, one.poppler) for one in map(judged, attacks)
    }
    assert len(found) == len(attacks)
    assert found == {one.name: (one.verdict, one.pdfium, one.poppler) for one in attacks}
