"""`make load`: thousands of buyers on this machine. Prints the results and writes out/load.json."""

import argparse
import logging
import sys
import time
from pathlib import Path

from tests.contract.ministack import INSTALL_MINISTACK, interpreter
from tests.load.people import Way
from tests.load.report import show, write
from tests.load.runner import Result, run_load
from tests.load.system import KMS_S

OUT = Path(__file__).parents[2] / "out"
QUICK_STAMPED = {Way.API: 9, Way.PAGES: 3}  # ends it, so that a slow machine takes its time
QUICK_SEED = 155  # its people have every habit, on the pages too


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--buyers", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=400.0, help="in which they arrive")
    parser.add_argument("--seed", type=int, default=20240910)
    parser.add_argument("--kms-s", type=float, default=KMS_S, help="how long a signature takes")
    parser.add_argument(
        "--no-attacker", action="store_true", help="nobody orders without paying; to compare with"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="42 buyers in 8 s, until 12 have their stamp; out/load.json stays",
    )
    wanted = parser.parse_args(arguments)
    if wanted.quick:
        wanted.buyers, wanted.seconds, wanted.seed, wanted.kms_s = 42, 8.0, QUICK_SEED, 0.2
    return wanted


def run_wanted(wanted: argparse.Namespace, python: Path, logs: Path) -> Result:
    return run_load(
        python,
        buyers=wanted.buyers,
        seconds=wanted.seconds,
        seed=wanted.seed,
        kms_s=wanted.kms_s,
        attacked=not wanted.no_attacker,
        logs=logs,
        enough=QUICK_STAMPED if wanted.quick else None,
    )


def main() -> int:
    wanted = options()
    python = interpreter()
    if python is None:
        sys.stderr.write(f"{INSTALL_MINISTACK}\n")
        return 1
    logging.getLogger("botocore").setLevel(logging.ERROR)
    began = time.monotonic()
    result = run_wanted(wanted, python, OUT / "load/logs")
    wrong = show(result, wanted.seconds)
    if not wanted.quick:  # the simulation of capacity reads it
        write(result, OUT / "load.json", seed=wanted.seed)
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
