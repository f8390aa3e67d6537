"""Set a portal's deadline: by when it wants its stamped files. Within a second or two it is in the
snapshot that every function reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from meterai.domain.errors import NotFound
from meterai.domain.operators import Operator, OperatorAction
from meterai.domain.times import utc_text
from meterai.domain.waiting.deadlines import Deadline, check_ahead
from meterai.ports import PortalDeadlines
from meterai.steps.audited import AuditedPorts, record_action


class SetPortalDeadlinePorts(AuditedPorts, Protocol):
    @property
    def portals(self) -> Sequence[str]: ...
    @property
    def portal_deadlines(self) -> PortalDeadlines: ...


@dataclass(frozen=True, slots=True)
class ByOperator:
    """Who sets it in the portal's place, and why."""

    operator: Operator
    reason: str


def set_portal_deadline(
    portal: str,
    deadline_at: datetime | None,
    ports: SetPortalDeadlinePorts,
    now: datetime,
    *,
    honours_receipts: bool,
    by: ByOperator | None = None,
) -> Deadline:
    """The deadline in force: this one, unless one that was set later was stored first. None removes
    it. `by` is None for the portal itself. Repeatable. Raises NotFound, DeadlineOutOfRange."""
    if portal not in ports.portals:
        raise NotFound
    if deadline_at is not None:
        check_ahead(deadline_at, now)
    if by is not None:
        until = utc_text(deadline_at) if deadline_at else "none"
        target = f"{portal} {until} {'with' if honours_receipts else 'without'} receipts"
        action = OperatorAction.SET_DEADLINE
        record_action(by.operator, action, target, by.reason, ports, now)
    return ports.portal_deadlines.put(
        Deadline(portal, deadline_at, honours_receipts, reported_at=now)
    )
