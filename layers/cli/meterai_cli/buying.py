"""Stops selling, or lets it go on, without a deployment."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from meterai.aws.load.buying_switch import DynamoBuyingSwitch
from meterai.domain.operators import AuditRecord, Operator, OperatorAction
from meterai.ports import AuditTrail

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def turn(
    client: "DynamoDBClient",
    table: str,
    operator: Operator,
    audit_trail: AuditTrail,
    *,
    off: bool,
    reason: str,
) -> None:
    """Instances read it within seconds. The switch keeps who turned it last, the audit trail each
    who did."""
    now = datetime.now(UTC)
    target = f"buying {'off' if off else 'on'}"
    record = AuditRecord(operator, OperatorAction.TURN_BUYING, target, reason, now)
    audit_trail.record(record)
    switch = DynamoBuyingSwitch(client, table)
    switch.turn(off=off, by=operator.name, reason=reason, now=now)
