"""What the sample's functions share, to show that a built layer is importable."""

import os
from typing import Any

import boto3


def write_down(item_id: str, what: str) -> None:
    """Leave a trace that a test can read."""
    table: Any = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    table.put_item(Item={"id": item_id, "what": what})
