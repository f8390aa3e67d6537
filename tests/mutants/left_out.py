"""What is never mutated, so that a kill rate does not hide it."""

import ast
import re
from collections.abc import Iterator

from tests.mutants.outcome import ROOT

PACKAGE = ROOT / "layers" / "meterai" / "meterai"
MUTATED = ("domain", "steps")

# What is logged is asserted where it matters (tests/e2e/test_logs.py), not word for word.
PRAGMA = r"# pragma: no mutate(?! end)"
LOG_LINES = r"^\s*logger\."


def left_out() -> Iterator[str]:
    """By our choice, then by mutmut's nature."""
    lines = decorated = statements = reasons = 0
    for folder in MUTATED:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            reasons += len(re.findall(PRAGMA, source))
            lines += len(re.findall(LOG_LINES, source, re.MULTILINE))
            tree = ast.parse(source)
            decorated += sum(_is_passed_over(node) for node in ast.walk(tree))
            statements += sum(isinstance(node, (ast.Assign, ast.AnnAssign)) for node in tree.body)
    yield f"{reasons} places at which a survivor has its reason (`# pragma: no mutate: reason`)"
    yield f"{lines} calls of the logger (`LOG_LINES`)"
    yield f"{decorated} decorated functions, mostly properties of a line: mutmut cannot"
    yield f"{statements} constants of modules, and the fields of classes: mutmut does not"


def _is_passed_over(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef) or not node.decorator_list:
        return False
    match node.decorator_list:
        case [ast.Name(id="staticmethod" | "classmethod")]:
            return False
    return True
