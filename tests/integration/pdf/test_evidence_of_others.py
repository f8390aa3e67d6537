"""What others put into a file does not decide about our stamp: look-alikes and unreadable parts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from meterai.domain.stamping.later_changes import ChangeVerdict
from meterai.pdf.verification.changes.judge import judge_changes
from meterai.pdf.verification.pyhanko_reader import open_leniently
from meterai.pdf.verification.signature_check import SignatureCheck
from meterai.pdf.verification.validation_data import read_store
from meterai.pdf.verification.verify import read_stamps
from tests.fixtures.documents.pki import Signatory, authority
from tests.fixtures.documents.remake import LETTER
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.attacks.letters import letter, plain
from tests.integration.pdf.attacks.updates import body_of, next_number, revision, stream
from tests.integration.pdf.honest.signing import signed
from tests.integration.pdf.long_life import long_life
from tests.integration.pdf.stamping import a_spec, stamped


def ours(document: bytes) -> SignatureCheck:
    signer = authority().signer.certificate.der
    found = read_stamps(document, roots=[authority().root], signers=[signer])
    (one,) = (check for check in found if check.serial is not None)
    return one


def lookalike() -> bytes:
    """A certificate with the issuer and the serial number of our intermediate, and another key."""
    (der,) = authority().signer.certificate.chain
    intermediate = x509.load_der_x509_certificate(der)
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
    made = (
        x509.CertificateBuilder(
            issuer_name=intermediate.issuer,
            subject_name=intermediate.subject,
            public_key=keys[0].public_key(),
            serial_number=intermediate.serial_number,
            not_valid_before=datetime(2020, 1, 1, tzinfo=UTC),
            not_valid_after=datetime(2045, 1, 1, tzinfo=UTC),
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(keys[1], hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.DER)


def person_with_lookalike() -> Signatory:
    person = authority().person
    return replace(person, certificate=replace(person.certificate, chain=(lookalike(),)))


def test_a_lookalike_in_an_earlier_signature_does_not_spoil_our_stamp() -> None:
    made = stamped(signed_by(person_with_lookalike(), LETTER.read_bytes()))
    assert (ours(made).intact, ours(made).trusted) == (True, True)


def test_a_lookalike_in_a_later_signature_does_not_spoil_our_stamp() -> None:
    made = signed_by(person_with_lookalike(), stamped(LETTER.read_bytes()), field="Saksi")
    assert (ours(made).intact, ours(made).trusted) == (True, True)


def test_a_lookalike_in_the_validation_data_does_not_spoil_our_stamp() -> None:
    parts = {20: b"<</Certs [21 0 R]>>", 21: stream(lookalike())}
    made = stamped(letter(parts, catalog=b"/DSS 20 0 R"))
    assert (ours(made).intact, ours(made).trusted) == (True, True)


@pytest.mark.parametrize(
    "broken",
    [
        stream(b"not inflatable", b"/Filter/FlateDecode"),
        stream(b"0\x82\xff\xff"),
        stream(b"0\x03\x02\x01\x01"),
        b"null",
        b"(no stream)",
    ],
)
@pytest.mark.parametrize("key", ["/Certs", "/OCSPs", "/CRLs"])
def test_an_unreadable_stream_of_validation_data_is_skipped_and_named(
    key: str, broken: bytes
) -> None:
    parts = {20: b"<<%b [21 0 R]>>" % key.encode(), 21: broken}
    made = stamped(letter(parts, catalog=b"/DSS 20 0 R"))
    assert (ours(made).intact, ours(made).trusted, ours(made).problem) == (True, True, None)
    assert read_store(open_leniently(made)).unreadable == (f"{key} 1",)
    assert ours(made).unreadable == (f"{key} 1",)


UNREADABLE: dict[str, tuple[bytes, list[str]]] = {
    "streams": (
        b"<</Certs [BROKEN WHOLE]/OCSPs [BROKEN]/CRLs [BROKEN]>>",
        ["/Certs 1", "/OCSPs 1", "/CRLs 1"],
    ),
    "data of one signature": (
        b"<</VRI <</0123456789 <</Cert [WHOLE BROKEN]>>>>>>",
        ["/VRI/01234567/Cert 2"],
    ),
    "data of what is called by controls": (
        b"<</VRI <</#1b#5b2J#0a <</Cert [BROKEN]>>>>>>",
        ["/VRI/\N{REPLACEMENT CHARACTER}[2J /Cert 1"],
    ),
    "lists": (b"<</Certs 7/CRLs (x)/VRI [WHOLE]>>", ["/Certs", "/CRLs", "/VRI"]),
    "what is missing": (b"<</OCSPs [9999 0 R null]>>", ["/OCSPs 1", "/OCSPs 2"]),
    "the whole": (b"[WHOLE]", ["/DSS"]),
    "nothing": (b"<</Certs [WHOLE]/VRI <</Type/VRI>>>>", []),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_validation_data_that_a_later_revision_adds_and_nobody_can_read_are_named(
    name: str,
) -> None:
    """They change no verdict."""
    written, parts = UNREADABLE[name]
    issued = plain()
    later = revision(issued, {next_number(issued): b"<</Producer (Arsip)>>"})
    store, broken, whole = (next_number(later) + at for at in range(3))
    written = written.replace(b"BROKEN", b"%d 0 R" % broken).replace(b"WHOLE", b"%d 0 R" % whole)
    (certificate,) = authority().signer.certificate.chain
    bodies = {
        1: body_of(later, 1)[:-2] + b"/DSS %d 0 R>>" % store,
        store: written,
        broken: stream(b"0\x82\xff\xff"),
        whole: stream(certificate),
    }
    found = judge_changes(revision(later, bodies), len(issued))
    assert found.verdict is ChangeVerdict.EXTENDED
    told = [(one.revision, one.part) for one in found.changes if one.what == "unreadable_data"]
    assert told == [(2, part) for part in parts]


@pytest.mark.parametrize("store", [b"null", b"(text)", b"[1 2]", b"<</Certs 7/OCSPs null>>"])
def test_a_store_of_another_kind_is_as_none(store: bytes) -> None:
    made = stamped(letter({20: store}, catalog=b"/DSS 20 0 R"))
    assert (ours(made).intact, ours(made).trusted) == (True, True)


def test_what_is_readable_beside_it_still_proves() -> None:
    with long_life() as signing:
        proved = signing.proved(signing.timestamped(signing.stamped(LETTER.read_bytes(), a_spec())))
        later = signed(proved)
        roots, signers = [signing.authority.root], [signing.certificate.der]
        (stamp, _) = read_stamps(later, roots=roots, signers=signers)
    assert (stamp.trusted, stamp.is_revoked) == (True, False)
