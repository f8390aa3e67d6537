"""The signing key, its artefact and the secrets, as moto gives them."""

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from meterai.aws.secrets import read_secret
from meterai.aws.signing import LARGEST_RAW_BYTES, KmsSigner, signing_identity
from tests.contract.endpoints import REGION
from tests.contract.places import AwsPlace, Clients
from tests.metering import Meter


@pytest.fixture(scope="module")
def key_id(moto: Clients) -> str:
    key = moto.kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    return key["KeyMetadata"]["KeyId"]


def test_what_is_signed_verifies_and_costs_one_sign(moto: Clients, key_id: str) -> None:
    attributes = b"1" * LARGEST_RAW_BYTES
    with Meter(moto.kms) as meter:
        signature = KmsSigner(moto.kms, key_id).sign(attributes)
    assert meter.total.kms_signs == 1
    public_key = load_der_public_key(moto.kms.get_public_key(KeyId=key_id)["PublicKey"])
    assert isinstance(public_key, RSAPublicKey)
    public_key.verify(signature, attributes, PKCS1v15(), SHA256())


def test_more_than_kms_takes_is_not_sent(moto: Clients, key_id: str) -> None:
    with Meter(moto.kms) as meter, pytest.raises(ValueError, match="4096"):
        KmsSigner(moto.kms, key_id).sign(b"1" * (LARGEST_RAW_BYTES + 1))
    assert meter.total.asked == 0


def test_the_signing_identity_is_read_once(moto_place: AwsPlace) -> None:
    s3, bucket = moto_place.clients.s3, moto_place.documents.bucket
    s3.put_object(Bucket=bucket, Key="signing/identity.json", Body=b"{}")
    with Meter(s3) as meter:
        for _ in range(2):
            assert signing_identity(s3, bucket, "signing/identity.json") == b"{}"
    assert meter.total.calls == {"s3.GetObject": 1}


@pytest.mark.usefixtures("moto")
def test_a_secret_is_read_once_and_a_failure_is_not_kept() -> None:
    client = boto3.client(
        "secretsmanager", REGION, aws_access_key_id="contract", aws_secret_access_key="tests"
    )
    with pytest.raises(ClientError):
        read_secret(client, "identity")
    client.create_secret(Name="identity", SecretString="never rotates")
    with Meter(client) as meter:
        for _ in range(2):
            assert read_secret(client, "identity") == "never rotates"
    assert meter.total.calls == {"secretsmanager.GetSecretValue": 1}
