"""The whole campaign: `make faults`. Ends with what it found broken, and fails if that is anything,
or if some kind of fault never happened."""

import argparse
import logging
import multiprocessing
import sys
from os import cpu_count
from pathlib import Path
from time import monotonic

from tests.faults.full_run import Part, parts
from tests.faults.run_report import ThroughputSample

KEPT = Path(__file__).parents[2] / "out" / "faults.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=10_000)
    parser.add_argument("--on-moto", type=int, default=150, help="runs of each of two shares")
    parser.add_argument("--workers", type=int, default=cpu_count())
    wanted = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began, whole = monotonic(), ThroughputSample()
    campaign = list(parts(wanted.worlds, wanted.on_moto))
    with multiprocessing.get_context("fork").Pool(wanted.workers) as pool:
        for number, part in enumerate(pool.imap_unordered(_run, campaign), start=1):
            whole.add(part)
            _tell(f"{number} of {len(campaign)} parts, {len(whole.broken)} broken")
    _tell("")
    whole.print(monotonic() - began)
    whole.keep(KEPT)
    return 0 if whole.is_good else 1


def _tell(progress: str) -> None:
    """To whoever waits."""
    if sys.stderr.isatty():
        print(f"\r{progress:40}", end="\r", file=sys.stderr, flush=True)


def _run(part: Part) -> ThroughputSample:
    return part()


if __name__ == "__main__":
    sys.exit(main())
