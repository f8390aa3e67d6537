"""What everybody who waits is told from: the snapshot that `measure` writes each second."""

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from meterai.domain.admission import Admission, paused
from meterai.domain.flow import Lane, Snapshot, Standing
from meterai.entry.patience import Patience
from meterai.ports import Gauges, PortalDeadlines
from meterai.settings import Settings


class WaitingDesk:
    """The part of the office (`services.py`) that people who wait turn to."""

    @property
    @abstractmethod
    def now(self) -> datetime: ...

    @property
    @abstractmethod
    def settings(self) -> Settings: ...

    @cached_property
    def gauges(self) -> Gauges:
        from meterai.aws import clients
        from meterai.aws.gauges import DynamoGauges

        return DynamoGauges(clients.dynamodb(), self.settings.flow_table)

    @cached_property
    def portal_deadlines(self) -> PortalDeadlines:
        from meterai.aws import clients
        from meterai.aws.portal_deadlines import DynamoPortalDeadlines

        settings = self.settings
        return DynamoPortalDeadlines(clients.dynamodb(), settings.portals_table, settings.portals)

    @property
    def paused(self) -> Admission | None:
        """Who may buy, while not everybody may."""
        return paused(self.snapshot, self.now)

    @property
    def snapshot(self) -> Snapshot | None:
        """How long the lanes are, read once a second; None where that is not known."""
        return self._snapshot()

    def standing(self, lane: Lane, sent_at: datetime) -> Standing | None:
        """How something stands that was sent to a lane then."""
        snapshot, now = self.snapshot, self.now
        return None if snapshot is None else snapshot.standing(lane, sent_at, now)

    @cached_property
    def patience(self) -> Patience:
        return Patience()

    @cached_property
    def _snapshot(self) -> Callable[[], Snapshot | None]:
        from meterai.aws.gauges import RememberedSnapshot

        return RememberedSnapshot(self.gauges)
