"""The signing key in KMS, and the manifest that names the key and its certificate."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from meterai.aws.errors import THROTTLED, code_of, translate_aws_errors
from meterai.domain.errors import NoSigningIdentity, SigningKeyUnusable, Unavailable
from meterai.ttl_cache import TtlCache

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client

MAX_RAW_BYTES = 4_096  # KMS Sign with MessageType RAW
MAX_AGE_S = 300.0  # a change of key reaches every worker within five minutes
MIN_RENEW_S = 10.0  # while no certificate is valid, each message wants it read again

_MISSING = frozenset({"AccessDenied", "NoSuchKey"})  # S3 says 403 to who may not list the bucket
_UNUSABLE = frozenset(
    {"AccessDeniedException", "DisabledException", "KMSInvalidStateException", "NotFoundException"}
)


@dataclass(frozen=True, slots=True)
class KmsSigner:
    """RSASSA-PKCS1-v1_5 with SHA-256 over what it is given: KMS hashes it itself."""

    client: "KMSClient"
    on_throttled: Callable[[], None] = lambda: None
    """AWS/KMS has no metric of throttling: called where the last try of a signature was."""

    def sign(self, key_id: str, signed_attributes: bytes) -> bytes:
        """One Sign. Raises SigningKeyUnusable, Unavailable; the caller checks the answer against
        the certificate."""
        if len(signed_attributes) > MAX_RAW_BYTES:
            raise ValueError(f"KMS signs at most {MAX_RAW_BYTES} bytes in one piece")
        try:
            with translate_aws_errors("kms"):
                answer = self.client.sign(
                    KeyId=key_id,
                    Message=signed_attributes,
                    MessageType="RAW",
                    SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
                )
        except ClientError as failure:
            if code_of(failure) in _UNUSABLE:
                raise SigningKeyUnusable(key_id=key_id, reason=code_of(failure)) from failure
            raise
        except Unavailable as failure:
            if failure.values["reason"] in THROTTLED:
                self.on_throttled()
            raise
        return answer["Signature"]


@dataclass(slots=True)
class SigningManifest:
    """The object made when the key was set up or changed: read once, and again every five minutes,
    so that a worker that lives for hours takes up a new key."""

    client: "S3Client"
    bucket: str
    key: str
    timer: Callable[[], float] = time.monotonic
    _kept: TtlCache[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._kept = TtlCache(
            self._read,
            MAX_AGE_S,
            min_renew_s=MIN_RENEW_S,
            keep_if_unavailable=True,
            timer=self.timer,
        )

    def read(self, *, anew: bool = False) -> bytes:
        """If S3 does not answer, what was read before is used on; but `anew` raises Unavailable.
        What is ten seconds old is new enough."""
        if anew:
            self._kept.renew()
        return self._kept.get()

    def _read(self) -> bytes:
        """Raises Unavailable; NoSigningIdentity before one is installed."""
        try:
            with translate_aws_errors("s3"):
                return self.client.get_object(Bucket=self.bucket, Key=self.key)["Body"].read()
        except ClientError as failure:
            if code_of(failure) in _MISSING:
                reason = code_of(failure)
                raise NoSigningIdentity(party="signing_manifest", reason=reason) from failure
            raise
