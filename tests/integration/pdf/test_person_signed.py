"""A document that a person signed first: their signature must never get worse."""

import pytest

from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.remake import LETTER
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.judges import pdfsig_verdicts
from tests.integration.pdf.preflight import preflight
from tests.integration.pdf.signature_judge import Coverage
from tests.integration.pdf.stamping import BOX, a_spec, checks, serial, stamped

pytestmark = pytest.mark.usefixtures("every_engine")

FORM = "/Fields[100 0 R]/NeedAppearances true/DR<<>>"
FIELD = {100: "<</FT/Tx/T(nama)/V(Ratna)>>"}
ORIGINALS = {
    "letter": LETTER.read_bytes(),
    "plain": document(),
    "with a form": document(form=FORM, objects=FIELD),
    "annotations apart": document(Shape(entries="/Annots 100 0 R"), objects={100: "[]"}),
    "form in the catalog": document(catalog="/AcroForm<</Fields[]/NeedAppearances true>>"),
    "PDF 2.0": document().replace(b"%PDF-1.6", b"%PDF-2.0"),
    "PDF 1.3": document().replace(b"%PDF-1.6", b"%PDF-1.3"),
}


@pytest.mark.parametrize("name", ORIGINALS)
def test_the_persons_signature_holds_after_two_stamps(name: str) -> None:
    signed = signed_by(authority().person, ORIGINALS[name])
    found = preflight(signed, [BOX])
    assert (found.signed, found.already_stamped) == (True, ())
    made = stamped(signed, a_spec(1), a_spec(2))
    assert [(one.field, one.holds, one.coverage) for one in checks(made)] == [
        ("Pelamar", True, Coverage.EXTENDED),
        (f"Emet{serial(1)}", True, Coverage.EXTENDED),
        (f"Emet{serial(2)}", True, Coverage.WHOLE_FILE),
    ]
    person, *stamps = pdfsig_verdicts(made)
    assert (person.field, person.valid, person.trusted) == ("Pelamar", True, True)
    assert [one.valid for one in stamps] == [True, True]


def test_a_person_may_sign_after_the_stamp() -> None:
    made = signed_by(authority().person, stamped(LETTER.read_bytes()))
    assert [(one.field, one.holds, one.coverage) for one in checks(made)] == [
        (f"Emet{serial(1)}", True, Coverage.EXTENDED),
        ("Pelamar", True, Coverage.WHOLE_FILE),
    ]
