"""The signing manifest: current and former certificates, and the trusted roots."""

import json
from dataclasses import replace
from typing import Any

import pytest

from meterai.domain.errors import Unavailable
from meterai.pdf.signing.signing_certificate import InvalidSigningManifest
from meterai.pdf.signing.signing_keyring import KeyringCertificates, SigningKeyring
from tests.fixtures.documents.pki import authority

SIGNER, PERSON, ROOT = (
    authority().signer.certificate,
    authority().person.certificate,
    authority().root,
)
KEYRING = SigningKeyring(SIGNER, (PERSON,), (ROOT,))


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(KEYRING.to_json()) | fields)


def test_a_keyring_is_read_back_from_its_json() -> None:
    assert SigningKeyring.from_json(KEYRING.to_json()) == KEYRING


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        "{}",
        changed(version=1),
        changed(current=None),
        changed(current={"key_id": "a", "certificate": "?", "chain": []}),
        changed(current={"key_id": "a", "certificate": "AAAA", "chain": []}),
        changed(roots=None),
    ],
)
def test_an_invalid_manifest_is_refused(broken: str) -> None:
    with pytest.raises(InvalidSigningManifest):
        SigningKeyring.from_json(broken)


def test_a_replaced_certificate_becomes_a_former_one() -> None:
    first = SigningKeyring(SIGNER, (), (ROOT,))
    assert first.replaced_by(PERSON, (ROOT,)) == SigningKeyring(PERSON, (SIGNER,), (ROOT,))
    assert first.replaced_by(PERSON, ()).certificates == {SIGNER.der, PERSON.der}


def test_installing_the_same_certificate_changes_nothing() -> None:
    assert KEYRING.replaced_by(SIGNER, (ROOT,)) == KEYRING


def test_a_former_certificate_that_is_installed_again_is_only_the_current_one() -> None:
    assert KEYRING.replaced_by(PERSON, ()) == SigningKeyring(PERSON, (SIGNER,), (ROOT,))


def test_without_roots_the_last_certificate_of_each_chain_is_trusted() -> None:
    assert replace(KEYRING, roots=()).trusted == SIGNER.chain
    assert KEYRING.trusted == (ROOT,)


def test_an_unreadable_manifest_makes_the_expiry_unavailable() -> None:
    broken = KeyringCertificates(lambda *, anew=False: SigningKeyring.from_json("{}"))  # noqa: ARG005
    with pytest.raises(Unavailable):
        broken.expires_at()
    known = KeyringCertificates(lambda *, anew=False: KEYRING)  # noqa: ARG005
    assert known.expires_at() == SIGNER.expires_at
