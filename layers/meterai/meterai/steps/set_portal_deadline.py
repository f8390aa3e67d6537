"""Set a portal's deadline: by when it wants its stamped files. Within a second or two it is in the
snapshot that every function reads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from meterai.domain.errors import NotFound
from meterai.domain.waiting.deadlines import Deadline, check_ahead
from meterai.ports import PortalDeadlines


class SetPortalDeadlinePorts(Protocol):
    @property
    def portals(self) -> Sequence[str]: ...
    @property
    def portal_deadlines(self) -> PortalDeadlines: ...


def set_portal_deadline(
    portal: str,
    deadline_at: datetime | None,
    ports: SetPortalDeadlinePorts,
    now: datetime,
    *,
    honours_receipts: bool,
) -> Deadline:
    """The deadline in force: this one, unless one that was set later was stored first. None removes
    it. Repeatable. Raises NotFound, DeadlineOutOfRange."""
    if portal not in ports.portals:
        raise NotFound
    if deadline_at is not None:
        check_ahead(deadline_at, now)
    return ports.portal_deadlines.put(
        Deadline(portal, deadline_at, honours_receipts, reported_at=now)
    )
