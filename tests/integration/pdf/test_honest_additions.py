"""What honest software adds to a stamped file is `extended`, and by whom is told."""

import pytest

from meterai.domain.stamping.later_changes import ChangeKind, ChangeVerdict
from meterai.domain.stamping.verdicts import Verdict
from meterai.pdf.verification.changes.judge import judge_changes
from tests.integration.pdf.attacks.letters import PAGE, plain
from tests.integration.pdf.attacks.updates import body_of, revision
from tests.integration.pdf.honest.additions import CLASSES
from tests.integration.pdf.honest.other_software import (
    has_pdfbox,
    has_pdfsig,
    running_pdfbox,
    signed_by_pdfsig,
)
from tests.integration.pdf.honest.signing import SIGN_HERE, signed
from tests.integration.pdf.judges import pdfsig_verdicts
from tests.integration.pdf.records import Records
from tests.integration.pdf.stamping import checks, serial


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


def test_a_signature_by_pdfbox_extends_the_file_shown_or_not() -> None:
    if not has_pdfbox():
        pytest.skip("PDFBox is not installed (libpdfbox2-java and default-jdk)")
    issued = plain()
    with running_pdfbox() as pdfbox:
        made = [pdfbox.signed(issued), pdfbox.signed(issued, SIGN_HERE)]
    for one in made:
        assert judge_changes(one, len(issued)).verdict is ChangeVerdict.EXTENDED
        assert [signature.valid for signature in pdfsig_verdicts(one)] == [True, True]


def test_a_signature_by_pdfsig_extends_the_file() -> None:
    if not has_pdfsig():
        pytest.skip("pdfsig or its NSS tools are not installed")
    issued = plain()
    made = signed_by_pdfsig(issued)
    assert judge_changes(made, len(issued)).verdict is ChangeVerdict.EXTENDED
    assert [one.holds for one in checks(made)] == [True, True]


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
