"""The file that Midtrans's dashboard exports, read by the names of its columns."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest

from meterai.domain.days import beginning_of, end_of
from meterai.domain.errors import RecordsMissing, Unavailable
from meterai.domain.id_derivation import ChargeId
from meterai.domain.orders.payments import ChargeState
from meterai.domain.reconciliation.gateway_records import PaymentRow
from meterai.gateways.midtrans.statements import MidtransStatements

DAY = date(2026, 11, 23)
HEADER = "Transaction ID,Order ID,Transaction Time,Settlement Time,Transaction Status,Gross Amount"
PAID = "tx-1,ord_A-1,2026-11-23 10:00:00,2026-11-23 10:00:05,settlement,24000.00"


def rows(files: dict[date, str], day: date = DAY) -> list[PaymentRow]:
    def read(name: str) -> Iterable[str] | None:
        content = files.get(date.fromisoformat(name.removeprefix("midtrans/").removesuffix(".csv")))
        return None if content is None else content.splitlines()

    records = MidtransStatements(read, None)
    found = list(records.between(beginning_of(day), end_of(day)))
    return [row for row in found if isinstance(row, PaymentRow)]


def one(line: str, header: str = HEADER) -> PaymentRow | None:
    found = rows({DAY: f"{header}\n{line}"})
    return found[0] if found else None


def test_a_payment_is_read_by_its_columns_names() -> None:
    assert one(PAID) == PaymentRow(
        gateway="midtrans",
        charge_id=ChargeId("ord_A-1"),
        transaction_id="tx-1",
        state=ChargeState.SETTLED,
        amount_idr=24_000,
        at=datetime(2026, 11, 23, 3, 0, 5, tzinfo=UTC),
    )


def test_the_order_of_columns_their_case_and_other_columns_do_not_matter() -> None:
    header = (
        '\ufeffCustomer Name,gross_amount,"Order ID",TRANSACTION STATUS,Settlement Time,'
        "Transaction Time,Transaction-ID"
    )
    line = '"Sri, S.Pd.",24000,ord_A-1,Settlement,2026-11-23 10:00:05,2026-11-23 10:00:00,tx-1'
    assert one(line, header) == one(PAID)


@pytest.mark.parametrize(
    ("status", "settled_at", "state"),
    [
        ("capture", "", ChargeState.SETTLED),
        ("refund", "2026-11-23 10:00:05", ChargeState.REFUNDED),
        ("partial_refund", "2026-11-23 10:00:05", ChargeState.REFUNDED),
        ("chargeback", "2026-11-23 10:00:05", ChargeState.REVERSED),
        ("deny", "2026-11-23 10:00:05", ChargeState.REVERSED),
        ("deny", "", None),
        ("pending", "", None),
        ("expire", "", None),
        ("cancel", "", None),
    ],
)
def test_unpaid_transactions_are_left_out(
    status: str, settled_at: str, state: ChargeState | None
) -> None:
    row = one(f"tx-1,ord_A-1,2026-11-23 10:00:00,{settled_at},{status},24000.00")
    assert (row and row.state) == state


@pytest.mark.parametrize(
    ("amount", "amount_idr"), [("24000.00", 24_000), ("23999.50", 23_999), ("Rp 24.000", None)]
)
def test_an_amount_is_exact_or_none(amount: str, amount_idr: int | None) -> None:
    row = one(f"tx-1,ord_A-1,2026-11-23 10:00:00,2026-11-23 10:00:05,settlement,{amount}")
    assert row is not None
    assert row.amount_idr == amount_idr


def test_a_payment_settled_after_midnight_is_found_in_the_file_of_the_day_before() -> None:
    late = "tx-2,ord_B-1,2026-11-22 23:59:00,2026-11-23 00:01:00,settlement,12000.00"
    before = DAY - timedelta(days=1)
    found = rows({before: f"{HEADER}\n{late}", DAY: f"{HEADER}\n{PAID}"})
    assert [row.transaction_id for row in found] == ["tx-2", "tx-1"]
    assert rows({before: f"{HEADER}\n{late}", DAY: HEADER}, DAY) == found[:1]


def test_a_payment_in_both_files_is_one_as_in_the_later_file() -> None:
    older = PAID.replace("settlement", "capture").replace("24000", "1")
    found = rows({DAY - timedelta(days=1): f"{HEADER}\n{older}", DAY: f"{HEADER}\n{PAID}"})
    assert found == [one(PAID)]


def test_without_a_file_there_is_no_record() -> None:
    with pytest.raises(RecordsMissing) as missing:
        rows({})
    assert missing.value.values == {"gateway": "midtrans", "day": "2026-11-23", "reason": "no_file"}


@pytest.mark.parametrize(
    "column",
    ["Transaction ID", "Order ID", "Settlement Time", "Transaction Status", "Gross Amount"],
)
def test_a_file_without_a_column_is_no_record_and_says_which(column: str) -> None:
    with pytest.raises(RecordsMissing) as missing:
        rows({DAY: HEADER.replace(column, "Something Else")})
    assert missing.value.values["reason"] == "no_column"
    assert missing.value.values["column"] in ("gross_amount", column.lower().replace(" ", "_"))


def test_an_empty_file_is_no_record() -> None:
    with pytest.raises(RecordsMissing):
        rows({DAY: ""})


def test_an_unreadable_time_stops_the_comparison() -> None:
    with pytest.raises(Unavailable):
        one("tx-1,ord_A-1,yesterday,,settlement,24000.00")


def test_a_day_is_read_once_however_many_windows_need_it() -> None:
    asked = []

    def read(name: str) -> Iterable[str] | None:
        asked.append(name)
        return [HEADER, PAID]

    records = MidtransStatements(read, None)
    for hour in range(24):
        begins = beginning_of(DAY) + timedelta(hours=hour)
        list(records.between(begins, begins + timedelta(hours=1)))
    assert asked == ["midtrans/2026-11-22.csv", "midtrans/2026-11-23.csv"]
