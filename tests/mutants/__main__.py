"""Mutation testing by mutmut: `make mutants`. Each change to a rule or a step has to break a test.

mutmut knows a module by its path below `./` or `src/`: in `layers/meterai/` it finds the code and
never the tests that run it. So it works on a copy, in `out/mutants/`, that has the package on
top. After an interruption it continues where it stopped. For each mutant it runs the tests below
that reach the changed function, the quickest first, until one fails.
"""

import argparse
import os
import shutil
import subprocess
import sys
from os import cpu_count

from tests.mutants.left_out import LOG_LINES, left_out
from tests.mutants.outcome import KEPT, ROOT, outcome
from tests.tools.progress import Progress

PLACE = ROOT / "out" / "mutants"
COPIED = (
    "events",
    "functions",
    "tests",
    "README.md",
    "template.yaml",
    "layers/meterai/openapi.json",
)
# Those that need another process, or read the source, which mutmut has rewritten; and those that
# need minutes: every fault at every call.
NOT_RUN = (
    "lost_message",
    "lost_connection",
    "replay_command",
    "seeded_bug",
    "wherever_its_error",
    "the_description_is",
    "its_sentence_shows",
)
CONFIG = f"""\
[tool.mutmut]
source_paths = ["meterai"]
only_mutate = ["meterai/domain/*", "meterai/steps/*"]
do_not_mutate_patterns = ['{LOG_LINES}']
also_copy = ["events", "functions", "README.md", "template.yaml", "layers"]
pytest_add_cli_args_test_selection = [
    "tests/unit/domain",
    "tests/unit/steps",
    "tests/unit/functions",
    "tests/faults/test_single_faults.py",
    "tests/faults/test_interleavings.py",
    "tests/faults/test_random_scenarios.py",
]
pytest_add_cli_args = ["--hypothesis-profile=ci", "-k", "not {" and not ".join(NOT_RUN)}"]
[tool.pytest.ini_options]
pythonpath = ["."]
addopts = ["--import-mode=importlib"]
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tell", action="store_true", help="what is known; runs nothing")
    parser.add_argument("--workers", type=int, default=cpu_count())
    parser.add_argument("only", nargs="*", help="mutants by name, with *")
    wanted = parser.parse_args()
    if not wanted.tell:
        _prepare()
        with Progress("mutants", unit="mutants run", poll=_count):
            failed = _mutmut("run", "--max-children", str(wanted.workers), *wanted.only)
        if failed:
            return failed
    result = outcome(PLACE)
    result.print()
    for what in left_out():
        print(f"not mutated: {what}")
    result.keep(KEPT)
    return 0 if result.is_good else 1


def _count(progress: Progress) -> None:
    """What mutmut has written down so far."""
    counts = outcome(PLACE, with_changes=False).counts
    progress.done = counts.total() - counts["not run"]
    progress.total = counts.total()
    progress.note = f"{counts['survived']} survived"


def _prepare() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(PLACE / "meterai", ignore_errors=True)
    shutil.copytree(ROOT / "layers" / "meterai" / "meterai", PLACE / "meterai")
    for name in COPIED:
        source, copy = ROOT / name, PLACE / name
        if source.is_dir():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    (PLACE / "pyproject.toml").write_text(CONFIG, encoding="utf-8")


def _mutmut(*arguments: str) -> int:
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments], check=False, cwd=PLACE, env=environment
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
