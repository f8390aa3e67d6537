"""The keys of deadline receipts: the private halves in one secret, the statements in the bucket."""

import base64
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from meterai.aws.errors import code_of, translate_aws_errors
from meterai.aws.keys.secrets import read_secret
from meterai.aws.tables.attributes import text_of_time, time_of_text
from meterai.domain.stamping.receipts import ReceiptKey
from meterai.ttl_cache import TtlCache

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

PREFIX = "receipt-keys/"
MAX_AGE_S = 300.0  # a key is made an hour before its hour begins
MAX_EMPTY_AGE_S = 1.0  # no key yet: the system has just been set up


@dataclass(slots=True)
class SecretReceiptKeys:
    """`held` asks Secrets Manager at most once in five minutes, and once a second for the first."""

    secrets: "SecretsManagerClient"
    s3: "S3Client"
    secret: str
    bucket: str
    timer: Callable[[], float] = time.monotonic
    _kept: TtlCache[Sequence[ReceiptKey]] = field(init=False)

    def __post_init__(self) -> None:
        self._kept = TtlCache(
            self._read, lambda keys: MAX_AGE_S if keys else MAX_EMPTY_AGE_S, timer=self.timer
        )

    def held(self) -> Sequence[ReceiptKey]:
        return self._kept.get()

    def hold(self, keys: Sequence[ReceiptKey]) -> None:
        text = json.dumps([_values(key) for key in keys], separators=(",", ":"))
        with translate_aws_errors("secretsmanager"):
            self.secrets.put_secret_value(SecretId=self.secret, SecretString=text)
        self._kept.forget()

    def _read(self) -> Sequence[ReceiptKey]:
        return tuple(_key(one) for one in json.loads(read_secret(self.secrets, self.secret)))

    def publish(self, key_id: str, statement: str) -> None:
        with translate_aws_errors("s3"):
            self.s3.put_object(
                Bucket=self.bucket,
                Key=f"{PREFIX}{key_id}",
                Body=statement.encode(),
                ContentType="application/jose",
            )

    def statement(self, key_id: str) -> str | None:
        try:
            with translate_aws_errors("s3"):
                answer = self.s3.get_object(Bucket=self.bucket, Key=f"{PREFIX}{key_id}")
                return answer["Body"].read().decode()
        except ClientError as failure:
            if code_of(failure) == "NoSuchKey":
                return None
            raise


@dataclass(frozen=True, slots=True)
class KmsRootKey:
    """The root key for receipts: ECDSA over P-256."""

    client: "KMSClient"
    key_id: str

    def public_key(self) -> bytes:
        """SubjectPublicKeyInfo, in DER."""
        with translate_aws_errors("kms"):
            return self.client.get_public_key(KeyId=self.key_id)["PublicKey"]

    def certify(self, message: bytes) -> bytes:
        """r and s, 32 bytes each. One Sign."""
        with translate_aws_errors("kms"):
            answer = self.client.sign(
                KeyId=self.key_id,
                Message=message,
                MessageType="RAW",
                SigningAlgorithm="ECDSA_SHA_256",
            )
        return _r_and_s(answer["Signature"])


def _r_and_s(signature: bytes) -> bytes:
    """KMS answers a DER sequence of two integers (RFC 3279, 2.2.3); JWS wants them as bytes of one
    width (RFC 7518, 3.4)."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(signature))


def _values(key: ReceiptKey) -> dict[str, str]:
    return {
        "key_id": key.key_id,
        "hour": text_of_time(key.hour),
        "private": base64.b64encode(key.private).decode("ascii"),
    }


def _key(values: dict[str, Any]) -> ReceiptKey:
    return ReceiptKey(
        key_id=values["key_id"],
        hour=time_of_text(values["hour"]),
        private=base64.b64decode(values["private"]),
    )
