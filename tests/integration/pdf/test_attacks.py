"""No attack proves a stamp: each gets the verdict that its kind deserves, whatever it shows."""

import pytest

from tests.integration.pdf.attacks.all_attacks import CLASSES
from tests.integration.pdf.attacks.judging import judged


@pytest.mark.parametrize("name", CLASSES)
def test_each_attack_of_a_class_gets_its_verdict_and_shows_what_it_is_said_to_show(
    name: str,
) -> None:
    attacks = list(CLASSES[name]())
    found = {one.name: judged(one) for one in attacks}
    assert len(found) == len(attacks)
    assert {
        name: (one.verdict, one.proven, one.pdfium, one.poppler) for name, one in found.items()
    } == {one.name: (one.verdict, 0, one.pdfium, one.poppler) for one in attacks}
