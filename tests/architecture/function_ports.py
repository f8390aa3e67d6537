"""Which of the container's ports a function may use, read from its code.

A handler passes the whole container to a step. The step may use the members of its Protocol.
Besides, a function uses the ports that its `app.py` names as `container.<port>`.
"""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any

from tests.architecture.tree import FUNCTIONS


@cache
def ports_of_function(function: str) -> frozenset[str]:
    """By name, for the function of this folder."""
    code = (FUNCTIONS / function / "app.py").read_text(encoding="utf-8")
    tree = ast.parse(code)
    own = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "container"
    }
    steps = (
        getattr(importlib.import_module(node.module), name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("meterai.steps.")
        for name in node.names
        if node.module
    )
    return frozenset(own.union(*(ports_of_step(step) for step in steps if callable(step))))


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
