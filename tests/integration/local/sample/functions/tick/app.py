"""Writes down that it was fired, and by what. Or asks S3 for an object."""

import json
import os
from typing import Any

import boto3
from botocore.exceptions import ClientError
from shared import write_down


def handle(event: dict[str, Any], _context: object) -> Any:
    if "object" in event:
        return _codes(event["object"])
    write_down(event.get("source", "input"), json.dumps(event))
    return event


def _codes(key: str) -> list[str]:
    """S3's errors for an object, by HEAD and by GET."""
    s3: Any = boto3.client("s3")
    codes = []
    for ask in (s3.head_object, s3.get_object):
        try:
            ask(Bucket=os.environ["FILES"], Key=key)
        except ClientError as failure:
            codes.append(failure.response["Error"]["Code"])
    return codes
