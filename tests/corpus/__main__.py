"""`python -m tests.corpus DIR`: every PDF in the folder is stamped and judged.

Prints a table and writes a row for each file into `out/corpus.json`. Wrong is a stamp that a judge
does not accept, that does not show, that changes anything else that a page shows, or that made an
earlier signature worse; one is enough for exit status 1. Pages are compared in pdfium, poppler, and
MuPDF where it is installed: the first six of each file. Documents are repaired where that is
offered; a page that is smaller than the stamp gets a smaller one. Seconds and MiB are those of
preflight and stamping.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

import meterai.pdf.engines.pyhanko_writer  # noqa: F401 - imported once, for every child
from tests.corpus.children import rows
from tests.corpus.judging import missing_judges
from tests.corpus.trial import Row
from tests.fixtures.documents.pki import authority
from tests.integration.pdf.judges import trust_database

RESULTS = Path(__file__).parents[2] / "out" / "corpus.json"
OUTCOMES = ("stamped", "refused", "wrong")


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".pdf")
    if not paths:
        print(f"There is no PDF in {folder}.", file=sys.stderr)
        return 2
    if missing := missing_judges():
        print(f"Judges are missing: {', '.join(missing)}.", file=sys.stderr)
        return 2
    trust_database(authority().root)  # made once, for every child

    results = sorted(rows(paths), key=lambda row: row.file)
    RESULTS.parent.mkdir(exist_ok=True)
    told = [
        asdict(row) | {"seconds": round(row.seconds, 3), "memory_mib": round(row.memory_mib)}
        for row in results
    ]
    RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    show(results)
    return 1 if any(row.outcome == "wrong" for row in results) else 0


def show(results: Sequence[Row]) -> None:
    console = Console(width=110)
    files = Table("file", "outcome", "code", "engine", "seconds", "MiB")
    for row in results:
        place = (row.file, row.outcome, row.code or "", row.engine or "")
        cost = (f"{row.seconds:.2f}", f"{row.memory_mib:.0f}")
        files.add_row(
            *place, *cost, style={"wrong": "bold red", "refused": "yellow"}.get(row.outcome)
        )
    console.print(files)
    for row in results:
        for reason in row.why:
            console.print(f"[red]{row.file}[/]: {reason}", highlight=False)
    outcomes = Counter(row.outcome for row in results)
    told = [f"{outcomes[one]} {one}" for one in OUTCOMES]  # type: ignore[index]
    console.print(f"{len(results)} files: {', '.join(told)}")
    console.print(f"engines: {_counts(row.engine for row in results)}")
    console.print(f"refused: {_counts(row.code for row in results if row.outcome == 'refused')}")
    slowest = max(results, key=lambda row: row.seconds)
    largest = max(results, key=lambda row: row.memory_mib)
    console.print(f"slowest: {slowest.file}, {slowest.seconds:.2f} s of processor time")
    console.print(f"most memory: {largest.file}, {largest.memory_mib:.0f} MiB")


def _counts(names: Iterable[str | None]) -> str:
    counted = Counter(name for name in names if name)
    return ", ".join(f"{name} {count}" for name, count in counted.most_common()) or "none"


if __name__ == "__main__":
    sys.exit(main())
