"""Without its issued bytes no file is better than altered; verify tells what is appended."""

import pytest

from meterai.domain.stamping.verdicts import Verdict
from tests.integration.pdf.attacks import broken_prefixes
from tests.integration.pdf.attacks.all_attacks import CLASSES
from tests.integration.pdf.attacks.broken_prefixes import ORIGINAL
from tests.integration.pdf.honest.additions import CLASSES as HONEST
from tests.integration.pdf.records import Records
from tests.integration.pdf.stamping import serial


def test_a_file_without_its_issued_bytes_proves_no_stamp() -> None:
    found, wrong = {}, {}
    for attack in broken_prefixes.attacks():
        records = Records()
        records.add(ORIGINAL, attack.issued, serial(1))
        result = records.verdict(attack.document)
        found[attack.name] = result
        if result.verdict not in attack.verdicts or result.proven:
            wrong[attack.name] = (str(result.verdict), result.cause)
    assert found
    assert wrong == {}


@pytest.mark.parametrize("name", CLASSES)
def test_the_first_attack_of_each_class_gets_its_verdict_from_verify(name: str) -> None:
    attack = next(CLASSES[name]())
    records = Records()
    records.add(b"", attack.issued, serial(1))
    result = records.verdict(attack.document)
    assert result.verdict == Verdict(str(attack.verdict))
    assert result.proven == 0


@pytest.mark.parametrize(
    "name", sorted(HONEST.keys() - {"further stampings"})
)  # these have own records
def test_the_first_honest_addition_of_each_class_is_extended_by_verify(name: str) -> None:
    addition = next(HONEST[name]())
    records = Records()
    records.add(b"", addition.issued, serial(1))
    result = records.verdict(addition.document)
    assert (result.verdict, result.proven) == (Verdict.EXTENDED, 1)
