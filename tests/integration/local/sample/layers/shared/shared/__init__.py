"""What the sample's functions share, to show that a built layer is importable."""

import os
from typing import Any

import boto3


def write_down(item_id: str, what: str) -> None:
    """Leave a trace that a test can read."""
    _table().put_item(Item={"id": item_id, "what": what})


def is_written_down(item_id: str) -> bool:
    return "Item" in _table().get_item(Key={"id": item_id})


def _table() -> Any:
    return boto3.resource("dynamodb").Table(os.environ["TABLE"])
