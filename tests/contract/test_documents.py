"""Files are read only with the hash that was declared, and stored stamped only once."""

import hashlib
from dataclasses import replace

import pytest

from meterai.domain.errors import DocumentHashMismatch, DocumentMissing, DocumentTooLarge
from meterai.domain.stamping.outputs import Output
from tests.contract.backends import MAX_BYTES, Backend
from tests.contract.factories import ACCOUNT, a_stamping, an_order

CONTENT = b"%PDF-1.7 a letter"
STORED = Output(hashlib.sha256(CONTENT).hexdigest(), 17)
SHA256 = STORED.sha256


def test_an_uploaded_file_is_read(backend: Backend) -> None:
    backend.upload(ACCOUNT, SHA256, CONTENT)
    assert backend.documents.get(ACCOUNT, SHA256) == CONTENT


def test_a_file_that_was_not_uploaded_is_missing(backend: Backend) -> None:
    with pytest.raises(DocumentMissing):
        backend.documents.get(ACCOUNT, SHA256)


def test_the_file_of_another_account_is_missing(backend: Backend) -> None:
    backend.upload("somebody else", SHA256, CONTENT)
    with pytest.raises(DocumentMissing):
        backend.documents.get(ACCOUNT, SHA256)


def test_a_file_with_another_hash_is_refused(backend: Backend) -> None:
    backend.upload(ACCOUNT, SHA256, CONTENT + b"!")
    with pytest.raises(DocumentHashMismatch):
        backend.documents.get(ACCOUNT, SHA256)


def test_a_file_that_is_too_large_is_refused(backend: Backend) -> None:
    content = bytes(MAX_BYTES + 1)
    sha256 = hashlib.sha256(content).hexdigest()
    backend.upload(ACCOUNT, sha256, content)
    with pytest.raises(DocumentTooLarge) as refusal:
        backend.documents.get(ACCOUNT, sha256)
    assert refusal.value.values == {
        "size_bytes": MAX_BYTES + 1,
        "limit_bytes": MAX_BYTES,
    }
    backend.upload(ACCOUNT, SHA256, content[1:])
    with pytest.raises(DocumentHashMismatch):
        backend.documents.get(ACCOUNT, SHA256)


def test_a_stamped_file_is_stored_once(backend: Backend) -> None:
    first, second = a_stamping(an_order(), 0, 1)
    assert backend.documents.stamped_output(first) is None
    assert backend.documents.put_stamped(first, CONTENT) == STORED
    assert backend.documents.put_stamped(first, CONTENT) == STORED
    assert backend.documents.put_stamped(second, b"%PDF-1.7 of a slower worker") == STORED
    assert backend.documents.stamped_output(first) == STORED
    assert backend.documents.stamped_output(second) == STORED


def test_an_augmented_file_is_stored_once_under_its_own_key(backend: Backend) -> None:
    first, second = a_stamping(an_order(), 0, 1)
    backend.documents.put_stamped(first, CONTENT)
    augmented = CONTENT + b" with a timestamp"
    stored = Output(hashlib.sha256(augmented).hexdigest(), 34)
    assert backend.documents.put_augmented(first, augmented) == stored
    assert backend.documents.put_augmented(first, augmented) == stored
    assert backend.documents.put_augmented(second, augmented + b" of a slower try") == stored
    assert backend.documents.stamped_output(first) == STORED


def test_a_stamped_file_is_read_with_the_hash_that_is_listed(backend: Backend) -> None:
    (one,) = a_stamping(an_order(), 0, outputs=(STORED,))
    with pytest.raises(DocumentMissing):
        backend.documents.get_stamped(one)
    backend.documents.put_stamped(one, CONTENT)
    assert backend.documents.get_stamped(one) == CONTENT
    with pytest.raises(DocumentHashMismatch):
        backend.documents.get_stamped(replace(one, outputs=(Output("f" * 64, 17),)))
