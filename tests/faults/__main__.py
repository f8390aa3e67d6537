"""The whole campaign, on every processor: `make faults`. Ends with what it found broken."""

import argparse
import logging
import multiprocessing
import random
import sys
from contextlib import suppress
from os import cpu_count
from pathlib import Path
from time import monotonic

from tests.faults.campaign import Part, parts
from tests.faults.tally import Tally

KEPT = Path(__file__).parents[2] / "out" / "faults.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=10_000)
    parser.add_argument("--on-moto-s", type=float, default=90)
    parser.add_argument("--within-s", type=float, default=570, help="then it says what is left")
    wanted = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began, whole = monotonic(), Tally()
    first, *others = parts(wanted.worlds, wanted.on_moto_s)
    random.Random(0).shuffle(others)  # so that what is not reached is of every kind
    with multiprocessing.get_context("fork").Pool(cpu_count()) as pool:
        running = pool.imap_unordered(_run, [first, *others])
        with suppress(multiprocessing.TimeoutError, StopIteration):
            while True:
                whole.add(running.next(timeout=max(0.0, began + wanted.within_s - monotonic())))
                whole.counts["parts"] += 1
    whole.print(monotonic() - began)
    whole.keep(KEPT)
    left = 1 + len(others) - whole.counts["parts"]
    print(f"{left} parts were not reached in time" if left else "all parts were run")
    return bool(whole.broken)


def _run(part: Part) -> Tally:
    return part()


if __name__ == "__main__":
    sys.exit(main())
