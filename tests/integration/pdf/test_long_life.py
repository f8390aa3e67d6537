"""B-T and B-LT: a stamp that holds by the file alone, after its certificate has ended."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from meterai.domain.errors import DocumentTooComplex, Unavailable
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.placement import Placement
from meterai.pdf.adapters import PdfAugmenter
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.pdf.signing.timestamps import TimestampServers
from tests.fixtures.documents.hostile import HOSTILE
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.remake import LETTER
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.judges import qpdf_complaints
from tests.integration.pdf.long_life import SPRING, LongLife, long_life, validated_by_pyhanko
from tests.integration.pdf.signature_judge import JudgedSignature, judged_signatures
from tests.integration.pdf.stamping import a_spec

DOCUMENT = LETTER.read_bytes()
ELSEWHERE = Placement(page=1, x_pt=100, y_pt=250, side_pt=80)
TWO = (a_spec(1), a_spec(2, ELSEWHERE))


@pytest.fixture(scope="module")
def signing() -> Iterator[LongLife]:
    with long_life() as running:
        yield running


def found_in(document: bytes, signing: LongLife) -> list[JudgedSignature]:
    return judged_signatures(
        document, roots=[signing.authority.root], signers=[signing.certificate.der]
    )


def test_a_stamp_with_a_timestamp_holds_after_its_certificate_has_ended(signing: LongLife) -> None:
    found = found_in(signing.stamped(DOCUMENT, *TWO, timestamped=True), signing)
    assert [(one.holds, one.proven_at) for one in found] == [(True, SPRING)] * 2


def test_a_stamp_without_a_timestamp_is_augmented_by_revisions(signing: LongLife) -> None:
    stamped = signing.stamped(DOCUMENT, *TWO)
    timestamped = signing.timestamped(stamped)
    proved = signing.proved(timestamped)
    assert timestamped.startswith(stamped)
    assert proved.startswith(timestamped)
    found = found_in(proved, signing)
    assert [(one.holds, one.proven_at) for one in found] == [(True, SPRING)] * 2
    assert validated_by_pyhanko(proved, signing.authority.root) == [True, True]
    assert qpdf_complaints(proved) == []


def test_a_stamp_with_a_timestamp_needs_its_proofs_alone(signing: LongLife) -> None:
    stamped = signing.stamped(DOCUMENT, *TWO, timestamped=True)
    assert signing.timestamped(stamped) == stamped
    proved = signing.proved(stamped)
    assert all(one.holds for one in found_in(proved, signing))
    assert validated_by_pyhanko(proved, signing.authority.root) == [True, True]


def test_the_proofs_are_of_both_chains_and_without_vri(signing: LongLife) -> None:
    proved = signing.proved(signing.timestamped(signing.stamped(DOCUMENT, a_spec())))
    store = PdfFileReader(BytesIO(proved)).root["/DSS"]
    certificates = {one.get_object().data for one in store["/Certs"]}
    assert {signing.certificate.der, *signing.authority.chain} < certificates
    assert len(certificates) == 5  # the timestamp server's, the responder's and the root's too
    assert (len(store["/OCSPs"]), len(store["/CRLs"])) == (2, 1)
    assert "/VRI" not in store


def test_a_persons_signature_stays_valid_after_augmentation(signing: LongLife) -> None:
    proved = signing.proved(
        signing.timestamped(signing.stamped(signed_by(authority().person, DOCUMENT), a_spec()))
    )
    (person, ours) = judged_signatures(proved, roots=[signing.authority.root])
    assert (person.intact, ours.holds) == (True, True)
    assert person.coverage == ours.coverage == "extended"


def test_where_no_server_answers_the_stamp_goes_out_without(signing: LongLife) -> None:
    silent = replace(signing, servers=TimestampServers(["http://127.0.0.1:9"], signing.http, 4_096))
    stamped = silent.stamped(DOCUMENT, *TWO, timestamped=True)
    assert [one.proven_at for one in found_in(stamped, signing)] == [None, None]
    with pytest.raises(Unavailable):
        silent.timestamped(stamped)


def test_the_next_server_is_asked_where_one_is_silent(signing: LongLife) -> None:
    urls = ["http://127.0.0.1:9", signing.authority.timestamp_url]
    both = replace(signing, servers=TimestampServers(urls, signing.http, 4_096))
    (found,) = found_in(both.stamped(DOCUMENT, a_spec(), timestamped=True), signing)
    assert found.proven_at == SPRING


def test_a_stamp_is_not_augmented_without_revocation_data(signing: LongLife) -> None:
    timestamped = signing.timestamped(signing.stamped(DOCUMENT, a_spec()))
    signing.authority.revocation_is_down = True
    try:
        with pytest.raises(Unavailable) as refusal:
            signing.proved(timestamped)
    finally:
        signing.authority.revocation_is_down = False
    assert refusal.value.values["party"] == "revocation"


def test_a_timestamp_after_the_certificates_end_proves_nothing(signing: LongLife) -> None:
    stamped = signing.stamped(DOCUMENT, a_spec())
    signing.authority.at = datetime(2025, 7, 1, tzinfo=UTC)
    try:
        late = signing.timestamped(stamped)
    finally:
        signing.authority.at = SPRING
    (found,) = found_in(late, signing)
    assert (found.trusted, found.proven_at) == (False, datetime(2025, 7, 1, tzinfo=UTC))


def test_a_certificate_revoked_since_is_good_for_what_was_timestamped_before() -> None:
    with long_life() as signing:
        early = signing.stamped(DOCUMENT, a_spec(), timestamped=True)
        signing.authority.at = SPRING + timedelta(days=10)
        signing.authority.revoke(SPRING + timedelta(days=5))
        with pytest.raises(Unavailable):
            signing.proved(signing.stamped(DOCUMENT, a_spec(), timestamped=True))
        (found,) = found_in(early, signing)
        assert (found.holds, found.proven_at) == (True, SPRING)


def test_another_customer_of_the_same_authority_is_not_us(signing: LongLife) -> None:
    stamped = signing.stamped(DOCUMENT, a_spec(), timestamped=True)
    other = signing.certificate.chain[0]
    (found,) = judged_signatures(stamped, roots=[signing.authority.root], signers=[other])
    assert (found.intact, found.trusted) == (True, False)


def test_a_file_that_is_too_much_to_read_is_read_in_a_child_alone(signing: LongLife) -> None:
    """A file that other readers accept may still be too complex for pyHanko."""
    keyring = SigningKeyring(signing.certificate)
    augmenter = PdfAugmenter(lambda **_: keyring, signing.servers, signing.http)
    with pytest.raises(DocumentTooComplex):
        augmenter.augment(HOSTILE["a bomb as cross-references"](), SignatureLevel.B_LT, SPRING)


def test_what_a_stamp_grows_by(signing: LongLife) -> None:
    plain = signing.stamped(DOCUMENT, a_spec())
    in_it = signing.stamped(DOCUMENT, a_spec(), timestamped=True)
    after = signing.timestamped(plain)
    proved = signing.proved(after)
    assert 8_000 < len(in_it) - len(plain) < 8_500  # twice the room for a token
    assert 8_500 < len(after) - len(plain) < 10_000
    assert len(proved) - len(after) < 10_000
