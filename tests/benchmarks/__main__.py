"""`python -m tests.benchmarks`: every table there is, one after the other.

A table is a module of this package with a `main()`; each also runs alone, and leaves its rows in
`out/bench/<table>.json`.
"""

import importlib
import sys
from pathlib import Path

failed = 0
for path in sorted(Path(__file__).parent.glob("[!_]*.py")):
    if not path.name.startswith("test_"):
        table = getattr(importlib.import_module(f"tests.benchmarks.{path.stem}"), "main", None)
        if table is not None:
            failed = max(failed, table() or 0)
sys.exit(failed)
