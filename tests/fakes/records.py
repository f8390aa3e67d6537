"""What the gateway in memory has on record, and the reports that are kept of comparing with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from meterai.domain.day_reports import DayReport
from meterai.domain.days import day_of
from meterai.domain.errors import RecordsMissing
from meterai.domain.gateway_records import GatewayRow, PaymentRow, PayoutRow, RefundRow
from meterai.domain.identity import ChargeId
from tests.fakes.world import World, port_call


@dataclass(frozen=True)
class MemoryRecords:
    """As Midtrans tells: payments as they stand, payouts by the key that they bear."""

    world: World
    name: str = "midtrans"
    lists_refunds: bool = False  # by themselves, as Xendit does

    @port_call
    def between(self, begins: datetime, ends: datetime) -> list[GatewayRow]:
        if day_of(begins) in self.world.days_without_records:
            raise RecordsMissing(gateway=self.name, day=str(day_of(begins)), reason="no_file")
        return [row for row in self._rows() if begins <= row.at < ends]

    def _rows(self) -> Iterator[GatewayRow]:
        for charge in self.world.charges.values():
            if charge.settled_at is not None:
                yield PaymentRow(
                    self.name,
                    ChargeId(charge.charge_id),
                    charge.transaction_id,
                    charge.state,
                    charge.amount_idr,
                    charge.settled_at,
                )
                for told in charge.refunds.values() if self.lists_refunds else ():
                    yield RefundRow(
                        self.name, told.refund_key, told.amount_idr, told.final, charge.settled_at
                    )
        for payout in self.world.payouts.values():
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
    world: World

    @port_call
    def get(self, day: date) -> DayReport | None:
        return self.world.day_reports.get(day)

    @port_call
    def put(self, report: DayReport) -> None:
        self.world.day_reports[report.day] = report
