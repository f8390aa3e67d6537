"""Whose certificate of ours is in an e-meterai's signature, read from the file's bytes."""

import pikepdf
import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.stamping.serials import Serial
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.pdf.verification.our_signers import signers_in
from meterai.pdf.verification.stamp_reader import PdfStampReader
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import document
from tests.fixtures.documents.refused import encrypted
from tests.integration.pdf.stamping import a_spec, serial, stamped

pytestmark = pytest.mark.usefixtures("every_engine")

FULL = pikepdf.Permissions()
OURS, OTHER = authority().signer.certificate, authority().person.certificate


@pytest.mark.parametrize("original", [document(), encrypted(allow=FULL)])
def test_each_signature_names_its_own_certificate(original: bytes) -> None:
    made = stamped(stamped(original), a_spec(2), signer=authority().person)
    serials: list[Serial] = [serial(1), serial(2), serial(3)]
    assert signers_in(made, serials, [OURS, OTHER]) == {
        serial(1): "Meterai Uji",
        serial(2): "Siti Contoh",
    }
    assert signers_in(made, serials, [OURS]) == {serial(1): "Meterai Uji"}
    assert signers_in(made[:-700], serials, []) == {}


def test_what_is_cut_off_names_nobody() -> None:
    made = stamped(document())
    at = made.index(b"XXEMeterai")
    for size in (at, at + 20, at + 40):
        assert signers_in(made[:size], [serial(1)], [OURS]) == {}


def test_a_manifest_that_cannot_be_read_leaves_the_signer_open() -> None:
    """A file on record is genuine all the same."""

    def unavailable(*, anew: bool = False) -> SigningKeyring:
        raise Unavailable(party="s3", reason=f"anew={anew}")

    def unasked(*_: object) -> None:
        pytest.fail("nothing is parsed")

    reader = PdfStampReader(unavailable, unasked)
    assert reader.signers(stamped(document()), [serial(1)]) == {}
