"""The artefact: who signs, who signed before, and what is trusted."""

import json
from dataclasses import replace
from typing import Any

import pytest

from meterai.pdf.signing.signing_certificate import IdentityError
from meterai.pdf.signing.signing_keyring import SigningKeyring
from tests.fixtures.documents.pki import authority

OFFICE, PERSON, ROOT = authority().office.identity, authority().person.identity, authority().root
ARTEFACT = SigningKeyring(OFFICE, (PERSON,), (ROOT,))


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(ARTEFACT.to_json()) | fields)


def test_an_artefact_survives_its_json() -> None:
    assert SigningKeyring.from_json(ARTEFACT.to_json()) == ARTEFACT


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
def test_what_is_no_artefact_is_refused(broken: str) -> None:
    with pytest.raises(IdentityError):
        SigningKeyring.from_json(broken)


def test_who_is_replaced_stays_known() -> None:
    first = SigningKeyring(OFFICE, (), (ROOT,))
    assert first.replaced_by(PERSON, (ROOT,)) == SigningKeyring(PERSON, (OFFICE,), (ROOT,))
    assert first.replaced_by(PERSON, ()).certificates == {OFFICE.certificate, PERSON.certificate}


def test_the_same_again_changes_nothing() -> None:
    assert ARTEFACT.replaced_by(OFFICE, (ROOT,)) == ARTEFACT


def test_one_that_comes_back_is_current_and_not_former() -> None:
    assert ARTEFACT.replaced_by(PERSON, ()) == SigningKeyring(PERSON, (OFFICE,), (ROOT,))


def test_without_roots_the_ends_of_the_chains_are_trusted() -> None:
    assert replace(ARTEFACT, roots=()).trusted == OFFICE.chain
    assert ARTEFACT.trusted == (ROOT,)
