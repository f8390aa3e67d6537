"""Read a portal: its deadline, and whether what is bought now would be in time for it. Everything
is in the snapshot; nothing is looked up."""

from collections.abc import Sequence
from datetime import datetime

from meterai.domain.errors import NotFound, Unavailable
from meterai.domain.waiting.deadlines import Outlook, outlook
from meterai.domain.waiting.queue_status import LoadSnapshot


def read_portal(
    portal: str, *, portals: Sequence[str], snapshot: LoadSnapshot | None, now: datetime
) -> Outlook:
    """Raises NotFound; Unavailable while nothing recent was measured: `no deadline` may not be
    true then."""
    if portal not in portals:
        raise NotFound
    if snapshot is None or not snapshot.is_trusted(now):
        raise Unavailable(party="publish_load_snapshot")
    return outlook(portal, snapshot, now)
