"""Files in S3: `documents/{pseudonym}/{sha256}`, `stamped/{portal or pseudonym}/{serial}.pdf`, and
`preserved/` as `stamped/`. For `incoming/` see `browser_uploads.py`."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypedDict

from botocore.exceptions import ClientError

from meterai.aws.errors import code_of, translate_aws_errors
from meterai.aws.storage.browser_uploads import MISSING, S3BrowserUploads, head_of
from meterai.aws.storage.put_once import put_once
from meterai.aws.storage.stamping_records import STAMPING, record_of
from meterai.domain.errors import (
    DocumentHashMismatch,
    DocumentMissing,
    DocumentTooLarge,
    Unavailable,
)
from meterai.domain.id_derivation import DraftId
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.outputs import FileLock, Output
from meterai.domain.stamping.stampings import EMeterai
from meterai.ports import BrowserUpload, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PDF = "application/pdf"
UPLOAD_WITHIN = timedelta(minutes=15)
DOWNLOAD_WITHIN = timedelta(minutes=5)
INSPECT_WITHIN = timedelta(minutes=1)


class _Lock(TypedDict, total=False):
    """S3 takes a lock only where the put names the algorithm of its checksum:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html."""

    ObjectLockMode: Literal["GOVERNANCE", "COMPLIANCE"]
    ObjectLockRetainUntilDate: datetime


@dataclass(frozen=True, slots=True)
class S3Documents:
    """`pseudonym` is the account's name in keys. The role needs `s3:ListBucket`: without it S3
    answers 403, not 404, for what is not there."""

    client: "S3Client"
    bucket: str
    pseudonym: Callable[[str], str]
    now: Callable[[], datetime]
    largest_bytes: int
    lock: FileLock | None = None

    def create_upload(self, account: str, sha256: str, size_bytes: int) -> Upload:
        """Pinned to key, type, size and checksum: S3 itself refuses every other file."""
        pinned = {
            "Content-Type": PDF,
            "x-amz-checksum-algorithm": "SHA256",
            "x-amz-checksum-sha256": _base64(sha256),
        }
        with translate_aws_errors("s3"):
            post = self.client.generate_presigned_post(
                Bucket=self.bucket,
                Key=self._document_key(account, sha256),
                Fields=pinned,
                Conditions=[
                    *({name: value} for name, value in pinned.items()),
                    ["content-length-range", size_bytes, size_bytes],
                ],
                ExpiresIn=int(UPLOAD_WITHIN.total_seconds()),
            )
        return Upload(post["url"], post["fields"], self.now() + UPLOAD_WITHIN)

    def create_browser_upload(self, account: str, draft_id: DraftId, redirect_to: str) -> Upload:
        return self._incoming.create(self.pseudonym(account), draft_id, redirect_to)

    def find_upload(self, account: str, draft_id: DraftId, key: str) -> BrowserUpload | None:
        return self._incoming.find(self.pseudonym(account), draft_id, key)

    def read_upload(self, upload: BrowserUpload) -> bytes:
        return self._incoming.read(upload)

    def keep_upload(self, account: str, upload: BrowserUpload, sha256: str) -> None:
        self._incoming.copy(upload, self._document_key(account, sha256), sha256)

    def put_document(self, account: str, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        with translate_aws_errors("s3"):
            self.client.put_object(
                Bucket=self.bucket,
                Key=self._document_key(account, sha256),
                Body=content,
                ContentType=PDF,
                ChecksumSHA256=_base64(sha256),
            )
        return sha256

    def size_of(self, account: str, sha256: str) -> int:
        head = head_of(self.client, self.bucket, self._document_key(account, sha256))
        if head is None:
            raise DocumentMissing(document=sha256)
        return head["ContentLength"]

    def locate_upload(self, upload: BrowserUpload, sha256: str) -> FileAddress:
        return self._located(upload.key, sha256)

    def locate(self, account: str, sha256: str) -> FileAddress:
        return self._located(self._document_key(account, sha256), sha256)

    def _located(self, key: str, sha256: str) -> FileAddress:
        """Good for a minute: `inspect` reads it at once."""
        with translate_aws_errors("s3"):
            url = self.client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self.bucket, "Key": key},
                ExpiresIn=int(INSPECT_WITHIN.total_seconds()),
            )
        return FileAddress(url, sha256, self.largest_bytes)

    def get(self, account: str, sha256: str) -> bytes:
        """Raises also DocumentTooLarge, before the body is read."""
        key = self._document_key(account, sha256)
        return read_file(self.client, self.bucket, key, sha256, self.largest_bytes)

    def get_stamped(self, emeterai: EMeterai) -> bytes:
        key, sha256 = self._stamped_key(emeterai), emeterai.outputs[0].sha256
        return read_file(self.client, self.bucket, key, sha256)

    def get_augmented(self, emeterai: EMeterai) -> bytes:
        key, sha256 = self._preserved_key(emeterai), emeterai.outputs[1].sha256
        return read_file(self.client, self.bucket, key, sha256)

    def put_stamped(self, stamping: Sequence[EMeterai], content: bytes) -> Output:
        return self._put_once(self._stamped_key(stamping[0]), content, stamping)

    def put_augmented(self, emeterai: EMeterai, content: bytes) -> Output:
        return self._put_once(self._preserved_key(emeterai), content)

    def stamped_output(self, emeterai: EMeterai) -> Output | None:
        return self._output_at(self._stamped_key(emeterai))

    def download_url(self, emeterai: EMeterai) -> str:
        """Good for five minutes; saves as `<serial>.pdf`."""
        return self._url(self._stamped_key(emeterai), f"{emeterai.stamping}.pdf")

    def augmented_url(self, emeterai: EMeterai) -> str:
        """Good for five minutes; saves as `<serial>-LT.pdf`."""
        return self._url(self._preserved_key(emeterai), f"{emeterai.stamping}-LT.pdf")

    def _put_once(self, key: str, content: bytes, stamping: Sequence[EMeterai] = ()) -> Output:
        """One conditional put. A file that is stored already is the truth and is adopted."""
        output, lock = Output.of(content), self._lock_from_now()
        metadata = {"sha256": output.sha256}
        if stamping:
            metadata[STAMPING] = record_of(stamping)
        is_stored_now = put_once(
            lambda: self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=content,
                ContentType=PDF,
                ChecksumAlgorithm="SHA256",
                ChecksumSHA256=_base64(output.sha256),
                Metadata=metadata,
                IfNoneMatch="*",
                **lock,
            )
        )
        return output if is_stored_now else self._earlier_output(key)

    def _lock_from_now(self) -> _Lock:
        if self.lock is None:
            return {}
        until = self.now() + self.lock.lasts
        return {"ObjectLockMode": self.lock.mode, "ObjectLockRetainUntilDate": until}

    def _output_at(self, key: str) -> Output | None:
        head = head_of(self.client, self.bucket, key)
        if head is None:
            return None
        return Output(head["Metadata"]["sha256"], head["ContentLength"])

    def _earlier_output(self, key: str) -> Output:
        output = self._output_at(key)
        if output is None:
            raise Unavailable(party="s3", reason="stored_but_missing")
        return output

    def _url(self, key: str, name: str) -> str:
        with translate_aws_errors("s3"):
            return self.client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self.bucket,
                    "Key": key,
                    "ResponseContentDisposition": f'attachment; filename="{name}"',
                    "ResponseContentType": PDF,
                },
                ExpiresIn=int(DOWNLOAD_WITHIN.total_seconds()),
            )

    @property
    def _incoming(self) -> S3BrowserUploads:
        return S3BrowserUploads(self.client, self.bucket, self.now)

    def _document_key(self, account: str, sha256: str) -> str:
        return f"documents/{self.pseudonym(account)}/{sha256}"

    def _stamped_key(self, emeterai: EMeterai) -> str:
        return f"stamped/{self._key_of(emeterai)}"

    def _preserved_key(self, emeterai: EMeterai) -> str:
        return f"preserved/{self._key_of(emeterai)}"

    def _key_of(self, emeterai: EMeterai) -> str:
        owner = emeterai.portal or self.pseudonym(emeterai.account)
        return f"{owner}/{emeterai.stamping}.pdf"


def read_file(
    client: "S3Client", bucket: str, key: str, sha256: str, largest_bytes: int | None = None
) -> bytes:
    """The hash is checked here too: not every way into a bucket has S3 check it. Raises
    DocumentMissing, DocumentHashMismatch, and DocumentTooLarge before the body is read."""
    try:
        with translate_aws_errors("s3"):
            answer = client.get_object(Bucket=bucket, Key=key)
            size_bytes, body = answer["ContentLength"], answer["Body"]
            if largest_bytes is not None and size_bytes > largest_bytes:
                body.close()
                raise DocumentTooLarge(size_bytes=size_bytes, limit_bytes=largest_bytes)
            content = body.read()
    except ClientError as failure:
        if code_of(failure) in MISSING:
            raise DocumentMissing(document=sha256) from None
        raise
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DocumentHashMismatch(document=sha256)
    return content


def _base64(sha256: str) -> str:
    return base64.b64encode(bytes.fromhex(sha256)).decode("ascii")
