"""`make growth`: the AWS calls of each operation while more and more is stored.

On the template's tables, at ministack. Writes out/bench/growth.json. The exit status is 1 if an
operation costs or reads more at one size than at another.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.table import Table

from meterai.settings import settings
from tests.benchmarks.metered_app import metered_app
from tests.benchmarks.sale import BUYER_OF
from tests.contract.ministack import INSTALL_MINISTACK, interpreter
from tests.growth.dataset import Dataset
from tests.growth.operations import PER_STAMP, operations, per_stamp
from tests.metering import Usage
from tests.tools.progress import Progress

OUT = Path("out/bench/growth.json")
SIZES = (1_000, 10_000, 100_000)
QUICK = (200, 2_000)


@dataclass(frozen=True, slots=True)
class Row:
    """The calls and units of one operation while `serials` e-meterai were stored. `items_read`:
    items and index entries. `calls`: counts by name."""

    operation: str
    serials: int
    aws_calls: float
    write_units: float
    read_units: float
    items_read: float
    calls: dict[str, int]

    @property
    def cost(self) -> tuple[float, float, float, float]:
        return self.aws_calls, self.write_units, self.read_units, self.items_read


def measure(sizes: Sequence[int], python: Path, console: Console) -> list[Row]:
    rows: list[Row] = []
    with metered_app(python) as app:
        dataset = Dataset(app.clients("dynamodb"), settings())

        def count(progress: Progress) -> None:
            progress.done = dataset.serials

        with Progress("growth", max(sizes), "e-meterai stored", poll=count) as progress:
            for size in sizes:
                progress.note = f"storing {size:,}"
                began_s = monotonic()
                dataset.grow_to(size)
                stored_s = monotonic() - began_s
                progress.note = f"measuring at {size:,}"
                used = operations(app, dataset)
                rows += [_row(operation, size, usage) for operation, usage in used.items()]
                rows.append(_row(PER_STAMP, size, per_stamp(used), share=1 / BUYER_OF))
                took_s = monotonic() - began_s - stored_s
                console.print(f"{size:,}: stored in {stored_s:.0f} s, measured in {took_s:.0f} s")
    return rows


def _row(operation: str, serials: int, usage: Usage, share: float = 1) -> Row:
    return Row(
        operation=operation,
        serials=serials,
        aws_calls=share * usage.calls.total(),
        write_units=share * usage.write_units,
        read_units=share * usage.read_units,
        items_read=share * usage.items_read,
        calls=dict(sorted(usage.calls.items())),
    )


def by_operation(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """In order of size."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.operation, []).append(row)
    return found


def growing(rows: Sequence[Row]) -> list[str]:
    """The operations whose calls, units or items read are not the same at each size."""
    return [
        operation
        for operation, at_sizes in by_operation(rows).items()
        if len({(row.cost, tuple(row.calls.items())) for row in at_sizes}) > 1
    ]


def show(rows: Sequence[Row], sizes: Sequence[int], console: Console) -> None:
    """One column for each size: calls / write units / read units / items read."""
    table = Table("operation", *(f"at {size:,}" for size in sizes), "")
    grown = growing(rows)
    for operation, at_sizes in by_operation(rows).items():
        costs = [" / ".join(f"{count:g}" for count in row.cost) for row in at_sizes]
        table.add_row(operation, *costs, "grows" if operation in grown else "flat")
    console.print("AWS calls / write units / read units / items read, by e-meterai stored")
    console.print(table)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, help="e-meterai stored, ascending"
    )
    parser.add_argument("--quick", action="store_true", help=f"the sizes {QUICK}, in seconds")
    parser.add_argument("--out", type=Path, default=OUT)
    wanted = parser.parse_args()
    python = interpreter()
    if python is None:
        sys.stderr.write(f"{INSTALL_MINISTACK}\n")
        return 1
    console = Console(width=100)
    sizes = QUICK if wanted.quick else wanted.sizes
    rows = measure(sizes, python, console)
    show(rows, sizes, console)
    kept = {
        "flat": not growing(rows),
        "rows": [{name: getattr(row, name) for name in row.__slots__} for row in rows],
    }
    wanted.out.parent.mkdir(parents=True, exist_ok=True)
    wanted.out.write_text(json.dumps(kept, indent=1) + "\n")
    return 0 if kept["flat"] else 1


if __name__ == "__main__":
    sys.exit(main())
