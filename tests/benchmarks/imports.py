"""What a cold start imports: each function's `app.py` in a new process, over bare Python.

    python -m tests.benchmarks.imports [--quick]

Two times: `app.py` itself, which Lambda imports before the first event, and all that the first
event may import besides, since the container imports an adapter when a port is first used. Rounds
are interleaved, so that a busy moment of the machine affects every function alike. The table shows
medians. Bytecode is cached.
"""

import argparse
import ast
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.local.template import read_template

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "out/bench/imports.json"
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))
QUICK = ("purchase", "read_order", "stamp")
CONTAINER = ROOT / "layers/meterai/meterai/container.py"
LAYERS = [ROOT / "layers/meterai", ROOT / "layers/artwork/python"]

_COLD = """
import sys, time
before = set(sys.modules)
start = time.perf_counter()
import app
imported = time.perf_counter()
modules = set(sys.modules) - before
for name in sys.argv[1:]:
    __import__(name)
print(imported - start, time.perf_counter() - start, *sorted(modules), sep="\\n")
"""


@dataclass(frozen=True, slots=True)
class ColdImport:
    """One new process: `app.py`, then what the first event may need."""

    app_ms: float
    with_adapters_ms: float
    modules: frozenset[str]  # of `app.py` alone


def import_cold(function: str, adapters: Sequence[str]) -> ColdImport:
    """As Lambda does: the function's folder comes first, then the layers. `adapters`: modules that
    are imported after `app.py`."""
    printed = subprocess.run(
        [sys.executable, "-c", _COLD, *adapters],
        cwd=ROOT / "functions" / function,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(map(str, LAYERS))},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    app_s, with_adapters_s, *modules = printed
    return ColdImport(float(app_s) * 1_000, float(with_adapters_s) * 1_000, frozenset(modules))


@cache
def adapters_of(function: str) -> list[str]:
    """The modules that the container imports for the ports that this function uses."""
    container = ast.parse(CONTAINER.read_text(encoding="utf-8"))
    app = ast.parse((ROOT / f"functions/{function}/app.py").read_text(encoding="utf-8"))
    made_by = {node.name: node for node in ast.walk(container) if isinstance(node, ast.FunctionDef)}
    asked, found = _attributes_of("container", app), set[str]()
    while asked:
        maker = made_by.get(asked.pop())
        if maker is not None:
            asked |= _attributes_of("self", maker)
            found |= {
                module
                for node in ast.walk(maker)
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
                for module in (node.module or "", f"{node.module}.{alias.name}")
                if (LAYERS[0] / module.replace(".", "/")).with_suffix(".py").exists()
            }
            made_by = {name: node for name, node in made_by.items() if node is not maker}
    return sorted(found)


def _attributes_of(name: str, tree: ast.AST) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    }


def carry_document_libraries() -> set[str]:
    """The functions that the template gives the layer of document libraries."""
    return {
        resource.properties["CodeUri"].removeprefix("functions/").strip("/")
        for resource in read_template(ROOT / "template.yaml").resources.values()
        if {"Ref": "DocumentLibrariesLayer"} in resource.properties.get("Layers", ())
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Time each function's cold imports")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="three functions, one round")
    asked = parser.parse_args()
    functions = QUICK if asked.quick else FUNCTIONS
    rounds = 1 if asked.quick else asked.rounds
    measured: dict[str, list[ColdImport]] = {function: [] for function in functions}
    for function in functions:
        import_cold(function, adapters_of(function))  # writes the bytecode
    for _ in range(rounds):
        for function in functions:
            measured[function].append(import_cold(function, adapters_of(function)))
    carriers = carry_document_libraries()
    rows = [
        {
            "function": function,
            "import_ms": round(statistics.median(one.app_ms for one in cold), 1),
            "with_adapters_ms": round(statistics.median(one.with_adapters_ms for one in cold), 1),
            "modules": len(cold[0].modules),
            "document_libraries": function in carriers,
        }
        for function, cold in measured.items()
    ]
    _show(rows, rounds)
    if not asked.quick:  # the simulation of capacity reads the whole table
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def _show(rows: Sequence[Mapping[str, Any]], rounds: int) -> None:
    table = Table(title=f"Cold imports over bare Python, medians of {rounds} interleaved rounds")
    table.add_column("function")
    for column in ("app.py, ms", "with adapters, ms", "modules", "PDF libraries"):
        table.add_column(column, justify="right")
    for row in sorted(rows, key=lambda row: row["with_adapters_ms"]):
        document_libraries = "yes" if row["document_libraries"] else ""
        table.add_row(
            str(row["function"]),
            str(row["import_ms"]),
            str(row["with_adapters_ms"]),
            str(row["modules"]),
            document_libraries,
        )
    Console().print(table)


if __name__ == "__main__":
    main()
