"""What verifying a file costs, beside one hash of it, pyHanko's validation and pdfsig.

    python -m tests.benchmarks.verification [--quick] [--rounds N]

All methods verify the same files in one run, in interleaved rounds. Times are of the processor,
with those of the children that ours and pdfsig start; a ratio compares two times of the same round,
and the table shows medians. Ours reads strangers' bytes in forked children, and pyHanko in none.
"""

import argparse
import gc
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.benchmarks.verification_methods import (
    FILES,
    MANIFEST,
    METHODS,
    Issued,
    pdfsig_is_here,
    read_inputs,
)

ROOT = Path(__file__).parents[2]
OUT = ROOT / "out/bench"
RESULTS = OUT / "verification.json"
TIMES_A_ROUND = {"hash": 20, "on_record": 20}  # the mean counts: they take less than 1 ms
ON_RECORD = ("letter", "letter, ten e-meterai")  # of which `MAX_ON_RECORD_MS` is promised
MAX_ON_RECORD_MS = 3.0  # of a letter, beyond its hash
MAX_FULL_RATIO = 1.5  # to pyHanko, beside the pages that are drawn
DRAWN_PAGE_MS = 35.0
MAX_TEN_RATIO = 1.5  # ten e-meterai on one file, to one
QUICK = ("letter", "letter, ten e-meterai", "letter, signed later")
_IMPORTS_NO_PYHANKO = """
import sys
from pathlib import Path
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.outputs import Output
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.pdf.verification.stamp_reader import PdfStampReader
from meterai.steps.verify import verify_document
from meterai_cli.published_records import PublishedRecords, a_record
class Ports:
    def __init__(self, reader, known):
        self.stamp_reader, self.serials, self.documents = reader, known, known
content = Path(sys.argv[1]).read_bytes()
output = Output.of(content)
known = PublishedRecords({sys.argv[2]: a_record(sys.argv[2], (output,))})
file = FileAddress("", output.sha256, len(content))
keyring = SigningKeyring.from_json(Path(sys.argv[3]).read_bytes())
reader = PdfStampReader(lambda **_: keyring, None)
print(verify_document(content, file, Ports(reader, known)).verdict)
print(sum(name.partition(".")[0] in ("pyhanko", "pypdfium2", "pikepdf") for name in sys.modules))
"""


@dataclass(frozen=True, slots=True)
class Row:
    """`promised_ms` is from the other times of the same rounds, None where nothing is promised."""

    input: str
    method: str
    median_ms: float
    ratio_to_pyhanko: float
    promised_ms: float | None
    share_of_promise: float | None


def measure(files: Mapping[str, Issued], methods: Sequence[str], rounds: int) -> list[Row]:
    """A row for each file and method."""
    for issued in files.values():
        for method in methods:
            METHODS[method](issued)  # warms up
    gc.collect()
    gc.freeze()
    times: dict[tuple[str, str], list[float]] = {
        (name, method): [] for name in files for method in methods
    }
    for _ in track(range(rounds), "rounds", transient=True):
        for name, issued in files.items():
            for method in methods:
                times[name, method].append(_time_ms(METHODS[method], issued, method))
    gc.unfreeze()
    return [_row(name, method, times) for name, method in times]


def _time_ms(act: Callable[[Issued], object], issued: Issued, method: str) -> float:
    count = TIMES_A_ROUND.get(method, 1)
    before = _processor_s()
    for _ in range(count):
        act(issued)
    return (_processor_s() - before) * 1_000 / count


def _processor_s() -> float:
    used = (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _row(name: str, method: str, times: Mapping[tuple[str, str], Sequence[float]]) -> Row:
    each, pyhanko = times[name, method], times[name, "pyhanko"]
    promised: list[float] = []
    if method == "full":
        promised = [MAX_FULL_RATIO * one + DRAWN_PAGE_MS * FILES[name] for one in pyhanko]
    elif method == "on_record" and name in ON_RECORD:
        promised = [MAX_ON_RECORD_MS + one for one in times[name, "hash"]]
    return Row(
        input=name,
        method=method,
        median_ms=round(statistics.median(each), 2),
        ratio_to_pyhanko=round(_median_ratio(each, pyhanko), 3),
        promised_ms=round(statistics.median(promised), 1) if promised else None,
        share_of_promise=round(_median_ratio(each, promised), 2) if promised else None,
    )


def _median_ratio(ones: Sequence[float], others: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(ones, others, strict=True))


def ten_to_one(rows: Sequence[Row]) -> dict[str, float]:
    """By method, the time for ten e-meterai on one file, as a ratio to one."""
    by = {(row.input, row.method): row.median_ms for row in rows}
    return {
        method: round(by["letter, ten e-meterai", method] / by["letter", method], 2)
        for method in ("on_record", "full", "pyhanko")
    }


def libraries_on_record(issued: Issued) -> tuple[str, int]:
    """The verdict on a file on record in a new process, and how many modules of PDF libraries it
    imported."""
    (serial,) = issued.records
    given = [str(issued.path), serial, str(issued.path.parent / MANIFEST)]
    command = [sys.executable, "-c", _IMPORTS_NO_PYHANKO, *given]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    verdict, modules = run.stdout.split()
    return verdict, int(modules)


@contextmanager
def issued_files(names: Sequence[str]) -> Iterator[dict[str, Issued]]:
    """Made by another process, as `verification_inputs` says why."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.benchmarks.verification_inputs", folder, *names]
        subprocess.run(command, cwd=ROOT, check=True)
        yield read_inputs(Path(folder), names)


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare our verification with pyHanko and pdfsig")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--quick", action="store_true", help="the letters only, three rounds")
    asked = parser.parse_args()
    methods = [name for name in METHODS if name != "pdfsig" or pdfsig_is_here()]
    with issued_files(QUICK if asked.quick else tuple(FILES)) as files:
        rows = measure(files, methods, 3 if asked.quick else asked.rounds)
        _show(rows, files, libraries_on_record(files["letter"]))
    if not asked.quick:
        OUT.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


def _show(rows: Sequence[Row], files: Mapping[str, Issued], cold: tuple[str, int]) -> None:
    table = Table(title="Verifying a file: processor time, children included")
    table.add_column("input")
    for column in ("method", "ms", "x pyHanko", "promised, ms", "of the promise"):
        table.add_column(column, justify="right")
    for name, issued in files.items():
        for row in (row for row in rows if row.input == name):
            table.add_row(
                f"{name} ({len(issued.content) / 1e3:,.0f} KB)" if row.method == "hash" else "",
                row.method,
                f"{row.median_ms:.2f}",
                f"{row.ratio_to_pyhanko:.2f}",
                f"{row.promised_ms:.1f}" if row.promised_ms is not None else "",
                f"{row.share_of_promise:.2f}" if row.share_of_promise is not None else "",
            )
        table.add_section()
    console = Console(width=110)
    console.print(table)
    ratios = ", ".join(f"{name} {ratio:.2f}" for name, ratio in ten_to_one(rows).items())
    console.print(
        f"Ten e-meterai on one file, to one: {ratios} (promised: {MAX_TEN_RATIO}).\n"
        f"A letter on record is {cold[0]}, with {cold[1]} modules of PDF libraries imported"
        " (promised: 0)."
    )


if __name__ == "__main__":
    main()
