"""Generated examples are the same in every run, and no test sets its own deadline."""

import ast

from hypothesis import settings

from tests.architecture.tree import ROOT, name, parsed, python_files


def test_generated_examples_are_the_same_in_every_run() -> None:
    default = settings()
    assert default.derandomize
    assert default.deadline is None


def test_settings_of_generated_tests_come_from_one_place() -> None:
    wrong = [
        name(path)
        for path in python_files(ROOT / "tests")
        if path.name not in ("generated.py", "test_nothing_depends_on_luck.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module == "hypothesis"
        if "settings" in {alias.name for alias in node.names}
    ]
    assert not wrong, f"use tests.generated.examples: {wrong}"
