"""Every command that a document names runs in CI."""

import os
import re
import subprocess

from tests.architecture.tree import ROOT, files
from tests.benchmarks.__main__ import TABLES
from tests.tools.commands import (
    COMMANDS,
    RUN_BY_OTHERS,
    RUN_BY_TESTS,
    arguments_of,
    named_in,
)

MAKEFILE = (ROOT / "Makefile").read_text()
CI = (ROOT / ".ci/run").read_text()
NOT_IN_CI = {
    "openapi": "writes the file that `make check` compares",
    "format": "changes what `make check` judges",
    "lock": "writes the files that `make check` compiles again and compares",
    "upgrade": "changes the locked versions",
    "clean": "removes the environments that CI runs in",
    "help": "prints a list",
    "mutants": "takes an hour",
    "python -m tests.mutants": "the same command",
}


def _is_in(module: str, targets: set[str]) -> bool:
    """Does one of these targets run `python -m tests.x`, or the package of `tests.x.y`?"""
    recipes = re.findall(r"^([a-z0-9.-]+):.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    ran = " ".join(recipe for target, recipe in recipes if target in targets).split()
    name = module.removeprefix("python -m ")
    return name in ran or (name.startswith("tests.benchmarks.") and "tests.benchmarks" in ran)


def _with_prerequisites(targets: set[str]) -> set[str]:
    rules = dict(re.findall(r"^([a-z0-9.-]+): ?([^#\n]*)", MAKEFILE, re.MULTILINE))
    found: set[str] = set()
    while targets:
        target = targets.pop()
        found.add(target)
        targets |= {one for one in rules.get(target, "").split() if one in rules} - found
    return found


def test_every_command_of_a_document_runs_in_ci() -> None:
    documents = [path for path in files() if path.suffix == ".md"]
    named = set().union(*(named_in(path.read_text(encoding="utf-8")) for path in documents))
    called = set(re.findall(r"^\s*make (?:--[\w=-]+ )*([a-z0-9. -]+)$", CI, re.MULTILINE))
    run = _with_prerequisites({target for targets in called for target in targets.split()})
    assert {"check", "test", "commands"} <= run
    run |= set(COMMANDS) | set(RUN_BY_TESTS) | set(RUN_BY_OTHERS)
    left_out = {
        command
        for command in named - run - set(NOT_IN_CI)
        if not (command.startswith("python") and _is_in(command, run))
    }
    assert not left_out, f"run {sorted(left_out)} in tests/tools/commands.py or in .ci/run"


def test_every_quick_command_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z0-9.-]+):", MAKEFILE, re.MULTILINE))
    assert {name for name in COMMANDS if not name.startswith("python")} <= targets


def test_a_command_that_is_left_to_a_test_is_read_by_it_from_the_makefile() -> None:
    for target, path in RUN_BY_TESTS.items():
        assert f'arguments_of("{target}"' in (ROOT / path).read_text(encoding="utf-8")


def test_a_command_that_is_left_to_another_is_one_of_those_that_the_other_runs() -> None:
    tables = {f"tests.benchmarks.{table}" for table in TABLES}
    for target, other in RUN_BY_OTHERS.items():
        assert other in COMMANDS
        options, module = arguments_of(other, "QUICK=1")[2:], arguments_of(target, "QUICK=1")[1]
        assert module in tables
        assert arguments_of(target, "QUICK=1") == ["-m", module, *options]


def test_what_make_runs_keeps_its_bytecode_whatever_the_environment_says() -> None:
    """Without it, every process compiles all that it imports."""
    probe = 'probe: ; @echo "[$$PYTHONDONTWRITEBYTECODE]"'
    command = ["make", "--no-print-directory", "--eval", probe, "probe"]
    run = subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.strip() == "[]"
