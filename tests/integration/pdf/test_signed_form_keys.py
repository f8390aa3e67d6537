"""The form of a file that a person signed: its keys stay as they are, and the signature holds."""

from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import NumberObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import cms_embedder

from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import document
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.judges import pdfsig_verdicts
from tests.integration.pdf.signature_judge import Coverage
from tests.integration.pdf.stamping import a_spec, checks, stamped

pytestmark = pytest.mark.usefixtures("every_engine")

FIELD = {100: "<</FT/Tx/T(nama)/V(Ratna)>>"}
FORMS = {
    "no form": document(),
    "a form": document(form="/Fields[100 0 R]/DA(/F1 9 Tf)/Q 1", objects=FIELD),
    "a form in the catalog": document(catalog="/AcroForm<</Fields[]>>"),
    "fields apart": document(form="/Fields 101 0 R", objects={**FIELD, 101: "[100 0 R]"}),
}


def _signed_with_flags(original: bytes, flags: int | None) -> bytes:
    def set_flags(writer: IncrementalPdfFileWriter, **_: object) -> None:
        if flags is not None:
            writer.root["/AcroForm"][pdf_name("/SigFlags")] = NumberObject(flags)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cms_embedder, "ensure_sig_flags", set_flags)
        return signed_by(authority().person, original)


def _form_keys(content: bytes) -> dict[str, str]:
    with pikepdf.open(BytesIO(content)) as opened:
        return {key: repr(value) for key, value in opened.Root.AcroForm.items() if key != "/Fields"}


@pytest.mark.parametrize("flags", [None, 1])
@pytest.mark.parametrize("name", FORMS)
def test_form_keys_that_a_signature_covers_stay_as_they_are(name: str, flags: int | None) -> None:
    signed = _signed_with_flags(FORMS[name], flags)
    made = stamped(signed, a_spec(1), a_spec(2))
    assert _form_keys(made) == _form_keys(signed)
    assert [(one.holds, one.coverage) for one in checks(made)] == [
        (True, Coverage.EXTENDED),
        (True, Coverage.EXTENDED),
        (True, Coverage.WHOLE_FILE),
    ]
    assert [one.valid for one in pdfsig_verdicts(made)] == [True, True, True]
