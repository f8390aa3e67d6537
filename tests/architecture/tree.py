"""The source tree for the architecture tests: its files, and the imports of each Python file."""

import ast
import fnmatch
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "layers/meterai/meterai"
FUNCTIONS = ROOT / "functions"
FUNCTION_NAMES = sorted(path.parent.name for path in FUNCTIONS.glob("*/app.py"))


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project: without Git's own, and without those that `.gitignore` names."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = [".git/", "out/", *(line for line in lines if line and not line.startswith("#"))]
    return tuple(sorted(_walk(ROOT, [pattern.strip("/") for pattern in ignored])))


def _walk(folder: Path, ignored: list[str]) -> Iterator[Path]:
    for path in folder.iterdir():
        if any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored):
            continue
        if path.is_dir():
            yield from _walk(path, ignored)
        else:
            yield path


def python_files(folder: Path) -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and path.is_relative_to(folder)]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """The modules that a file imports, anywhere in it, by their full names."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found


def within(module: str, *packages: str) -> bool:
    """Whether the module is one of these packages, or inside one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def name(path: Path) -> str:
    """Its name in a failure's message."""
    return path.relative_to(ROOT).as_posix()
