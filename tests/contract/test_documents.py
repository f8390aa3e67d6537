"""Files are read only with the hash that was declared, and stored stamped only once."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from meterai.aws.storage.documents import S3Documents
from meterai.domain.errors import DocumentHashMismatch, DocumentMissing, DocumentTooLarge
from meterai.domain.stamping.outputs import FileLock, Output
from tests.contract.backends import MAX_BYTES, AwsBackend, Backend, pseudonym
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


def test_issued_files_are_locked_where_that_is_chosen_and_uploads_never(
    moto_backend: AwsBackend,
) -> None:
    """S3 refuses to delete a locked version, and takes a lock on a bucket that allows it."""
    s3, now = moto_backend.clients.s3, datetime.now(UTC)
    bucket = f"{moto_backend.prefix}locked"
    s3.create_bucket(
        Bucket=bucket,
        CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"},
        ObjectLockEnabledForBucket=True,
    )
    lock = FileLock("COMPLIANCE", timedelta(days=3650))
    documents = S3Documents(s3, bucket, pseudonym, lambda: now, MAX_BYTES, lock)
    named: list[str] = []

    def name(params: dict[str, Any], **_: object) -> None:
        named.append(params["headers"].get("x-amz-sdk-checksum-algorithm"))

    s3.meta.events.register("before-call.s3.PutObject", name)
    (one,) = a_stamping(an_order(), 0)
    try:
        documents.put_stamped([one], CONTENT)
        documents.put_augmented(one, CONTENT)
    finally:
        s3.meta.events.unregister("before-call.s3.PutObject", name)
    upload = documents.create_upload(ACCOUNT, SHA256, len(CONTENT))
    assert named == ["SHA256", "SHA256"], "S3 takes no lock without it"
    assert [field for field in upload.fields if "lock" in field] == []
    for prefix in ("stamped", "preserved"):
        key = f"{prefix}/{pseudonym(ACCOUNT)}/{one.serial}.pdf"
        head = s3.head_object(Bucket=bucket, Key=key)
        assert head["ObjectLockMode"] == "COMPLIANCE"
        left = head["ObjectLockRetainUntilDate"] - now
        assert timedelta(days=3649) < left <= timedelta(days=3650)
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.delete_object(Bucket=bucket, Key=key, VersionId=head["VersionId"])


def test_a_stamped_file_is_stored_once(backend: Backend) -> None:
    first, second = a_stamping(an_order(), 0, 1)
    assert backend.documents.stamped_output(first) is None
    assert backend.documents.put_stamped([first, second], CONTENT) == STORED
    assert backend.documents.put_stamped([first, second], CONTENT) == STORED
    assert backend.documents.put_stamped([first, second], b"%PDF-1.7 of a slower worker") == STORED
    assert backend.documents.stamped_output(first) == STORED
    assert backend.documents.stamped_output(second) == STORED


def test_an_augmented_file_is_stored_once_under_its_own_key(backend: Backend) -> None:
    first, second = a_stamping(an_order(), 0, 1)
    backend.documents.put_stamped([first, second], CONTENT)
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
    backend.documents.put_stamped([one], CONTENT)
    assert backend.documents.get_stamped(one) == CONTENT
    with pytest.raises(DocumentHashMismatch):
        backend.documents.get_stamped(replace(one, outputs=(Output("f" * 64, 17),)))
