"""Which of the container's ports a function may use, read from its code.

A handler passes the whole container to a step. The step may use the members of its Protocol.
Besides, a function uses the ports that its `app.py` names as `container.<port>`. A function that
shows pages uses those of its views, which name them as `ports.<port>`, and those of every page.
"""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.architecture.tree import FUNCTIONS, PACKAGE, parsed

VIEWS = "meterai.pages.views"


@cache
def ports_of_function(function: str) -> frozenset[str]:
    """By name, for the function of this folder."""
    nodes = [
        node
        for path in _sources(FUNCTIONS / function / "app.py")
        for node in ast.walk(parsed(path))
    ]
    own = {node.attr for node in nodes if isinstance(node, ast.Attribute) and _is_all(node.value)}
    steps = (
        getattr(importlib.import_module(node.module), name.name)
        for node in nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("meterai.steps.")
        for name in node.names
        if node.module
    )
    return frozenset(own.union(*(ports_of_step(step) for step in steps if callable(step))))


def _sources(app: Path) -> Iterator[Path]:
    """`app.py`, and what shows its pages if it shows any: its views, and those that they use."""
    yield app
    found, asked = set[Path](), _views(app)
    while asked:
        found |= asked
        asked = {used for view in asked for used in _views(view)} - found
    yield from sorted(found)
    yield from (PACKAGE / f"pages/{part}.py" for part in ("site", "visits") if found)


def _views(path: Path) -> set[Path]:
    """Those that it imports, or imports something of."""
    names = set[str]()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module == VIEWS:
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{VIEWS}."):
            names.add((node.module or "").removeprefix(f"{VIEWS}."))
    return {PACKAGE / f"pages/views/{name}.py" for name in names}


def _is_all(node: ast.expr) -> bool:
    """The container, by the names that it has."""
    match node:
        case ast.Name(id="container" | "ports") | ast.Attribute(attr="ports" | "_container"):
            return True
        case _:
            return False


def ports_of_step(step: Callable[..., Any]) -> set[str]:
    """The members of the Protocol of its `ports` parameter."""
    ports = inspect.signature(step).parameters.get("ports")
    return set() if ports is None else set(members(ports.annotation))


def members(protocol: type) -> Iterator[str]:
    """Including inherited ones."""
    for base in protocol.__mro__:
        for name, member in vars(base).items():
            if isinstance(member, property):
                yield name


def protocols(module: ModuleType) -> Iterator[type]:
    """The Protocols that this step defines."""
    for name, found in vars(module).items():
        if name.endswith("Ports") and found.__module__ == module.__name__:
            yield found
