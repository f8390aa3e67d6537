"""The README tells what must always hold, by the names of the code."""

from pathlib import Path

from tests.faults.invariants import AFTER_QUIET
from tests.faults.watch import AT_EACH_CALL, Watch

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_what_must_always_hold_is_told_by_its_name() -> None:
    section = README.split("## What must always hold\n", 1)[1].split("\n## ", 1)[0]
    told = {line.split("`")[1] for line in section.splitlines() if line.startswith("| `")}
    assert told == {rule.__name__ for rule in AFTER_QUIET} | AT_EACH_CALL
    assert all(hasattr(Watch, f"_{name}") for name in AT_EACH_CALL)
