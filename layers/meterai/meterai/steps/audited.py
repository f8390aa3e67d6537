"""An operator's action is recorded before it is done."""

import logging
from datetime import datetime
from typing import Protocol

from meterai.domain.operators import AuditRecord, Operator, OperatorAction
from meterai.ports import AuditTrail

logger = logging.getLogger(__name__)


class AuditedPorts(Protocol):
    @property
    def audit_trail(self) -> AuditTrail: ...


def record_action(
    operator: Operator,
    action: OperatorAction,
    target: str,
    reason: str,
    ports: AuditedPorts,
    now: datetime,
) -> None:
    """Raises Unavailable: then the action may not be done."""
    ports.audit_trail.record(AuditRecord(operator, action, target, reason, now))
    logger.info(
        "operator's action", extra={"operator_id": operator.operator_id, "action": action.value}
    )
