"""What honest software adds to a stamped file is `extended`, and by whom is told."""

import pytest

from meterai.domain.stamping.later_changes import ChangeKind, ChangeVerdict
from meterai.domain.stamping.verdicts import Verdict
from meterai.pdf.verification.changes.judge import judge_changes
from tests.integration.pdf.attacks.letters import PAGE, plain
from tests.integration.pdf.attacks.updates import body_of, revision
from tests.integration.pdf.honest.additions import CLASSES
from tests.integration.pdf.honest.signing import SIGN_HERE, signed
from tests.integration.pdf.records import Records
from tests.integration.pdf.stamping import serial


@pytest.mark.parametrize("name", CLASSES)
def test_each_addition_of_a_class_extends_the_file(name: str) -> None:
    additions = list(CLASSES[name]())
    assert all(one.document.startswith(one.issued) for one in additions)
    found = {one.name: judge_changes(one.document, len(one.issued)).verdict for one in additions}
    assert found == {one.name: ChangeVerdict.EXTENDED for one in additions}


@pytest.mark.parametrize(
    "name", sorted(CLASSES.keys() - {"further stampings"})
)  # these have own records
def test_the_first_honest_addition_of_each_class_is_extended_by_verify(name: str) -> None:
    addition = next(CLASSES[name]())
    records = Records()
    records.add(b"", addition.issued, serial(1))
    result = records.verdict(addition.document)
    assert (result.verdict, result.proven) == (Verdict.EXTENDED, 1)


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


def test_a_page_box_that_poppler_rounds_is_no_other_page() -> None:
    """What is drawn still decides, and a fraction of a point may move the edge of a letter."""
    issued = plain()
    page = body_of(issued, PAGE)
    for box, is_replaced in ((b"[0 0 595.004 842]", False), (b"[0 0 595.1 842]", True)):
        rounded = {PAGE: page.replace(b"[0 0 595 842]", box)}
        found = judge_changes(revision(issued, rounded), len(issued))
        assert (found.verdict is ChangeVerdict.ALTERED) is is_replaced
