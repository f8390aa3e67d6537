"""The budget of a stamp, in counts: what it asks of AWS may not grow unseen."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.ministack import INSTALL_MINISTACK, ROOT, interpreter

WRITE_UNITS_ALL_IN = 12  # DESIGN.md allows 12.5; half a unit puts the payment into its day
Row = dict[str, Any]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """By operation. A process of its own: the handlers read the environment and keep clients."""
    if interpreter() is None:
        pytest.skip(INSTALL_MINISTACK)
    out = tmp_path_factory.mktemp("bench") / "calls.json"
    subprocess.run([sys.executable, "-m", "tests.benchmarks.calls", out], cwd=ROOT, check=True)
    return {row["operation"]: row for row in json.loads(Path(out).read_text())}


def test_a_stamp_all_in_stays_within_its_write_units(measured: dict[str, Row]) -> None:
    assert measured["per_stamp_all_in"]["write_units"] <= WRITE_UNITS_ALL_IN


def test_a_stamp_is_one_signature_of_the_key_service(measured: dict[str, Row]) -> None:
    assert measured["per_stamp_all_in"]["kms_signs"] == 1


def test_the_stamping_worker_makes_five_calls(measured: dict[str, Row]) -> None:
    assert measured["stamp"] == {
        "operation": "stamp",
        "aws_calls": 5,
        "write_units": 3,
        "read_units": 0,
        "kms_signs": 1,
    }


def test_a_request_to_stamp_makes_four_calls(measured: dict[str, Row]) -> None:
    """The order, the document, one transaction, one message."""
    assert measured["request_stamping"]["aws_calls"] == 4


def test_asking_how_far_a_thing_is_costs_one_read(measured: dict[str, Row]) -> None:
    for operation in ("read_order", "read_stamping", "read_serial"):
        row = measured[operation]
        assert (row["aws_calls"], row["write_units"]) == (1, 0), operation
