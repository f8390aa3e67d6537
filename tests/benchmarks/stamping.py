"""What a stamp costs, beside the least that it can cost and beside what others take.

    python -m tests.benchmarks.stamping [--quick] [--rounds N]

All variants stamp the same inputs in one run, in rounds: a ratio is that of two times of the same
round, and medians are told. The limit is one copy, one SHA-256 and one RSA-2048 signature. Memory
is the peak of a process of its own for each variant and input. `first_stamp` is a fresh process
from its start to its first finished stamp, the key service's answer given to it beforehand.
"""

import argparse
import gc
import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.benchmarks.stamping_fresh import first_stamp_ms, peak_mb
from tests.benchmarks.stamping_inputs import inputs
from tests.benchmarks.stamping_itext import itext_rows
from tests.benchmarks.stamping_rows import Row
from tests.benchmarks.stamping_variants import VARIANTS
from tests.integration.pdf.stamping import mark

RESULTS = Path(__file__).parents[2] / "out/bench/stamping.json"
FIRST = Path(__file__).parents[2] / "out/bench/first_stamp.json"
TIMES_A_ROUND = {"limit": 9, "ours": 9}
"""The fast ones; the median in a round counts. A worker in a surge stamps one after the other: the
first two after a variant that has emptied the processor's caches take half as long again."""
GOALS = {  # of `ours`, as ratios to the limit
    "letter": 2.0,
    "scan_1mb": 1.6,
    "scan_10mb": 1.25,
    "text_200_pages": 1.25,
}
GOAL_OVER_KMS = 25  # times as fast on the letter
GOAL_GROWTH_BYTES = 14_000
GOAL_FIRST_STAMP_MS = 80
QUICK = ("letter", "letter_objstm")


def publish_load_snapshot(documents: Mapping[str, bytes], rounds: int) -> list[Row]:
    """A row for each input and variant."""
    growth: dict[tuple[str, str], int] = {}
    for name, document in documents.items():
        for variant, act in VARIANTS.items():
            growth[name, variant] = len(act(document, mark(0))) - len(document)  # and warms up
    gc.collect()
    gc.freeze()
    times: dict[tuple[str, str], list[float]] = {key: [] for key in growth}
    for turn in track(range(rounds), "rounds", transient=True):
        for name, document in documents.items():
            for variant, times_ms in _round(document, first_mark=1 + 100 * turn).items():
                times[name, variant].append(statistics.median(times_ms))
    gc.unfreeze()
    return [
        Row(
            input=name,
            variant=variant,
            median_ms=round(statistics.median(each), 3),
            ratio_to_limit=round(
                statistics.median(
                    one / limit for one, limit in zip(each, times[name, "limit"], strict=True)
                ),
                2,
            ),
            growth_bytes=growth[name, variant] if variant != "limit" else 0,
            peak_rss_mb=None,
        )
        for (name, variant), each in times.items()
    ]


def _round(document: bytes, first_mark: int) -> dict[str, list[float]]:
    """Every variant in turn, the fast ones more than once; each time with another serial."""
    marks = [mark(first_mark + at) for at in range(max(TIMES_A_ROUND.values()))]
    taken: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
    for at, one in enumerate(marks):
        for variant, act in VARIANTS.items():
            if at < TIMES_A_ROUND.get(variant, 1):
                taken[variant].append(_time_ms(lambda act=act, one=one: act(document, one)))  # type: ignore[misc]
    return taken


def _time_ms(act: Callable[[], bytes]) -> float:
    start = perf_counter()
    act()
    return (perf_counter() - start) * 1_000


def with_memory(rows: Iterable[Row], documents: Mapping[str, bytes]) -> list[Row]:
    """The same rows with the peaks of processes of their own."""
    rows = list(rows)
    with TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{name}.pdf" for name in documents}
        for name, document in documents.items():
            paths[name].write_bytes(document)
        return [
            row.with_peak(peak_mb(row.variant, paths[row.input]))
            if row.peak_rss_mb is None
            else row
            for row in track(rows, "memory", transient=True)
        ]


def main(rounds: int = 12, *, quick: bool = False) -> list[Row]:
    documents = {name: made for name, made in inputs().items() if not quick or name in QUICK}
    rows = publish_load_snapshot(documents, rounds)
    rows += itext_rows(documents, {row.input: row for row in rows if row.variant == "limit"})
    rows = with_memory(rows, documents)
    first_ms = [first_stamp_ms(documents["letter"]) for _ in range(3 if quick else 9)]
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    FIRST.write_text(json.dumps({"median_ms": round(statistics.median(first_ms), 1)}) + "\n")
    _show(rows, documents, first_ms)
    return rows


def _show(rows: Sequence[Row], documents: Mapping[str, bytes], first_ms: Sequence[float]) -> None:
    table = Table(title="A stamp: time and its ratio to the limit, growth, peak memory")
    table.add_column("input")
    for column in ("variant", "ms", "x limit", "goal", "growth, bytes", "peak, MB", "3 x + 40 MB"):
        table.add_column(column, justify="right")
    for name, document in documents.items():
        allowed_mb = 3 * len(document) / 1e6 + 40
        for row in (row for row in rows if row.input == name):
            goal = GOALS.get(name.removesuffix("_objstm")) if row.variant == "ours" else None
            table.add_row(
                f"{name} ({len(document) / 1e3:,.0f} KB)" if row.variant == "limit" else "",
                row.variant,
                f"{row.median_ms:.2f}",
                f"{row.ratio_to_limit:.2f}",
                f"{goal:.2f}" if goal else "",
                f"{row.growth_bytes:,}",
                f"{row.peak_rss_mb:.0f}" if row.peak_rss_mb is not None else "",
                f"{allowed_mb:.0f}" if row.variant == "ours" else "",
            )
        table.add_section()
    console = Console()
    console.print(table)
    by = {row.variant: row.median_ms for row in rows if row.input == "letter"}
    console.print(
        f"On the letter {by['pyhanko_kms'] / by['ours']:.0f} times as fast as pyHanko with a key"
        f" service (goal {GOAL_OVER_KMS}); growth at most {GOAL_GROWTH_BYTES:,} bytes is asked for."
        f"\nProcess start to first finished stamp: {statistics.median(first_ms):.0f} ms"
        f" (goal {GOAL_FIRST_STAMP_MS})."
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time the ways to stamp")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--quick", action="store_true", help="the letters only, few rounds")
    asked = parser.parse_args()
    main(2 if asked.quick else asked.rounds, quick=asked.quick)
