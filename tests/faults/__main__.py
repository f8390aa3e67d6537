"""Every fault at every call, pairs of them, random scenarios, interleavings: `make faults`.

Prints what was run and what broke, and writes `out/faults.json`. Exits with 1 if anything broke or
if a kind of fault never happened. `--quick` runs an even sample, always the same, in which some
kinds are too rare to happen.
"""

import argparse
import logging
import multiprocessing
import sys
from os import cpu_count
from pathlib import Path
from time import monotonic

from tests.faults.full_run import QUICK, WHOLE, Part, parts
from tests.faults.run_report import KINDS, RunReport
from tests.tools.progress import Progress

KEPT = Path(__file__).parents[2] / "out" / "faults.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a sample that takes seconds")
    parser.add_argument("--workers", type=int, default=cpu_count())
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began_s, whole = monotonic(), RunReport()
    planned = list(parts(QUICK if arguments.quick else WHOLE))
    # The processes are forked before the progress has a thread.
    with (
        multiprocessing.get_context("fork").Pool(arguments.workers) as pool,
        Progress("faults", total=len(planned)) as progress,
    ):
        for part in pool.imap_unordered(_run, planned):
            whole.add(part)
            progress.done += 1
            progress.note = f"{whole.runs:,} runs, {len(whole.broken)} broken"
    whole.print(monotonic() - began_s)
    whole.keep(KEPT)
    is_complete = arguments.quick or whole.covered == len(KINDS)
    return 0 if is_complete and not whole.broken else 1


def _run(part: Part) -> RunReport:
    return part()


if __name__ == "__main__":
    sys.exit(main())
