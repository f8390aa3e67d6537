"""Uploads of browsers without script, in S3: `incoming/{pseudonym}/{draft_id}/{random}`, for a day.

Such a browser computes no hash before it sends, so what it sends gets its name afterwards.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from botocore.exceptions import ClientError

from meterai.aws.errors import code_of, translate_aws_errors
from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import DraftId
from meterai.ports import BrowserUpload, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

T = TypeVar("T")

MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
# A page may stay open for long before its form is sent, and S3 answers a late one in XML.
UPLOAD_WITHIN = timedelta(hours=2)
# Far above what is accepted, and from nothing on, so that the page says so and not S3, in XML.
MAX_BYTES = 100_000_000
# S3 puts the file's own name there. Not into the key, which the browser's address would show.
# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
NAME, OWN_NAME = "name", "${filename}"


@dataclass(frozen=True, slots=True)
class S3BrowserUploads:
    client: "S3Client"
    bucket: str
    now: Callable[[], datetime]

    def create(self, pseudonym: str, draft_id: DraftId, redirect_to: str) -> Upload:
        named = f"x-amz-meta-{NAME}"
        with translate_aws_errors("s3"):
            post = self.client.generate_presigned_post(
                Bucket=self.bucket,
                Key=f"{_prefix(pseudonym, draft_id)}{uuid4().hex}",
                Fields={"success_action_redirect": redirect_to, named: OWN_NAME},
                Conditions=[
                    {"success_action_redirect": redirect_to},
                    ["starts-with", f"${named}", ""],
                    ["content-length-range", 0, MAX_BYTES],
                ],
                ExpiresIn=int(UPLOAD_WITHIN.total_seconds()),
            )
        return Upload(post["url"], post["fields"], self.now() + UPLOAD_WITHIN)

    def find(self, pseudonym: str, draft_id: DraftId, key: str) -> BrowserUpload | None:
        prefix = _prefix(pseudonym, draft_id)
        name = key.removeprefix(prefix)
        if not re.fullmatch("[0-9a-f]{32}", name):
            return None
        key = prefix + name
        head = head_of(self.client, self.bucket, key)
        if head is None:
            return None
        name = _decoded(head["Metadata"].get(NAME, ""))
        return BrowserUpload(key, name, head["ContentLength"], head["ETag"])

    def read(self, upload: BrowserUpload) -> bytes:
        def content() -> bytes:
            answer = self.client.get_object(Bucket=self.bucket, Key=upload.key, IfMatch=upload.etag)
            return answer["Body"].read()

        return _unchanged(content)

    def copy(self, upload: BrowserUpload, key: str, sha256: str) -> None:
        """Within S3, which computes the checksum that other uploads bring."""
        copied = _unchanged(
            lambda: self.client.copy_object(
                Bucket=self.bucket,
                Key=key,
                CopySource={"Bucket": self.bucket, "Key": upload.key},
                CopySourceIfMatch=upload.etag,
                MetadataDirective="REPLACE",  # and so without its own name
                ContentType="application/pdf",
                ChecksumAlgorithm="SHA256",
            )
        )
        checksum = copied["CopyObjectResult"].get("ChecksumSHA256")
        if checksum is not None and base64.b64decode(checksum).hex() != sha256:
            raise Unavailable(party="s3", reason="another_file_copied")


def head_of(client: "S3Client", bucket: str, key: str) -> "HeadObjectOutputTypeDef | None":
    try:
        with translate_aws_errors("s3"):
            return client.head_object(Bucket=bucket, Key=key)
    except ClientError as failure:
        if code_of(failure) in MISSING:
            return None
        raise


def _prefix(pseudonym: str, draft_id: DraftId) -> str:
    return f"incoming/{pseudonym}/{draft_id}/"


def _unchanged(call: Callable[[], T]) -> T:
    """Raises Unavailable where the object is another by now, or is gone."""
    try:
        with translate_aws_errors("s3"):
            return call()
    except ClientError as failure:
        if code_of(failure) in MISSING | {"PreconditionFailed"}:
            raise Unavailable(party="s3", reason="upload_replaced") from failure
        raise


def _decoded(name: str) -> str:
    """S3 returns letters outside ASCII as RFC 2047 has them
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html): the letters, or each
    byte of their UTF-8 as if it were one. The HTTP client reads plain UTF-8 so as well."""
    try:
        name = str(make_header(decode_header(name)))
        return name.encode("latin-1").decode("utf-8")
    except (HeaderParseError, LookupError, UnicodeError):
        return name
