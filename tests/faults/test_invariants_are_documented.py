"""README.md beside this file lists the invariants by the names that the code gives them."""

from pathlib import Path

from tests.faults.invariants import WHEN_IDLE
from tests.faults.monitor import CHECKED_AT_EACH_CALL, Monitor

README = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")


def test_the_document_lists_exactly_the_invariants_of_the_code() -> None:
    section = README.split("## Invariants\n", 1)[1].split("\n## ", 1)[0]
    listed = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert sorted(listed) == sorted({rule.__name__ for rule in WHEN_IDLE} | CHECKED_AT_EACH_CALL)
    assert all(hasattr(Monitor, f"_{name}") for name in CHECKED_AT_EACH_CALL)
