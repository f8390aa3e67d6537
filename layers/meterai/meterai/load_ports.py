"""The ports of load and waiting, as `container.py` hands them out: made when first asked for."""

from collections.abc import Callable
from functools import cached_property

from meterai import ports
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane
from meterai.settings import Settings


class LoadPorts:
    """Over the table of the load's status, and those of portals and tickets."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def waiting_room(self, pseudonym: Callable[[str], str]) -> ports.WaitingRoom:
        """`pseudonym`: of an account."""
        from meterai.aws import clients
        from meterai.aws.load.waiting_room import DynamoWaitingRoom

        return DynamoWaitingRoom(clients.dynamodb(), self.settings.waiting_room_table, pseudonym)

    @cached_property
    def load_metrics(self) -> ports.LoadMetrics:
        from meterai.aws import clients
        from meterai.aws.load.load_metrics import DynamoLoadMetrics

        return DynamoLoadMetrics(clients.dynamodb(), self.settings.load_status_table)

    def read_snapshot(self, load_metrics: ports.LoadMetrics) -> Callable[[], LoadSnapshot | None]:
        from meterai.aws.load.load_metrics import RememberedSnapshot

        return RememberedSnapshot(load_metrics)

    def demand_reporter(
        self, load_metrics: Callable[[], ports.LoadMetrics]
    ) -> ports.DemandReporter:
        from meterai.entrypoints.demand_reporter import DemandReporter

        return DemandReporter(load_metrics)

    def bulk_reporter(self, load_metrics: Callable[[], ports.LoadMetrics]) -> ports.BulkReporter:
        from meterai.entrypoints.throughput_reporter import ThroughputReporter

        return ThroughputReporter(load_metrics, lambda _: Lane.BULK)

    @cached_property
    def buying_switch(self) -> ports.BuyingSwitch:
        from meterai.aws import clients
        from meterai.aws.load.buying_switch import DynamoBuyingSwitch

        return DynamoBuyingSwitch(clients.dynamodb(), self.settings.load_status_table)

    @cached_property
    def leases(self) -> ports.Leases:
        from meterai.aws import clients
        from meterai.aws.load.leases import DynamoLeases

        return DynamoLeases(clients.dynamodb(), self.settings.load_status_table)

    @cached_property
    def portal_deadlines(self) -> ports.PortalDeadlines:
        from meterai.aws import clients
        from meterai.aws.load.portal_deadlines import DynamoPortalDeadlines

        settings = self.settings
        return DynamoPortalDeadlines(clients.dynamodb(), settings.portals_table, settings.portals)
