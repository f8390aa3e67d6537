"""The read audit: each request of a function that may read more items than it names.

The cost of such a request can grow with the stored data. So the caller and the key condition are
recorded. A request without a condition is a scan, whatever its name.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from tests.local.used_rights import AwsRequest

_READS = re.compile(r"(Query|Scan|Search|Execute|BatchExecute|List|GetQueueAttributes)")
_NAME = re.compile(r"#\w+")


class Read(NamedTuple):
    """`who`: a function's logical id. `through`: a table, an index, a queue, a bucket, by physical
    name. `by`: a query's key condition, and its filter, if it has one; else nothing."""

    who: str
    operation: str
    through: str
    by: str


def reads(request: AwsRequest) -> Iterator[Read]:
    if request.caller is None:
        return
    who, service = request.caller
    if service == "s3":
        yield from _listed(who, request)
    elif _READS.match(request.operation):
        body = json.loads(request.body)
        yield Read(who, f"{service}:{request.operation}", _through(body), _narrowed(body))


def _listed(who: str, request: AwsRequest) -> Iterator[Read]:
    """Of a bucket: a GET without a key."""
    bucket, _, key = str(request.environ["PATH_INFO"]).lstrip("/").partition("/")
    if request.environ["REQUEST_METHOD"] == "GET" and not key:
        prefix = parse_qs(str(request.environ.get("QUERY_STRING", ""))).get("prefix", [""])[0]
        yield Read(who, "s3:ListObjects", bucket, prefix)


def _through(body: Mapping[str, Any]) -> str:
    index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
    return str(body.get("TableName", body.get("QueueUrl", ""))) + index


def _narrowed(body: Mapping[str, Any]) -> str:
    """With attributes by their names; values by their names in the code."""
    names: Mapping[str, str] = body.get("ExpressionAttributeNames", {})
    said = [
        body.get("KeyConditionExpression", ""),
        *(f"FILTER {body[kind]}" for kind in ("FilterExpression", "QueryFilter") if kind in body),
    ]
    return _NAME.sub(lambda found: names.get(found[0], found[0]), " ".join(said)).strip()
