"""A docstring where the signature cannot say it.

The signature says enough about short or private functions, and a name from the glossary about a
dataclass or a port. It cannot say why a module exists, what another class does, what is raised, or
what a screenful of code does. An adapter's methods are documented on its port.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import FUNCTIONS, PACKAGE, name, parsed, python_files

SCREENFUL = 30  # lines of a function's body
CHECKED = (*python_files(PACKAGE), *python_files(FUNCTIONS))
Definition = ast.FunctionDef | ast.ClassDef


def test_every_module_has_a_docstring() -> None:
    silent = [name(path) for path in CHECKED if not ast.get_docstring(parsed(path))]
    assert not silent, f"one line at the top of {silent}"


def test_a_docstring_says_what_the_signature_cannot_say() -> None:
    silent = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in CHECKED
        for node in _public(parsed(path))
        if not ast.get_docstring(node) and _needs_words(node, path)
    ]
    assert not silent, f"one line on what it does, raises or stands for: {silent}"


def _public(node: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    for child in node.body:
        if isinstance(child, Definition) and not child.name.startswith("_"):
            yield child
            if isinstance(child, ast.ClassDef):
                yield from _public(child)


def _needs_words(node: Definition, path: Path) -> bool:
    is_adapter = bool({"aws", "gateways", "pdf"} & set(path.parts))
    if isinstance(node, ast.ClassDef):
        acts = any(isinstance(child, ast.FunctionDef) for child in node.body)
        is_record = node.decorator_list or any(
            ast.unparse(base) in ("Protocol", "Answer", "Request") for base in node.bases
        )
        return acts and not is_record and not is_adapter
    lines = (node.end_lineno or node.lineno) - node.body[0].lineno + 1
    raises = any(isinstance(child, ast.Raise) for child in ast.walk(node))
    return (raises and not is_adapter and path.name != "app.py") or lines > SCREENFUL
