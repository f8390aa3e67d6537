"""Presigned S3 addresses: an upload is bound to one file, a download is valid for five minutes."""

import base64
import hashlib
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import urllib3

from meterai.aws import clients
from meterai.aws.storage.documents import S3Documents
from meterai.domain.errors import DocumentMissing
from tests.contract.backends import AwsBackend, pseudonym
from tests.contract.factories import ACCOUNT, NOW, a_stamping, an_order

CONTENT = b"%PDF-1.7 a letter"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SHA256_BASE64 = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
HTTP = urllib3.PoolManager(retries=False)


def test_an_upload_is_bound_to_one_file(moto_backend: AwsBackend) -> None:
    offer = moto_backend.documents.create_upload(ACCOUNT, SHA256, len(CONTENT))
    assert offer.expires_at == NOW + timedelta(minutes=15)
    assert urlsplit(offer.url).netloc.endswith(".s3.ap-southeast-3.amazonaws.com")
    pinned = {
        "key": f"documents/{pseudonym(ACCOUNT)}/{SHA256}",
        "Content-Type": "application/pdf",
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": SHA256_BASE64,
    }
    assert offer.fields.items() >= pinned.items()
    policy = json.loads(base64.b64decode(offer.fields["policy"]))
    for name, value in pinned.items():
        assert {name: value} in policy["conditions"]
    assert ["content-length-range", len(CONTENT), len(CONTENT)] in policy["conditions"]
    assert ["starts-with", "$key", ""] not in policy["conditions"]


@pytest.mark.parametrize("region", ["ap-southeast-3", "us-east-1"])
def test_an_address_names_the_region_of_the_bucket(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `InspectKnownNames` in template.yaml does: `inspect` can look up no other name."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    s3 = boto3.client(
        "s3",
        region_name=region,
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        config=clients.s3_config(),
    )
    documents = S3Documents(s3, "documents-bucket", pseudonym, lambda: NOW, 20_000_000)
    host = f"documents-bucket.s3.{region}.amazonaws.com"
    assert urlsplit(documents.locate(ACCOUNT, SHA256).url).netloc == host
    assert urlsplit(documents.create_upload(ACCOUNT, SHA256, 1).url).netloc == host


def test_a_download_is_valid_for_five_minutes_and_has_a_file_name(moto_backend: AwsBackend) -> None:
    first, second = a_stamping(an_order(), 0, 1, portal="sscasn")
    url = urlsplit(moto_backend.documents.download_url(second))
    query = parse_qs(url.query)
    assert url.path.endswith(f"/stamped/sscasn/{first.serial}.pdf")
    assert query["X-Amz-Expires"] == ["300"]
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["response-content-disposition"] == [f'attachment; filename="{first.serial}.pdf"']


def test_a_file_is_uploaded_and_its_stamped_file_downloaded(ministack_backend: AwsBackend) -> None:
    documents = ministack_backend.documents
    with pytest.raises(DocumentMissing):
        documents.get(ACCOUNT, SHA256)
    offer = documents.create_upload(ACCOUNT, SHA256, len(CONTENT))
    form: dict[str, str | tuple[str, bytes, str]] = {**offer.fields}
    form["file"] = ("letter.pdf", CONTENT, "application/pdf")
    assert HTTP.request("POST", offer.url, fields=form).status == 204
    assert documents.get(ACCOUNT, SHA256) == CONTENT

    (one,) = a_stamping(an_order(), 0)
    documents.put_stamped([one], CONTENT + b" stamped")
    response = HTTP.request("GET", documents.download_url(one))
    assert (response.status, response.data) == (200, CONTENT + b" stamped")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{one.serial}.pdf"'
