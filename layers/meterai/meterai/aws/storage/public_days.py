"""The figures of the last days in S3, one file for everybody: `performance/days.json`."""

from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from meterai.aws.errors import translate_aws_errors
from meterai.aws.storage.daily_files import object_or_none
from meterai.domain.reconciliation.performance import PublicDay
from meterai.ttl_cache import TtlCache

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEY = "performance/days.json"
RECENT_S = 60

_days: TypeAdapter[tuple[PublicDay, ...]] = TypeAdapter(tuple[PublicDay, ...])


class S3PublicDays:
    """At most 62 days of some 500 bytes, so one read fetches all of them."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def get(self) -> tuple[PublicDay, ...]:
        found = object_or_none(self._client, self._bucket, KEY)
        return () if found is None else _days.validate_json(found["Body"].read())

    def recent(self) -> tuple[PublicDay, ...]:
        """A flood of readers costs each instance one read a minute, from the first figures on."""
        return self._recent.get()

    def put(self, days: tuple[PublicDay, ...]) -> None:
        with translate_aws_errors("s3"):
            self._client.put_object(
                Bucket=self._bucket,
                Key=KEY,
                Body=_days.dump_json(days, indent=1),
                ContentType="application/json",
            )

    @cached_property
    def _recent(self) -> TtlCache[tuple[PublicDay, ...]]:
        return TtlCache(self.get, lambda days: RECENT_S if days else 0.0, keep_if_unavailable=True)
