"""Stops selling, or lets it go on, without a deployment."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from meterai.aws.load.buying_switch import DynamoBuyingSwitch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def turn(client: "DynamoDBClient", sts: Any, table: str, *, off: bool, reason: str) -> str:
    """Instances read it within seconds. Who turned it is the caller's own identity at AWS, which is
    answered."""
    by = str(sts.get_caller_identity()["Arn"])
    switch = DynamoBuyingSwitch(client, table)
    switch.turn(off=off, by=by, reason=reason, now=datetime.now(UTC))
    return by
