"""Growth at small sizes: with ten times as much stored, no operation costs more."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.contract.ministack import INSTALL_MINISTACK, ROOT, interpreter
from tests.growth.__main__ import QUICK, SIZES, Row, growing
from tests.tools.commands import arguments_of

Kept = dict[str, Any]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """In a new process: the handlers read the environment and keep their clients."""
    if interpreter() is None:
        pytest.skip(INSTALL_MINISTACK)
    out = tmp_path_factory.mktemp("growth") / "growth.json"
    subprocess.run(
        [sys.executable, *arguments_of("growth", "QUICK=1"), "--out", out],
        cwd=ROOT,
        check=False,  # fails if anything grows; the tests below show what
    )
    found: Kept = json.loads(out.read_text())
    return found


def at(size: int, kept: Kept) -> dict[str, Kept]:
    """By operation, without the size."""
    return {
        row["operation"]: {name: value for name, value in row.items() if name != "serials"}
        for row in kept["rows"]
        if row["serials"] == size
    }


def test_no_operation_calls_aws_more_when_ten_times_as_much_is_stored(kept: Kept) -> None:
    small, large = (at(size, kept) for size in QUICK)
    assert large == small
    assert kept["flat"]


def test_scheduled_functions_read_due_items_and_not_all_that_is_stored(kept: Kept) -> None:
    read = {operation: row["items_read"] for operation, row in at(QUICK[-1], kept).items()}
    assert read["sweep, nothing due"] == 0
    assert read["sweep, three due"] == 3 + 4  # three entries, three items, and the stamping's order
    assert read["publish_load_snapshot, a second"] == 1  # the snapshot before
    assert read["publish_load_snapshot, while paused"] == 1 + 1  # and the ticket issued since


def test_the_document_shows_the_counts_of_any_size(kept: Kept) -> None:
    document = (ROOT / "tests/growth/README.md").read_text()
    lines = [line.strip("| ").split(" | ") for line in document.splitlines() if line[:2] == "| "]
    shown = {operation: costs for operation, *costs in lines if operation != "operation"}
    assert shown
    measured = at(QUICK[-1], kept)
    names = ("aws_calls", "write_units", "read_units", "items_read")
    assert shown == {
        operation: len(SIZES) * [" / ".join(f"{measured[operation][n]:g}" for n in names)]
        for operation in shown
    }


def test_any_growth_is_found() -> None:
    row = Row("sweep", 200, 48, 0, 24, 0, {"dynamodb.Query": 48})
    same = Row("sweep", 2_000, 48, 0, 24, 0, {"dynamodb.Query": 48})
    more_items = Row("sweep", 2_000, 48, 0, 24, 9, {"dynamodb.Query": 48})
    another_call = Row("sweep", 2_000, 48, 0, 24, 0, {"dynamodb.Scan": 48})
    assert growing([row, same]) == []
    assert growing([row, more_items]) == growing([row, another_call]) == ["sweep"]
