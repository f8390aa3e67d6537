"""The audit trail in S3: one object for each action, written once, `audit/{day}/{time}-{id}.json`.
The bucket's policy refuses a put that could replace one."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from meterai.aws.storage.put_once import put_once
from meterai.aws.tables.attributes import text_of_time
from meterai.domain.operators import AuditRecord

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "audit/"


@dataclass(frozen=True, slots=True)
class S3AuditTrail:
    client: "S3Client"
    bucket: str

    def record(self, one: AuditRecord) -> None:
        at = text_of_time(one.at)
        values = {
            "at": at,
            "operator_id": one.operator.operator_id,
            "operator": one.operator.name,
            "action": one.action.value,
            "target": one.target,
            "reason": one.reason,
        }
        day, _, time = at.partition("T")
        key = f"{PREFIX}{day}/{time}-{uuid4().hex}.json"
        # No other call has this key: where there is one, the answer to the first try was lost.
        put_once(
            lambda: self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=json.dumps(values, ensure_ascii=False).encode(),
                ContentType="application/json",
                IfNoneMatch="*",
            )
        )
