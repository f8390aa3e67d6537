"""Repaired documents: `inspect` makes them and puts them under `repaired/`, which expires."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors
from meterai.aws.inspection import Ask
from meterai.aws.storage.documents import read_file
from meterai.domain.errors import DocumentHashMismatch, DocumentMissing, Unavailable
from meterai.domain.stamping.inspections import FileAddress, RepairQuestion

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PUT_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class S3Repairer:
    """See `ports.Repairer`. The limit of an upload is that of a repaired document too. The same
    document gives the same bytes, so two workers that repair it at the same time do not disturb
    each other."""

    client: "S3Client"
    bucket: str
    pseudonym: Callable[[str], str]
    ask: Ask

    def __call__(self, account: str, document: FileAddress) -> bytes:
        key = f"repaired/{self.pseudonym(account)}/{document.sha256}"
        with translate_aws_errors("s3"):
            url = self.client.generate_presigned_url(
                "put_object",
                Params={"Bucket": self.bucket, "Key": key, "ContentType": "application/pdf"},
                ExpiresIn=int(PUT_WITHIN.total_seconds()),
            )
        sha256 = self.ask(document, RepairQuestion(url))
        try:
            return read_file(self.client, self.bucket, key, sha256, document.max_bytes)
        except (DocumentHashMismatch, DocumentMissing) as failure:
            raise Unavailable(party="inspect", reason="another_file_repaired") from failure
