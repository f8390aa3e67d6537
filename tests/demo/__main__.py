"""Runs the main job on a system of its own. The last line is `demo: ok`, or the status is not 0."""

import shutil
import sys
import time
from pathlib import Path

from tests.demo.scenario import Scenario
from tests.demo.step_printer import CheckFailedError, StepPrinter
from tests.local.environment import local_environment

OUT = Path("out/demo")
ROOT = "root.crt"  # verifiers of the stamped files have to trust it; made for this run


def main() -> int:
    printer = StepPrinter()
    started = time.monotonic()
    shutil.rmtree(OUT, ignore_errors=True)
    with local_environment(logs=OUT / "logs", instances={"StampFunction": 2}) as place:
        (OUT / ROOT).write_bytes(place.root_certificate)
        try:
            Scenario(place, printer, OUT).run()
        except CheckFailedError as wrong:
            printer.end(f"demo: failed: {wrong}")
            return 1
    printer.end(f"{time.monotonic() - started:.0f} s; the files and pictures are in {OUT}/")
    printer.end(f"the root certificate to verify them with is {OUT / ROOT}")
    printer.end("demo: ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
