"""The files of a day in S3: a gateway's record as an operator stored it, and our report.

`gateway-records/{gateway}/{day}.csv` is read and never written; `reports/reconciliation/{day}.json`
is the report, and `.html` beside it the same for a person.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from pydantic import TypeAdapter

from meterai.aws.errors import code_of, translate_aws_errors
from meterai.domain.errors import Unavailable
from meterai.domain.reconciliation.day_reports import DayReport

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

RECORDS = "gateway-records/"
REPORTS = "reports/reconciliation/"
MAX_RECORD_BYTES = 100_000_000  # some 400,000 payments: a larger day is exported in parts

_report: TypeAdapter[DayReport] = TypeAdapter(DayReport)


@dataclass(frozen=True, slots=True)
class S3RecordFiles:
    client: "S3Client"
    bucket: str

    def lines(self, name: str) -> Iterator[str] | None:
        """Of `midtrans/2026-11-24.csv`, read as far as the caller reads. None: no such file."""
        found = object_or_none(self.client, self.bucket, RECORDS + name)
        if found is None:
            return None
        if found["ContentLength"] > MAX_RECORD_BYTES:
            raise Unavailable(party="s3", reason="record_too_large", name=name)
        return (line.decode("utf-8", "replace") for line in found["Body"].iter_lines())


@dataclass(frozen=True, slots=True)
class S3DayReports:
    """`page` makes a report readable."""

    client: "S3Client"
    bucket: str
    page: Callable[[DayReport], str]

    def get(self, day: date) -> DayReport | None:
        found = object_or_none(self.client, self.bucket, f"{REPORTS}{day}.json")
        return None if found is None else _report.validate_json(found["Body"].read())

    def put(self, report: DayReport) -> None:
        """The page first: what a cut-off leaves behind is then written anew."""
        page = self.page(report).encode()
        self._put(f"{report.day}.html", page, "text/html; charset=utf-8")
        self._put(f"{report.day}.json", _report.dump_json(report, indent=1), "application/json")

    def _put(self, name: str, content: bytes, content_type: str) -> None:
        with translate_aws_errors("s3"):
            self.client.put_object(
                Bucket=self.bucket, Key=REPORTS + name, Body=content, ContentType=content_type
            )


def object_or_none(client: "S3Client", bucket: str, key: str) -> "GetObjectOutputTypeDef | None":
    try:
        with translate_aws_errors("s3"):
            return client.get_object(Bucket=bucket, Key=key)
    except ClientError as failure:
        if code_of(failure) == "NoSuchKey":
            return None
        raise
