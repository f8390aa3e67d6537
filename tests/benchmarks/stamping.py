"""What a stamp costs, beside the least that it can cost and beside pyHanko.

    python -m tests.benchmarks.stamping [--quick] [--rounds N]

All methods stamp the same inputs in one run, in interleaved rounds. A ratio compares two times of
the same round, and the table shows medians. The limit is one copy, one SHA-256 and one RSA-2048
signature. Memory is the peak of one new process for each method and input. The first stamp is
timed from the start of a new process, which is given the key service's answer.
"""

import argparse
import gc
import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.benchmarks.stamping_first import first_stamp
from tests.benchmarks.stamping_inputs import inputs
from tests.benchmarks.stamping_memory import peak_mb
from tests.benchmarks.stamping_methods import METHODS
from tests.integration.pdf.stamping import a_spec

OUT = Path(__file__).parents[2] / "out/bench"
RESULTS, FIRST = OUT / "stamping.json", OUT / "first_stamp.json"
TIMES_A_ROUND = {"limit": 9, "ours": 9}
"""The fast methods repeat, and the median of a round counts: the first two times after a method
that has emptied the processor's caches are half as long again. In a surge, a worker stamps one
document after the other."""
PROMISES = {  # of `ours`, as ratios to the limit
    "letter": 2.6,
    "scan_1mb": 1.6,
    "scan_10mb": 1.25,
    "text_200_pages": 1.25,
}
PROMISED_OVER_PYHANKO = 25  # times as fast on the letter
MAX_GROWTH_BYTES = 14_000
MAX_FIRST_STAMP_MS = 80
QUICK = ("letter", "letter_objstm")


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio_to_limit` is a median of ratios, each within one round."""

    input: str
    method: str
    median_ms: float
    ratio_to_limit: float
    growth_bytes: int
    peak_rss_mb: float | None


def measure(documents: Mapping[str, bytes], rounds: int) -> list[Row]:
    """A row for each input and method, without memory."""
    growth: dict[tuple[str, str], int] = {}
    for name, document in documents.items():
        for method, act in METHODS.items():
            growth[name, method] = len(act(document, a_spec(0))) - len(document)  # and warms up
    gc.collect()
    gc.freeze()
    times: dict[tuple[str, str], list[float]] = {key: [] for key in growth}
    for turn in track(range(rounds), "rounds", transient=True):
        for name, document in documents.items():
            for method, times_ms in _round(document, first_serial=1 + 100 * turn).items():
                times[name, method].append(statistics.median(times_ms))
    gc.unfreeze()
    return [
        Row(
            input=name,
            method=method,
            median_ms=round(statistics.median(each), 3),
            ratio_to_limit=round(
                statistics.median(
                    one / limit for one, limit in zip(each, times[name, "limit"], strict=True)
                ),
                2,
            ),
            growth_bytes=growth[name, method] if method != "limit" else 0,
            peak_rss_mb=None,
        )
        for (name, method), each in times.items()
    ]


def _round(document: bytes, first_serial: int) -> dict[str, list[float]]:
    """Every method in turn, the fast ones repeatedly; each time with another serial."""
    specs = [a_spec(first_serial + at) for at in range(max(TIMES_A_ROUND.values()))]
    taken: dict[str, list[float]] = {method: [] for method in METHODS}
    for at, spec in enumerate(specs):
        for method, act in METHODS.items():
            if at < TIMES_A_ROUND.get(method, 1):
                taken[method].append(_time_ms(lambda act=act, spec=spec: act(document, spec)))  # type: ignore[misc]
    return taken


def _time_ms(act: Callable[[], bytes]) -> float:
    start = perf_counter()
    act()
    return (perf_counter() - start) * 1_000


def with_memory(rows: Iterable[Row], documents: Mapping[str, bytes]) -> list[Row]:
    """The same rows, each with the peak memory of a new process."""
    with TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{name}.pdf" for name in documents}
        for name, document in documents.items():
            paths[name].write_bytes(document)
        return [
            replace(row, peak_rss_mb=round(peak_mb(row.method, paths[row.input]), 1))
            for row in track(list(rows), "memory", transient=True)
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare our stamp with the limit and pyHanko")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--quick", action="store_true", help="the letters only, two rounds")
    asked = parser.parse_args()
    documents = {name: made for name, made in inputs().items() if not asked.quick or name in QUICK}
    rows = measure(documents, 2 if asked.quick else asked.rounds)
    rows = with_memory(rows, documents)
    first_ms = [first_stamp(documents["letter"])[0] for _ in range(3 if asked.quick else 9)]
    _show(rows, documents, first_ms)
    if not asked.quick:  # the simulation of capacity reads the whole table
        OUT.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
        FIRST.write_text(json.dumps({"median_ms": round(statistics.median(first_ms), 1)}) + "\n")


def _show(rows: Sequence[Row], documents: Mapping[str, bytes], first_ms: Sequence[float]) -> None:
    table = Table(title="A stamp: time and its ratio to the limit, growth, peak memory")
    table.add_column("input")
    for column in ("method", "ms", "x limit", "promised", "growth, bytes", "peak, MB", "at most"):
        table.add_column(column, justify="right")
    for name, document in documents.items():
        allowed_mb = 3 * len(document) / 1e6 + 40
        for row in (row for row in rows if row.input == name):
            promised = PROMISES.get(name.removesuffix("_objstm")) if row.method == "ours" else None
            table.add_row(
                f"{name} ({len(document) / 1e3:,.0f} KB)" if row.method == "limit" else "",
                row.method,
                f"{row.median_ms:.2f}",
                f"{row.ratio_to_limit:.2f}",
                f"{promised:.2f}" if promised else "",
                f"{row.growth_bytes:,}",
                f"{row.peak_rss_mb:.0f}" if row.peak_rss_mb is not None else "",
                f"{allowed_mb:.0f}" if row.method == "ours" else "",
            )
        table.add_section()
    console = Console(width=110)
    console.print(table)
    by = {row.method: row.median_ms for row in rows if row.input == "letter"}
    console.print(
        f"On the letter {by['pyhanko'] / by['ours']:.0f} times as fast as pyHanko with a key"
        f" service (promised: {PROMISED_OVER_PYHANKO}); growth of at most {MAX_GROWTH_BYTES:,}"
        f" bytes is promised.\nProcess start to first finished stamp:"
        f" {statistics.median(first_ms):.0f} ms (promised: {MAX_FIRST_STAMP_MS})."
    )


if __name__ == "__main__":
    main()
