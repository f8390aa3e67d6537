"""The dashboard's export of a day's transactions, with the columns that were chosen.

No API provides it. The columns' names are those of the dashboard's table. No file of a live account
was available, so names and order may differ there.
"""

import csv
import io
from datetime import date, datetime

from tests.midtrans.bodies import WIB
from tests.midtrans.ledger import Ledger, Transaction

COLUMNS = (
    "Transaction ID",
    "Order ID",
    "Transaction Time",
    "Settlement Time",
    "Payment Type",
    "Transaction Status",
    "Gross Amount",
    "Customer Name",
)


def export(ledger: Ledger, day: date) -> str:
    """All transactions created on that day in WIB, whatever became of them since."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    with ledger.lock:
        for one in ledger.all():
            if one.created_at.astimezone(WIB).date() == day:
                table.writerow(_row(one))
    return written.getvalue()


def _row(one: Transaction) -> tuple[str, ...]:
    return (
        one.transaction_id,
        one.order_id,
        _local(one.created_at),
        _local(one.settled_at) if one.settled_at else "",
        one.payment_type,
        one.state,
        one.gross_amount,
        'Sri "Yuni" Wahyuni, S.Pd.',
    )


def _local(at: datetime) -> str:
    return at.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S")
