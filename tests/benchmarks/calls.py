"""What each operation asks of AWS: calls, write and read units, signatures; and what that costs.

The handlers run as they are deployed, on the template's tables and indexes at ministack, which
counts units as AWS does (moto does not). Each operation is measured warm, when the secrets and the
signing identity have been read, and on its fault-free path.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.metered_app import MeteredOffice, metered_office
from tests.benchmarks.prices import CostLine, cost_lines
from tests.benchmarks.sale import (
    BUYER_OF,
    BUYING,
    STAMPING,
    give_back,
    read,
    sell_and_stamp,
    together,
)
from tests.contract.ministack import INSTALL_MINISTACK, interpreter
from tests.metering import Usage

OUT = Path("out/bench/calls.json")
POLLS = 2  # looks at a stamping until it is done
REQUESTS_OF_A_SALE = 4  # the order, one look at it, and two notices: pending and settled
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
    """A row an operation, and where the money for one stamp goes."""

    rows: list[Row]
    costs: list[CostLine]


def publish_load_snapshot(office: MeteredOffice) -> Measured:
    sell_and_stamp(office)  # warm: what an instance reads once has been read
    order, sale = sell_and_stamp(office)
    others = read(office, order) | give_back(office, order)
    buying = [sale[function] for function in BUYING]
    stamping = [sale[function] for function in STAMPING]
    all_in = together([*buying, *(BUYER_OF * stamping)])
    rows = [_row(operation, usage) for operation, usage in {**sale, **others}.items()]
    rows.append(_row("sale_of_two", together(buying)))
    rows.append(_row("per_stamp_all_in", all_in, share=1 / BUYER_OF))
    with_polls = together([all_in, *(BUYER_OF * POLLS * [others["read_stamping"]])])
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
    costs.add_row("together, without Lambda's time", "", f"{total:.4f}")
    console.print(costs)


def main(out: Path = OUT) -> int:
    python = interpreter()
    if python is None:
        sys.stderr.write(f"{INSTALL_MINISTACK}\n")
        return 1
    with metered_office(python) as office:
        measured = publish_load_snapshot(office)
    show(measured, Console())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps([asdict(row) for row in measured.rows], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
