"""Reconciliation: what the gateways have on record, and what came of comparing it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # one function reconciles: the others need not load its rules
    from meterai.domain.reconciliation.day_reports import DayReport
    from meterai.domain.reconciliation.gateway_records import GatewayRow
    from meterai.domain.reconciliation.performance import PublicDay


class GatewayRecords(Protocol):
    """A gateway's own record of the money that it has moved for us."""

    def between(self, begins: datetime, ends: datetime) -> "Iterable[GatewayRow]":
        """From `begins` and before `ends`, both of one day in WIB. Raises RecordsMissing where the
        gateway's record of that day is not there yet."""
        ...


class DayReports(Protocol):
    """What reconciliations came to, by day."""

    def get(self, day: date) -> "DayReport | None": ...

    def put(self, report: "DayReport") -> None:
        """In the place of the one before."""
        ...


class PublicDays(Protocol):
    """The figures of the last finished days, for everybody. One function alone writes them."""

    def get(self) -> "tuple[PublicDay, ...]":
        """The oldest first; none before the first day is finished."""
        ...

    def recent(self) -> "tuple[PublicDay, ...]":
        """The same, as they were at most a minute ago."""
        ...

    def put(self, days: "tuple[PublicDay, ...]") -> None:
        """In the place of those before."""
        ...
