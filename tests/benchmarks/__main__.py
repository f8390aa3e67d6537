"""`make bench`: every table of this package, one after the other.

    python -m tests.benchmarks [--quick]

Each table also runs alone, and writes its rows to `out/bench/<table>.json`. Each gets a process of
its own: what one table measures must not depend on what another has imported or configured.
"""

import subprocess
import sys

TABLES = ("calls", "imports", "stamping", "verification", "worker")


def main(options: list[str]) -> int:
    """The number of tables that failed."""
    commands = [[sys.executable, "-m", f"tests.benchmarks.{table}", *options] for table in TABLES]
    return sum(subprocess.run(command, check=False).returncode != 0 for command in commands)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
