"""The in-memory gateway's records, and the stored reconciliation reports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from meterai.domain.days import day_of
from meterai.domain.errors import RecordsMissing
from meterai.domain.id_derivation import ChargeId
from meterai.domain.reconciliation.day_reports import DayReport
from meterai.domain.reconciliation.gateway_records import (
    GatewayRow,
    PaymentRow,
    PayoutRow,
    RefundRow,
)
from meterai.domain.reconciliation.performance import PublicDay
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryRecords:
    """As Midtrans reports: payments as they are now, payouts by their key."""

    state: InMemoryState
    name: str = "midtrans"
    lists_refunds: bool = False  # refunds separately, as Xendit does

    @port_call
    def between(self, begins: datetime, ends: datetime) -> list[GatewayRow]:
        if day_of(begins) in self.state.days_without_records:
            raise RecordsMissing(gateway=self.name, day=str(day_of(begins)), reason="no_file")
        return [row for row in self._rows() if begins <= row.at < ends]

    def _rows(self) -> Iterator[GatewayRow]:
        for charge in self.state.charges.values():
            if charge.settled_at is not None:
                yield PaymentRow(
                    self.name,
                    ChargeId(charge.charge_id),
                    charge.transaction_id,
                    charge.state,
                    charge.amount_idr,
                    charge.settled_at,
                )
                for refund in charge.refunds.values() if self.lists_refunds else ():
                    yield RefundRow(
                        self.name,
                        refund.refund_key,
                        refund.amount_idr,
                        refund.final,
                        charge.settled_at,
                    )
        for payout in self.state.payouts.values():
            yield PayoutRow(
                self.name,
                payout.key,
                payout.reference,
                payout.state,
                payout.amount_idr,
                payout.at,
            )


@dataclass(frozen=True)
class MemoryDayReports:
    state: InMemoryState

    @port_call
    def get(self, day: date) -> DayReport | None:
        return self.state.day_reports.get(day)

    @port_call
    def put(self, report: DayReport) -> None:
        self.state.day_reports[report.day] = report


@dataclass(frozen=True)
class MemoryPublicDays:
    state: InMemoryState

    @port_call
    def get(self) -> tuple[PublicDay, ...]:
        return self.state.public_days

    def recent(self) -> tuple[PublicDay, ...]:
        return self.get()

    @port_call
    def put(self, days: tuple[PublicDay, ...]) -> None:
        self.state.public_days = days
