"""Replaces the keys of tickets and links at once, after one has got out."""

import json
from datetime import UTC, datetime
from typing import Any

from meterai.domain.operators import AuditRecord, Operator, OperatorAction
from meterai.ports import AuditTrail


class NotReplaced(Exception):
    """The function did not do it. The text says why."""


def replace_token_keys(
    client: Any, function: str, operator: Operator, audit_trail: AuditTrail, reason: str
) -> str:
    """The id of the new key. `client` is Lambda's. Raises NotReplaced."""
    now = datetime.now(UTC)
    record = AuditRecord(operator, OperatorAction.REPLACE_TOKEN_KEYS, function, reason, now)
    audit_trail.record(record)
    answer = client.invoke(FunctionName=function, Payload=json.dumps({"has_leaked": True}))
    returned = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise NotReplaced(f"{function} failed: {returned.get('errorMessage')}")
    match returned["key_ids"]:
        case [key_id]:
            return str(key_id)
        case _:
            raise NotReplaced("Another run was at it: try again")
