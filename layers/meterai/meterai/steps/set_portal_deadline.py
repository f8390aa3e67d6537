"""Tell a deadline: by when a portal wants its stamped files. Measured within a second or two, it is
in the snapshot for everybody."""

from collections.abc import Sequence
from datetime import datetime

from meterai.domain.errors import NotFound
from meterai.domain.waiting.deadlines import Deadline, check_ahead
from meterai.ports import PortalDeadlines


def set_portal_deadline(
    portal: str,
    deadline_at: datetime | None,
    *,
    honours_receipts: bool,
    portals: Sequence[str],
    deadlines: PortalDeadlines,
    now: datetime,
) -> Deadline:
    """The deadline that stands: this one, unless a later telling was faster. None removes it.
    Repeatable. Raises NotFound, DeadlineNotAhead."""
    if portal not in portals:
        raise NotFound
    if deadline_at is not None:
        check_ahead(deadline_at, now)
    return deadlines.put(Deadline(portal, deadline_at, honours_receipts, told_at=now))
