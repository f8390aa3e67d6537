"""What was asked of AWS, by whom: each request as the rights that IAM would look for.

A function signs with a key of its own name (`function_environment.py`), so a request tells whose it
is, and so does one that a client makes with a presigned address.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from tests.local.function_environment import FAKE_CREDENTIALS

_KEY = re.compile(r"Credential=(\w+)/\d{8}/[\w-]+/(\w+)/aws4_request")
_TARGETS = {
    "DynamoDB_20120810": "dynamodb",
    "AmazonSQS": "sqs",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
}
_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}
_NAMES = ("QueueUrl", "KeyId", "SecretId")
_S3 = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject"}


class Right(NamedTuple):
    """`who`: a function's logical id. `resource`: as the request names it, by physical name."""

    who: str
    action: str
    resource: str


@dataclass(frozen=True)
class Asked:
    """One request: its headers and query as WSGI has them."""

    environ: Mapping[str, Any]
    body: bytes

    def rights(self) -> Iterator[Right]:
        query = parse_qs(str(self.environ.get("QUERY_STRING", "")))
        signed = str(self.environ.get("HTTP_AUTHORIZATION", ""))
        presigned = query.get("X-Amz-Credential", [""])[0] or self._posted_credential()
        found = _KEY.search(signed or f"Credential={presigned}")
        if found is None:
            return
        who, service = found.groups()
        if who == FAKE_CREDENTIALS["AWS_ACCESS_KEY_ID"]:
            return  # the account itself
        wanted = self._s3(query) if service == "s3" else self._called()
        for action, resource in wanted:
            yield Right(who, action, resource)

    def _posted_credential(self) -> str:
        found = re.search(rb'name="x-amz-credential"\s+([^\s]+)', self.body[:20_000], re.IGNORECASE)
        return "" if found is None else found[1].decode()

    def _s3(self, query: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
        bucket, _, key = str(self.environ["PATH_INFO"]).lstrip("/").partition("/")
        method = str(self.environ["REQUEST_METHOD"])
        if method == "POST":
            name = re.search(rb'name="key"\s+([^\s]+)', self.body[:20_000])
            yield "s3:PutObject", f"{bucket}/{'' if name is None else name[1].decode()}"
        elif key:
            yield f"s3:{_S3[method]}", f"{bucket}/{key}"
        elif "list-type" in query:
            yield "s3:ListBucket", bucket

    def _called(self) -> Iterator[tuple[str, str]]:
        target, _, operation = str(self.environ.get("HTTP_X_AMZ_TARGET", "")).partition(".")
        service = _TARGETS.get(target)
        if service is None:
            return
        asked = json.loads(self.body)
        if service == "dynamodb":
            yield from _dynamodb(operation, asked)
        else:
            yield f"{service}:{operation}", str(next(asked[n] for n in _NAMES if n in asked))


def _dynamodb(operation: str, asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A transaction needs the rights of its parts."""
    for item in asked.get("TransactItems", ()):
        for kind, one in item.items():
            yield f"dynamodb:{_WRITES[kind]}", one["TableName"]
    for table in asked.get("RequestItems", ()):
        yield f"dynamodb:{operation}", table
    if "TableName" in asked:
        index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
        yield f"dynamodb:{operation}", asked["TableName"] + index
