"""What Midtrans has on record: a file of payments that somebody has put by, and its payouts.

Midtrans lists no payments by API: its dashboard exports them, or mails them daily, as a file with
the columns that the merchant has chosen there (https://docs.midtrans.com/docs/
apa-perbedaan-filter-dan-edit-table-for-export). Columns are known by their names, whatever their
order; others, such as the buyers' names, are not looked at. Times are GMT+7.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from meterai.domain.days import beginning_of, day_of, end_of
from meterai.domain.errors import RecordsMissing, Unavailable
from meterai.domain.id_derivation import ChargeId
from meterai.domain.orders.payments import ChargeState
from meterai.domain.reconciliation.gateway_records import GatewayRow, PaymentRow, PayoutRow
from meterai.gateways.midtrans.answers import PARTY, split_rupiah, utc_from_jakarta, whole_rupiah
from meterai.gateways.midtrans.payouts import MidtransPayouts, StatementRow
from meterai.gateways.midtrans.status_map import payout_state_of

_ORDER, _TRANSACTION = ("order_id",), ("transaction_id",)
_AMOUNT, _STATUS = ("gross_amount", "amount"), ("transaction_status", "status")
_MADE_AT, _SETTLED_AT = ("transaction_time", "date_time"), ("settlement_time",)
_COLUMNS = (_ORDER, _TRANSACTION, _AMOUNT, _STATUS, _MADE_AT, _SETTLED_AT)

_CAME = {
    "settlement": ChargeState.SETTLED,
    "capture": ChargeState.SETTLED,
    "refund": ChargeState.REFUNDED,
    "partial_refund": ChargeState.REFUNDED,
    "chargeback": ChargeState.REVERSED,
    "partial_chargeback": ChargeState.REVERSED,
}

Row = Mapping[str, str]


class MidtransStatements:
    """`read_file` answers the lines of `midtrans/2026-11-24.csv`, None where there is no such file.
    Without `payouts` there are none."""

    def __init__(
        self, read_file: Callable[[str], Iterable[str] | None], payouts: MidtransPayouts | None
    ) -> None:
        self._read_file = read_file
        self._payouts = payouts
        self._paid_on = lru_cache(maxsize=1)(self._payments_of)
        self._paid_out_on = lru_cache(maxsize=1)(self._statement_of)

    def between(self, begins: datetime, ends: datetime) -> Iterator[GatewayRow]:
        day = day_of(begins)
        yield from (row for row in self._paid_on(day) if begins <= row.at < ends)
        for row in self._paid_out_on(day):
            if row.type == "Payout" and begins <= row.created_at < ends:
                yield self._payout(row)

    def _payments_of(self, day: date) -> list[PaymentRow]:
        """By the time of settlement, though the file may go by another: what settled after midnight
        may stand in the file of the day before."""
        before, own = (self._file(one) for one in (day - timedelta(days=1), day))
        if own is None:
            raise RecordsMissing(gateway=PARTY, day=str(day), reason="no_file")
        found = {row.transaction_id: row for row in (*(before or ()), *own)}
        return [row for row in found.values() if day_of(row.at) == day]

    def _file(self, day: date) -> list[PaymentRow] | None:
        lines = self._read_file(f"{PARTY}/{day}.csv")
        if lines is None:
            return None
        table = csv.DictReader(lines)
        named = {_plain(name): name for name in table.fieldnames or ()}
        columns = {}
        for column in _COLUMNS:
            name = next((named[alias] for alias in column if alias in named), None)
            if name is None:
                raise RecordsMissing(
                    gateway=PARTY, day=str(day), reason="no_column", column=column[0]
                )
            columns[column[0]] = name
        rows = ({own: row[name] or "" for own, name in columns.items()} for row in table)
        return [payment for row in rows if (payment := _payment(row)) is not None]

    def _statement_of(self, day: date) -> list[StatementRow]:
        """Its days are not ours; one more on either side."""
        if self._payouts is None:
            return []
        begins, ends = beginning_of(day).astimezone(UTC), end_of(day).astimezone(UTC)
        return self._payouts.statement(begins.date(), ends.date())

    def _payout(self, row: StatementRow) -> PayoutRow:
        if self._payouts is None or (made := self._payouts.details(row.reference_no)) is None:
            raise Unavailable(party=PARTY, reason="payout_on_the_statement_alone")
        return PayoutRow(
            gateway=PARTY,
            key=made.notes.rpartition(" ")[2],
            reference=made.reference_no,
            state=payout_state_of(made.status),
            amount_idr=whole_rupiah(made.amount),
            at=row.created_at,
        )


def _payment(row: Row) -> PaymentRow | None:
    """None: it was never paid."""
    word, settled_at = row["transaction_status"].lower(), row["settlement_time"].strip()
    denied_after = ChargeState.REVERSED if word == "deny" and settled_at else None
    state = _CAME.get(word, denied_after)
    if state is None:
        return None
    return PaymentRow(
        gateway=PARTY,
        charge_id=ChargeId(row["order_id"].strip()),
        transaction_id=row["transaction_id"].strip(),
        state=state,
        amount_idr=split_rupiah(row["gross_amount"].strip())[0],
        at=utc_from_jakarta(settled_at or row["transaction_time"].strip()),
    )


def _plain(name: str) -> str:
    """`Settlement Time` as `settlement_time`, with or without a byte order mark before it."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
