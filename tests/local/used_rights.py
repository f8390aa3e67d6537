"""The rights that were used: each request to AWS as the actions that IAM checks, and its caller.

A function signs with a key of its own name (`function_environment.py`), so a request shows its
caller; so does a request with a presigned address. A request that the table below does not know is
recorded as it is, and so is missing in every role: extend the table.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

from tests.local.function_environment import FAKE_CREDENTIALS

_KEY = re.compile(r"Credential=(\w+)/\d{8}/[\w-]+/([\w-]+)/aws4_request")
_TARGETS = {
    "DynamoDB_20120810": "dynamodb",
    "AmazonSQS": "sqs",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
}
_NAMES = ("QueueUrl", "KeyId", "SecretId")
_S3 = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject"}


class Right(NamedTuple):
    """`who`: a function's logical id. `resource`: as the request names it, by physical name."""

    who: str
    action: str
    resource: str


@dataclass(frozen=True)
class AwsRequest:
    """One request: its headers and query in WSGI's form."""

    environ: Mapping[str, Any]
    body: bytes

    @property
    def caller(self) -> tuple[str, str] | None:
        """The caller and the service. None: the account itself, or an unknown caller."""
        query = parse_qs(str(self.environ.get("QUERY_STRING", "")))
        signed = str(self.environ.get("HTTP_AUTHORIZATION", ""))
        presigned = query.get("X-Amz-Credential", [""])[0] or self._posted_credential()
        found = _KEY.search(signed or f"Credential={presigned}")
        if found is None or found[1] == FAKE_CREDENTIALS["AWS_ACCESS_KEY_ID"]:
            return None
        return found[1], found[2]

    @property
    def operation(self) -> str:
        """As the JSON protocols name it; empty for S3."""
        return str(self.environ.get("HTTP_X_AMZ_TARGET", "")).partition(".")[2]

    def rights(self, http_status: int) -> Iterator[Right]:
        """The rights that the request needed to get this status."""
        if self.caller is None:
            return
        who, service = self.caller
        query = parse_qs(str(self.environ.get("QUERY_STRING", "")))
        wanted = self._s3(query, http_status) if service == "s3" else self._called(service)
        for action, resource in wanted:
            yield Right(who, action, resource)

    def _posted_credential(self) -> str:
        found = re.search(rb'name="x-amz-credential"\s+([^\s]+)', self.body[:20_000], re.IGNORECASE)
        return "" if found is None else found[1].decode()

    def _s3(self, query: Mapping[str, list[str]], http_status: int) -> Iterator[tuple[str, str]]:
        """S3 answers 404 for a missing object only to callers who may list it; to others it
        answers 403."""
        bucket, _, key = str(self.environ["PATH_INFO"]).lstrip("/").partition("/")
        method = str(self.environ["REQUEST_METHOD"])
        if method == "POST":
            name = re.search(rb'name="key"\s+([^\s]+)', self.body[:20_000])
            yield "s3:PutObject", f"{bucket}/{'' if name is None else name[1].decode()}"
        elif key:
            yield f"s3:{_S3.get(method, method)}", f"{bucket}/{key}"
            if "HTTP_X_AMZ_COPY_SOURCE" in self.environ:
                yield "s3:GetObject", unquote(str(self.environ["HTTP_X_AMZ_COPY_SOURCE"]))
            if "HTTP_X_AMZ_OBJECT_LOCK_MODE" in self.environ:
                yield "s3:PutObjectRetention", f"{bucket}/{key}"
            if http_status == 404:
                yield "s3:ListBucket", f"{bucket}/{key}"
        elif "list-type" in query:
            yield "s3:ListBucket", f"{bucket}/{query.get('prefix', [''])[0]}"

    def _called(self, scope: str) -> Iterator[tuple[str, str]]:
        target, operation = str(self.environ.get("HTTP_X_AMZ_TARGET", "")), self.operation
        service = _TARGETS.get(target.partition(".")[0])
        if service is None:
            yield f"{scope}:{operation or 'Unknown'}", "unknown to tests/local/used_rights.py"
            return
        parameters = json.loads(self.body)
        if service == "dynamodb":
            yield from _dynamodb(operation, parameters)
        else:
            # IAM has no action for a batch: SQS checks the action of a single message.
            action = operation.removesuffix("Batch") if service == "sqs" else operation
            yield f"{service}:{action}", str(next(parameters[n] for n in _NAMES if n in parameters))


def _dynamodb(operation: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A transaction needs the rights of its parts."""
    for item in parameters.get("TransactItems", ()):
        for kind, one in item.items():
            yield f"dynamodb:{kind}Item", one["TableName"]
    for table in parameters.get("RequestItems", ()):
        yield f"dynamodb:{operation}", table
    if "TableName" in parameters:
        index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
        yield f"dynamodb:{operation}", parameters["TableName"] + index
