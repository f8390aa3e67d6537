"""The signing key, its manifest and the secrets, as moto provides them."""

from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from meterai.aws import clients
from meterai.aws.keys.secrets import read_secret
from meterai.aws.keys.signing import (
    MAX_AGE_S,
    MAX_RAW_BYTES,
    MIN_RENEW_S,
    KmsSigner,
    SigningManifest,
)
from meterai.domain.errors import NoSigningIdentity, SigningKeyUnusable, Unavailable
from meterai.domain.metrics import Metric
from meterai.pdf.signing.signing_keyring import KeyringCertificates, SigningKeyring
from meterai.pdf_ports import PdfPorts
from tests.contract.backends import AwsBackend, Clients
from tests.contract.endpoints import REGION
from tests.fakes.ports import MemoryMetrics
from tests.metering import Meter

MANIFEST = "signing/manifest.json"


@pytest.fixture(scope="module")
def key_id(moto: Clients) -> str:
    key = moto.kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    return key["KeyMetadata"]["KeyId"]


def test_a_signature_verifies_and_costs_one_sign_call(moto: Clients, key_id: str) -> None:
    attributes = b"1" * MAX_RAW_BYTES
    with Meter(moto.kms) as meter:
        signature = KmsSigner(moto.kms).sign(key_id, attributes)
    assert meter.total.kms_signs == 1
    public_key = load_der_public_key(moto.kms.get_public_key(KeyId=key_id)["PublicKey"])
    assert isinstance(public_key, RSAPublicKey)
    public_key.verify(signature, attributes, PKCS1v15(), SHA256())


def test_more_bytes_than_kms_accepts_are_not_sent(moto: Clients, key_id: str) -> None:
    with Meter(moto.kms) as meter, pytest.raises(ValueError, match="4096"):
        KmsSigner(moto.kms).sign(key_id, b"1" * (MAX_RAW_BYTES + 1))
    assert meter.total.requests == 0


def test_a_key_that_does_not_sign_is_named(moto: Clients) -> None:
    unknown = "0d6a9f0e-5c0f-4a53-9d5b-6a8f3a2f7c11"
    with pytest.raises(SigningKeyUnusable) as refusal:
        KmsSigner(moto.kms).sign(unknown, b"attributes")
    assert refusal.value.values == {"key_id": unknown, "reason": "NotFoundException"}


@pytest.mark.parametrize(
    ("code", "http_status", "counted"),
    [
        ("ThrottlingException", 400, [(Metric.KMS_THROTTLED, 1)]),
        ("KMSInternalException", 500, []),
    ],
)
def test_only_a_signature_that_kms_throttled_is_counted(
    moto: Clients,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    http_status: int,
    counted: list[tuple[Metric, int]],
) -> None:
    monkeypatch.setattr(clients, "kms", lambda: moto.kms)
    monkeypatch.setattr(clients, "s3", lambda: moto.s3)
    monkeypatch.setattr("meterai.pdf.confinement.protect_memory", lambda: None)
    settings: Any = SimpleNamespace(
        documents_bucket="documents",
        signing_manifest_object=MANIFEST,
        public_host="meterai.example",
        timestamp_urls=(),
    )
    metrics = MemoryMetrics()
    stamper: Any = PdfPorts(settings, lambda *_: None, metrics).stamper
    with Stubber(moto.kms) as kms:
        kms.add_client_error("sign", code, http_status_code=http_status)
        with pytest.raises(Unavailable):
            stamper.sign("key", b"attributes")
    assert metrics.recorded == counted


def test_before_a_manifest_is_installed_there_is_none(moto_backend: AwsBackend) -> None:
    clients = moto_backend.clients
    manifest = SigningManifest(clients.s3, moto_backend.documents.bucket, MANIFEST)
    with pytest.raises(NoSigningIdentity) as failure:
        manifest.read()
    assert failure.value.values == {"party": "signing_manifest", "reason": "NoSuchKey"}

    def keyring(*, anew: bool = False) -> SigningKeyring:
        return SigningKeyring.from_json(manifest.read(anew=anew))

    assert KeyringCertificates(keyring).expires_at() is None


def test_the_manifest_is_read_once_in_five_minutes(moto_backend: AwsBackend) -> None:
    s3, bucket = moto_backend.clients.s3, moto_backend.documents.bucket
    at_s = 0.0
    manifest = SigningManifest(s3, bucket, MANIFEST, lambda: at_s)
    s3.put_object(Bucket=bucket, Key=MANIFEST, Body=b"old")
    with Meter(s3) as meter:
        assert manifest.read() == b"old"
        at_s = MAX_AGE_S - 1
        assert manifest.read() == b"old"
    assert meter.total.calls == {"s3.GetObject": 1}
    s3.put_object(Bucket=bucket, Key=MANIFEST, Body=b"new")
    at_s = MAX_AGE_S
    assert manifest.read() == b"new"


def test_the_manifest_is_read_again_on_demand_but_not_for_each_message(
    moto_backend: AwsBackend,
) -> None:
    s3, bucket = moto_backend.clients.s3, moto_backend.documents.bucket
    now_s = 0.0
    manifest = SigningManifest(s3, bucket, MANIFEST, lambda: now_s)
    s3.put_object(Bucket=bucket, Key=MANIFEST, Body=b"old")
    assert manifest.read() == b"old"
    s3.put_object(Bucket=bucket, Key=MANIFEST, Body=b"new")
    now_s = MIN_RENEW_S - 1
    assert manifest.read(anew=True) == b"old"
    now_s = MIN_RENEW_S
    with Meter(s3) as meter:
        assert [manifest.read(anew=True) for _ in range(10)] == [b"new"] * 10
    assert meter.total.calls == {"s3.GetObject": 1}


@pytest.mark.usefixtures("moto")
def test_a_secret_is_read_by_one_call() -> None:
    client = boto3.client(
        "secretsmanager", REGION, aws_access_key_id="contract", aws_secret_access_key="tests"
    )
    with pytest.raises(ClientError):
        read_secret(client, "identity")
    client.create_secret(Name="identity", SecretString="never rotates")
    with Meter(client) as meter:
        assert read_secret(client, "identity") == "never rotates"
    assert meter.total.calls == {"secretsmanager.GetSecretValue": 1}
