"""What our own benchmarks measured: the processor time of a stamp and of a cold start."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BENCH = Path(__file__).parents[2] / "out/bench"
# One of Lambda's processors counts as one of the benchmark's machine. 1,769 MB buy a whole one.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
WHOLE_PROCESSOR_MB = 1_769
SCANS = 0.3  # of the documents are scans of 1 MB, the others letters of 60 KB (inferred)
HTTP_ANSWER_S = 0.004  # of a processor, for the body's validation and the answer (our estimate)


class NotMeasured(Exception):
    """A benchmark's file is missing. The message says which command writes it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of a whole processor."""

    stamp_s: float
    imports_s: Mapping[str, float]  # by function, with the adapters of its ports


# For `--quick`, which does not wait for the benchmarks.
TYPICAL = Measured(stamp_s=0.002, imports_s={"stamp": 0.25})


def measured(folder: Path = BENCH) -> Measured:
    """Read from `stamping.json`, `worker.json` and `imports.json`; raises NotMeasured."""
    rows = {(row["input"], row["method"]): row for row in _read(folder, "stamping")}
    letter, scan = (rows[name, "ours"]["median_ms"] for name in ("letter", "scan_1mb"))
    worker = next(row for row in _read(folder, "worker") if row["at_once"] == 10)
    return Measured(
        stamp_s=(worker["cpu_ms_per_document"] + SCANS * (scan - letter)) / 1000,
        imports_s={
            row["function"]: row["with_adapters_ms"] / 1000 for row in _read(folder, "imports")
        },
    )


COMMANDS = {
    "stamping": "make bench-stamping",
    "worker": "python -m tests.benchmarks.worker",
    "imports": "python -m tests.benchmarks.imports",
}


def _read(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / f"{name}.json"
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotMeasured(
            f"{path.name} is missing: run `{COMMANDS[name]}`, which measures it"
        ) from None
    return rows
