"""Uploads by form: found by the draft whose form it was, and kept as the document that was read."""

import base64
import hashlib
from dataclasses import replace

import pytest

from meterai.aws.storage.presigned_files import PresignedFiles
from meterai.domain.errors import DocumentMissing, Unavailable
from meterai.domain.id_derivation import DraftId
from meterai.ports import BrowserUpload
from tests.contract.backends import MAX_BYTES, AwsBackend, Backend, pseudonym
from tests.contract.factories import ACCOUNT

DRAFT = DraftId("drf_CK64EG2Y75PUE2VPFYTSQ3DNE5")
PAGE = "https://meterai.example/saya/pengajuan/drf_CK64EG2Y75PUE2VPFYTSQ3DNE5/unggahan"
CONTENT = b"%PDF-1.7 a letter"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def sent(backend: Backend, name: str = "surat.pdf", content: bytes = CONTENT) -> BrowserUpload:
    form = backend.documents.create_browser_upload(ACCOUNT, DRAFT, PAGE)
    upload = backend.documents.find_upload(ACCOUNT, DRAFT, backend.send(form, name, content))
    assert upload is not None
    return upload


def test_what_was_sent_is_found_and_read(backend: Backend) -> None:
    upload = sent(backend)
    assert (upload.name, upload.size_bytes) == ("surat.pdf", len(CONTENT))
    assert backend.documents.read_upload(upload) == CONTENT


@pytest.mark.parametrize("name", ["surat <b> & lamaran.pdf", "s" * 200 + ".pdf"])
def test_a_file_keeps_its_own_name(backend: Backend, name: str) -> None:
    assert sent(backend, name).name == name


@pytest.mark.parametrize(
    "name", ["lamaran \u0623\u062d\u0645\u062f.pdf", "r\u00e9sum\u00e9 \U0001f600.pdf"]
)
def test_a_name_outside_ascii_is_read_back(ministack_backend: AwsBackend, name: str) -> None:
    """boto3 sends none, so moto in this process cannot have one."""
    assert sent(ministack_backend, name).name == name


def test_an_upload_is_kept_as_the_document_with_its_hash(backend: Backend) -> None:
    upload = sent(backend)
    for _ in range(2):
        backend.documents.keep_upload(ACCOUNT, upload, SHA256)
    assert backend.documents.get(ACCOUNT, SHA256) == CONTENT
    assert backend.documents.size_of(ACCOUNT, SHA256) == len(CONTENT)


def test_what_was_made_of_an_upload_is_a_document_too(backend: Backend) -> None:
    for _ in range(2):
        assert backend.documents.put_document(ACCOUNT, CONTENT) == SHA256
    assert backend.documents.get(ACCOUNT, SHA256) == CONTENT


def test_a_kept_document_is_a_pdf_with_its_checksum_and_without_its_name(
    moto_backend: AwsBackend,
) -> None:
    moto_backend.documents.keep_upload(ACCOUNT, sent(moto_backend), SHA256)
    head = moto_backend.clients.s3.head_object(
        Bucket=moto_backend.documents.bucket,
        Key=f"documents/{pseudonym(ACCOUNT)}/{SHA256}",
        ChecksumMode="ENABLED",
    )
    assert (head["ContentType"], head["Metadata"]) == ("application/pdf", {})
    assert base64.b64decode(head["ChecksumSHA256"]).hex() == SHA256


def test_a_file_above_the_limit_is_taken_and_found(backend: Backend) -> None:
    assert sent(backend, content=bytes(MAX_BYTES + 1)).size_bytes == MAX_BYTES + 1
    assert sent(backend, content=b"").size_bytes == 0


def test_every_form_has_a_place_of_its_own(backend: Backend) -> None:
    first, second = sent(backend), sent(backend, content=b"another")
    assert backend.documents.read_upload(first) == CONTENT
    assert backend.documents.read_upload(second) == b"another"


def test_a_form_that_was_not_sent_brought_nothing(backend: Backend) -> None:
    form = backend.documents.create_browser_upload(ACCOUNT, DRAFT, PAGE)
    assert backend.documents.find_upload(ACCOUNT, DRAFT, form.fields["key"]) is None


def test_what_belongs_to_another_account_or_draft_is_not_found(backend: Backend) -> None:
    key = sent(backend).key
    assert backend.documents.find_upload("somebody else", DRAFT, key) is None
    assert backend.documents.find_upload(ACCOUNT, DraftId("drf_OTHER"), key) is None


def test_no_other_key_of_the_bucket_is_found(moto_backend: AwsBackend) -> None:
    documents = moto_backend.documents
    moto_backend.upload(ACCOUNT, SHA256, CONTENT)
    own = f"incoming/{pseudonym(ACCOUNT)}/{DRAFT}/"
    for key in (
        f"documents/{pseudonym(ACCOUNT)}/{SHA256}",
        f"{own}../../../documents/{pseudonym(ACCOUNT)}/{SHA256}",
        own,
        f"{own}{'0' * 32}\n",
        f"{own}{'0' * 33}",
        "",
    ):
        assert documents.find_upload(ACCOUNT, DRAFT, key) is None


def test_a_form_that_was_sent_again_with_another_file_is_not_mixed_up(backend: Backend) -> None:
    form = backend.documents.create_browser_upload(ACCOUNT, DRAFT, PAGE)
    key = backend.send(form, "surat.pdf", CONTENT)
    first = backend.documents.find_upload(ACCOUNT, DRAFT, key)
    backend.send(form, "other.pdf", b"%PDF-1.7 another")
    assert first is not None
    with pytest.raises(Unavailable):
        backend.documents.read_upload(first)
    with pytest.raises(Unavailable):
        backend.documents.keep_upload(ACCOUNT, first, SHA256)


def test_another_file_is_not_even_copied(ministack_backend: AwsBackend) -> None:
    """moto overlooks the condition; there the checksum tells."""
    documents = ministack_backend.documents
    with pytest.raises(Unavailable):
        documents.keep_upload(ACCOUNT, replace(sent(ministack_backend), etag='"0"'), SHA256)
    with pytest.raises(DocumentMissing):
        documents.size_of(ACCOUNT, SHA256)


def test_an_upload_that_is_gone_by_now_concludes_nothing(backend: Backend) -> None:
    gone = replace(sent(backend), key=f"incoming/{pseudonym(ACCOUNT)}/{DRAFT}/{'9' * 32}")
    with pytest.raises(Unavailable):
        backend.documents.read_upload(gone)
    with pytest.raises(Unavailable):
        backend.documents.keep_upload(ACCOUNT, gone, SHA256)


def test_the_last_part_of_its_key_is_enough(backend: Backend) -> None:
    upload = sent(backend)
    name = upload.key.rpartition("/")[2]
    assert backend.documents.find_upload(ACCOUNT, DRAFT, name) == upload
    assert backend.documents.find_upload("somebody else", DRAFT, name) is None


def test_an_upload_is_read_at_its_address(ministack_backend: AwsBackend) -> None:
    file = ministack_backend.documents.locate_upload(sent(ministack_backend), SHA256)
    assert PresignedFiles().fetch(file) == CONTENT
