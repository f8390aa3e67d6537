"""Repaired documents: `inspect` makes them and puts them under `repaired/`, which expires."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors
from meterai.aws.inspection import Ask
from meterai.domain.errors import Unavailable
from meterai.domain.stamping.inspections import FileAddress, RepairQuestion

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PUT_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class S3Repairer:
    """See `ports.Repairer`. The same document gives the same bytes, so two workers that repair it
    at the same time do not disturb each other."""

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
        with translate_aws_errors("s3"):
            content = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Unavailable(party="inspect", reason="another_file_repaired")
        return content
