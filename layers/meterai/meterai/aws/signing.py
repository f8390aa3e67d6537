"""The signing key in KMS, and the artefact that says which key and certificate it is."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from meterai.aws.failures import answered_by

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client

LARGEST_RAW_BYTES = 4_096  # KMS Sign with MessageType RAW


@dataclass(frozen=True, slots=True)
class KmsSigner:
    """RSASSA-PKCS1-v1_5 with SHA-256 over what it is given: KMS hashes it itself."""

    client: "KMSClient"
    key_id: str

    def sign(self, signed_attributes: bytes) -> bytes:
        """One Sign. Raises Unavailable; the caller checks the answer against the certificate."""
        if len(signed_attributes) > LARGEST_RAW_BYTES:
            raise ValueError(f"KMS signs at most {LARGEST_RAW_BYTES} bytes in one piece")
        with answered_by("kms"):
            answer = self.client.sign(
                KeyId=self.key_id,
                Message=signed_attributes,
                MessageType="RAW",
                SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
            )
        return answer["Signature"]


@cache
def signing_identity(client: "S3Client", bucket: str, key: str) -> bytes:
    """The artefact made when the key was set up or rotated; read once by each process."""
    with answered_by("s3"):
        return client.get_object(Bucket=bucket, Key=key)["Body"].read()
