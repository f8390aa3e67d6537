"""What honest software adds to a stamped file is `extended`, and by whom is told."""

import pytest

from meterai.domain.stamping.later_changes import ChangeKind, ChangeVerdict
from meterai.pdf.verification.changes.judge import judge_changes
from tests.integration.pdf.attacks.letters import plain
from tests.integration.pdf.honest.additions import CLASSES
from tests.integration.pdf.honest.signing import SIGN_HERE, signed


@pytest.mark.parametrize("name", CLASSES)
def test_each_addition_of_a_class_extends_the_file(name: str) -> None:
    additions = list(CLASSES[name]())
    assert all(one.document.startswith(one.issued) for one in additions)
    found = {one.name: judge_changes(one.document, len(one.issued)).verdict for one in additions}
    assert found == {one.name: ChangeVerdict.EXTENDED for one in additions}


def test_each_signature_is_told_with_its_place_signer_and_time() -> None:
    issued = plain()
    found = judge_changes(signed(signed(issued, box=SIGN_HERE), field="Dua"), len(issued))
    told = [(one.revision, one.what, one.page, one.box, one.signer) for one in found.changes]
    box = tuple(map(float, SIGN_HERE))
    assert told == [
        (1, ChangeKind.SIGNATURE, 1, box, "Siti Contoh"),
        (2, ChangeKind.SIGNATURE, 1, None, "Siti Contoh"),
    ]
    assert all(one.at is not None for one in found.changes)
