"""The AWS calls, write and read units and signatures of each operation, and what they cost.

    python -m tests.benchmarks.calls [--quick] [--out FILE]

The handlers run as they are deployed, on the template's tables and indexes at ministack, which
counts write units as AWS does (moto does not). Each operation is measured warm, after the secrets
and the signing certificate have been read, and on its path without faults.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.metered_app import MeteredApp, metered_app
from tests.benchmarks.prices import CostLine, cost_lines
from tests.benchmarks.sale import (
    BUYER_OF,
    BUYING,
    STAMPING,
    pass_an_hour,
    read,
    refund_one,
    sell_and_stamp,
    total,
)
from tests.contract.ministack import INSTALL_MINISTACK, interpreter
from tests.metering import Usage

OUT = Path("out/bench/calls.json")
POLLS = 2  # requests for a stamping's state until it is done
REQUESTS_OF_A_SALE = 4  # the order, one poll of it, and two webhooks: pending and settled
REQUESTS_OF_A_STAMP = 2  # the upload's address and the stamping


@dataclass(frozen=True, slots=True)
class Row:
    operation: str
    aws_calls: float
    write_units: float
    read_units: float
    kms_signs: float
    calls: dict[str, int]  # by their names, of the whole operation


@dataclass(frozen=True, slots=True)
class Measured:
    """One row for each operation, and what one stamp costs, item by item."""

    rows: list[Row]
    costs: list[CostLine]


def measure(app: MeteredApp) -> Measured:
    refund_one(app, sell_and_stamp(app)[0])  # warms up: an instance reads some things only once
    pass_an_hour()
    order, sale = sell_and_stamp(app)
    others = read(app, order) | refund_one(app, order)
    buying = [sale[function] for function in BUYING]
    stamping = [sale[function] for function in STAMPING]
    all_in = total([*buying, *(BUYER_OF * stamping)])
    rows = [_row(operation, usage) for operation, usage in {**sale, **others}.items()]
    rows.append(_row("sale_of_two", total(buying)))
    rows.append(_row("per_stamp_all_in", all_in, share=1 / BUYER_OF))
    with_polls = total([all_in, *(BUYER_OF * POLLS * [others["read_stamping"]])])
    requests = REQUESTS_OF_A_SALE + BUYER_OF * (REQUESTS_OF_A_STAMP + POLLS)
    return Measured(rows, cost_lines(with_polls, stamps=BUYER_OF, requests=requests))


def _row(operation: str, usage: Usage, share: float = 1) -> Row:
    return Row(
        operation=operation,
        aws_calls=share * usage.calls.total(),
        write_units=share * usage.write_units,
        read_units=share * usage.read_units,
        kms_signs=share * usage.kms_signs,
        calls=dict(sorted(usage.calls.items())),
    )


def show(measured: Measured, console: Console) -> None:
    calls = Table("operation", "AWS calls", "write units", "read units", "KMS signs")
    for row in measured.rows:
        counts = (row.aws_calls, row.write_units, row.read_units, row.kms_signs)
        calls.add_row(row.operation, *(f"{count:g}" for count in counts))
    console.print(calls)
    costs = Table("of one stamp", "count", "USD for 1,000 stamps")
    for line in measured.costs:
        costs.add_row(line.item, f"{line.count:g}", f"{line.usd_per_1000:.4f}")
    total = sum(line.usd_per_1000 for line in measured.costs)
    costs.add_row("total, without Lambda's time", "", f"{total:.4f}")
    console.print(costs)


def main() -> int:
    parser = argparse.ArgumentParser(description="Meter each operation's requests to AWS")
    parser.add_argument("--quick", action="store_true", help="the same: this takes seconds")
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    python = interpreter()
    if python is None:
        sys.stderr.write(f"{INSTALL_MINISTACK}\n")
        return 1
    with metered_app(python) as app:
        measured = measure(app)
    show(measured, Console())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps([asdict(row) for row in measured.rows], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
