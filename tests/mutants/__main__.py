"""Mutation testing by mutmut: `make mutants`. Each change to a rule or a step should break a test.

mutmut knows a module by its path below `./` or `src/`: in `layers/meterai/` it finds the code and
never the tests that run it. So it works on a copy, in `out/mutants/`, that has the package on
top. Interrupted, it goes on where it stopped.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from os import cpu_count
from pathlib import Path

from tests.mutants.survivors import REASONS

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "out" / "mutants"
KEPT = ROOT / "out" / "mutants.json"
COPIED = ("events", "functions", "tests", "README.md", "template.yaml")
CONFIG = """\
[tool.mutmut]
source_paths = ["meterai"]
only_mutate = ["meterai/domain/*", "meterai/steps/*"]
# What is logged is asserted where it matters (tests/e2e/test_logs.py), not word for word.
do_not_mutate_patterns = ['^\\s*logger\\.', '^from ', '^logger = ']
also_copy = ["events", "functions", "README.md", "template.yaml"]
pytest_add_cli_args_test_selection = [
    "tests/unit/domain",
    "tests/unit/steps",
    "tests/unit/functions",
    "tests/faults/test_single_accidents.py",
    "tests/faults/test_random_worlds.py",
]
# The fast ones; and not those that read the source, which mutmut has rewritten.
pytest_add_cli_args = [
    "-k",
    "not lost_message and not costs_nobody and not replays and not on_purpose \\
and not wherever_its_error",
]
[tool.pytest.ini_options]
pythonpath = ["."]
addopts = ["--import-mode=importlib"]
"""
EXIT_CODES = {1: "killed", 3: "killed", 0: "survived", 33: "untested", 36: "timeout", 24: "timeout"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tell", action="store_true", help="what is known; runs nothing")
    parser.add_argument("only", nargs="*", help="mutants by name, with *")
    wanted = parser.parse_args()
    if not wanted.tell:
        _prepare()
        _mutmut("run", "--max-children", str(cpu_count()), *wanted.only)
    return _tell(_results())


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
            shutil.copy(source, copy)
    (PLACE / "pyproject.toml").write_text(CONFIG, encoding="utf-8")


def _mutmut(*arguments: str) -> None:
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments], check=False, cwd=PLACE, env=environment
    )


def _results() -> dict[str, str]:
    """Each mutant, and what became of it."""
    found: dict[str, str] = {}
    for meta in sorted((PLACE / "mutants" / "meterai").rglob("*.meta")):
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        found |= {name: EXIT_CODES.get(code, "unchecked") for name, code in codes.items()}
    return found


def _tell(results: dict[str, str]) -> int:
    counts = Counter(results.values())
    killed = counts["killed"] + counts["timeout"]
    survived = sorted(n for n, became in results.items() if became in ("survived", "untested"))
    rate = killed / max(1, killed + len(survived))
    by_function = Counter(name.partition("__mutmut_")[0] for name in survived)
    for function, count in sorted(by_function.items()):
        print(f"{count:>5} {function}: {REASONS.get(function, 'not looked at yet')}")
    print(f"{killed} killed, {len(survived)} survived, kill rate {rate:.1%}", dict(counts))
    kept = {"killed": killed, "survived": len(survived), "rate": round(rate, 4)}
    KEPT.write_text(json.dumps({**kept, "survivors": survived}, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
