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
from meterai.pdf.verification.signature_check import SignatureCheck
from meterai.pdf.verification.verify import read_stamps
from tests.fixtures.documents.hostile import HOSTILE
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.remake import LETTER
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.judges import qpdf_complaints
from tests.integration.pdf.long_life import SPRING, LongLife, long_life, validated_by_pyhanko
from tests.integration.pdf.stamping import a_spec

DOCUMENT = LETTER.read_bytes()
ELSEWHERE = Placement(page=1, x_pt=100, y_pt=250, side_pt=80)
TWO = (a_spec(1), a_spec(2, ELSEWHERE))


@pytest.fixture(scope="module")
def office() -> Iterator[LongLife]:
    with long_life() as running:
        yield running


def found_in(document: bytes, office: LongLife) -> list[SignatureCheck]:
    return read_stamps(document, roots=[office.authority.root], signers=[office.certificate.der])


def test_a_stamp_with_a_timestamp_holds_after_its_certificate_has_ended(office: LongLife) -> None:
    found = found_in(office.stamped(DOCUMENT, *TWO, timestamped=True), office)
    assert [(one.holds, one.proven_at) for one in found] == [(True, SPRING)] * 2


def test_a_stamp_that_went_out_without_is_raised_by_revisions(office: LongLife) -> None:
    stamped = office.stamped(DOCUMENT, *TWO)
    timestamped = office.timestamped(stamped)
    proved = office.proved(timestamped)
    assert timestamped.startswith(stamped)
    assert proved.startswith(timestamped)
    found = found_in(proved, office)
    assert [(one.holds, one.proven_at) for one in found] == [(True, SPRING)] * 2
    assert validated_by_pyhanko(proved, office.authority.root) == [True, True]
    assert qpdf_complaints(proved) == []


def test_a_stamp_with_a_timestamp_needs_its_proofs_alone(office: LongLife) -> None:
    stamped = office.stamped(DOCUMENT, *TWO, timestamped=True)
    assert office.timestamped(stamped) == stamped
    proved = office.proved(stamped)
    assert all(one.holds for one in found_in(proved, office))
    assert validated_by_pyhanko(proved, office.authority.root) == [True, True]


def test_the_proofs_are_of_both_chains_and_without_vri(office: LongLife) -> None:
    proved = office.proved(office.timestamped(office.stamped(DOCUMENT, a_spec())))
    store = PdfFileReader(BytesIO(proved)).root["/DSS"]
    certificates = {one.get_object().data for one in store["/Certs"]}
    assert {office.certificate.der, *office.authority.chain} < certificates
    assert len(certificates) == 5  # the timestamp server's, the responder's and the root's too
    assert (len(store["/OCSPs"]), len(store["/CRLs"])) == (2, 1)
    assert "/VRI" not in store


def test_a_persons_signature_outlives_the_raising(office: LongLife) -> None:
    proved = office.proved(
        office.timestamped(office.stamped(signed_by(authority().person, DOCUMENT), a_spec()))
    )
    (person, ours) = read_stamps(proved, roots=[office.authority.root])
    assert (person.intact, ours.holds) == (True, True)
    assert person.coverage == ours.coverage == "extended"


def test_where_no_server_answers_the_stamp_goes_out_without(office: LongLife) -> None:
    silent = replace(office, servers=TimestampServers(["http://127.0.0.1:9"], office.http, 4_096))
    stamped = silent.stamped(DOCUMENT, *TWO, timestamped=True)
    assert [one.proven_at for one in found_in(stamped, office)] == [None, None]
    with pytest.raises(Unavailable):
        silent.timestamped(stamped)


def test_the_next_server_is_asked_where_one_is_silent(office: LongLife) -> None:
    urls = ["http://127.0.0.1:9", office.authority.timestamp_url]
    both = replace(office, servers=TimestampServers(urls, office.http, 4_096))
    (found,) = found_in(both.stamped(DOCUMENT, a_spec(), timestamped=True), office)
    assert found.proven_at == SPRING


def test_a_stamp_is_not_raised_where_nobody_tells_what_is_revoked(office: LongLife) -> None:
    timestamped = office.timestamped(office.stamped(DOCUMENT, a_spec()))
    office.authority.revocation_is_down = True
    try:
        with pytest.raises(Unavailable) as refusal:
            office.proved(timestamped)
    finally:
        office.authority.revocation_is_down = False
    assert refusal.value.values["party"] == "revocation"


def test_a_timestamp_after_the_certificates_end_proves_nothing(office: LongLife) -> None:
    stamped = office.stamped(DOCUMENT, a_spec())
    office.authority.at = datetime(2025, 7, 1, tzinfo=UTC)
    try:
        late = office.timestamped(stamped)
    finally:
        office.authority.at = SPRING
    (found,) = found_in(late, office)
    assert (found.trusted, found.proven_at) == (False, datetime(2025, 7, 1, tzinfo=UTC))


def test_a_certificate_revoked_since_is_good_for_what_was_timestamped_before() -> None:
    with long_life() as office:
        early = office.stamped(DOCUMENT, a_spec(), timestamped=True)
        office.authority.at = SPRING + timedelta(days=10)
        office.authority.revoke(SPRING + timedelta(days=5))
        with pytest.raises(Unavailable):
            office.proved(office.stamped(DOCUMENT, a_spec(), timestamped=True))
        (found,) = found_in(early, office)
        assert (found.holds, found.proven_at) == (True, SPRING)


def test_another_customer_of_the_same_authority_is_not_the_office(office: LongLife) -> None:
    stamped = office.stamped(DOCUMENT, a_spec(), timestamped=True)
    other = office.certificate.chain[0]
    (found,) = read_stamps(stamped, roots=[office.authority.root], signers=[other])
    assert (found.intact, found.trusted) == (True, False)


def test_a_file_that_is_too_much_to_read_is_read_in_a_child_alone(office: LongLife) -> None:
    """What other readers took may be more than pyHanko can bear."""
    keyring = SigningKeyring(office.certificate)
    augmenter = PdfAugmenter(lambda **_: keyring, office.servers, office.http)
    with pytest.raises(DocumentTooComplex):
        augmenter.augment(HOSTILE["a bomb as cross-references"](), SignatureLevel.B_LT, SPRING)


def test_what_a_stamp_grows_by(office: LongLife) -> None:
    plain = office.stamped(DOCUMENT, a_spec())
    in_it = office.stamped(DOCUMENT, a_spec(), timestamped=True)
    after = office.timestamped(plain)
    proved = office.proved(after)
    assert 8_000 < len(in_it) - len(plain) < 8_500  # twice the room for a token
    assert 8_500 < len(after) - len(plain) < 10_000
    assert len(proved) - len(after) < 10_000
