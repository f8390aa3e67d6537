"""Read a portal: its deadline, and whether what is bought now would be stamped in time for it.
Only the snapshot is read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from meterai.domain.errors import NotFound, Unavailable
from meterai.domain.waiting.deadlines import Outlook, outlook
from meterai.domain.waiting.load_snapshot import LoadSnapshot


class ReadPortalPorts(Protocol):
    @property
    def portals(self) -> Sequence[str]: ...
    @property
    def snapshot(self) -> LoadSnapshot | None: ...


def read_portal(portal: str, ports: ReadPortalPorts, now: datetime) -> Outlook:
    """Raises NotFound; Unavailable while there is no recent snapshot, for then "no deadline" may be
    wrong."""
    if portal not in ports.portals:
        raise NotFound
    snapshot = ports.snapshot
    if snapshot is None or not snapshot.is_trusted(now):
        raise Unavailable(party="publish_load_snapshot")  # pragma: no mutate: no client sees it
    return outlook(portal, snapshot, now)
