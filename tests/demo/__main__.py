"""Plays the main job on a system of its own, and ends with `demo: ok` or a status that is not 0."""

import shutil
import sys
import time
from pathlib import Path

from tests.demo.play import Play
from tests.demo.stage import NotAsItShouldBeError, Stage
from tests.local.environment import local_environment

OUT = Path("out/demo")
ROOT = "root.crt"  # what a verifier of the stamped files has to trust; of this run only


def main() -> int:
    stage = Stage()
    started = time.monotonic()
    shutil.rmtree(OUT, ignore_errors=True)
    with local_environment(logs=OUT / "logs", instances={"StampFunction": 2}) as place:
        (OUT / ROOT).write_bytes(place.root_certificate)
        try:
            Play(place, stage, OUT).run()
        except NotAsItShouldBeError as wrong:
            stage.end(f"demo: not as it should be: {wrong}")
            return 1
    stage.end(f"{time.monotonic() - started:.0f} s; files and pictures are in {OUT}/,")
    stage.end(f"the certificate authority that vouches for them in {OUT / ROOT}")
    stage.end("demo: ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
