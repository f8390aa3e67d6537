"""The budget of a stamp, in counts: its AWS calls must not grow unnoticed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.ministack import INSTALL_MINISTACK, ROOT, interpreter

WRITE_UNITS_ALL_IN = 12  # DESIGN.md allows 12.5; half a unit puts the payment into its day
Row = dict[str, Any]
# Every call that each function of the hot path makes. Each reads or writes one item by its key.
# Another call, or a more expensive one, needs a reason here.
HOT_PATH = {
    "purchase": {"dynamodb.Query": 1, "dynamodb.PutItem": 1, "dynamodb.UpdateItem": 1},
    "receive_webhook": {"sqs.SendMessage": 1},
    "confirm_payment": {"dynamodb.GetItem": 1, "dynamodb.PutItem": 1, "dynamodb.UpdateItem": 1},
    "create_upload": {},
    "request_stamping": {
        "dynamodb.GetItem": 1,
        "dynamodb.TransactWriteItems": 1,
        "lambda.Invoke": 1,  # inspect, which reads the document in its place
        "sqs.SendMessage": 1,
    },
    "stamp": {"dynamodb.UpdateItem": 2, "kms.Sign": 1, "s3.GetObject": 1, "s3.PutObject": 1},
    "read_order": {"dynamodb.GetItem": 1},
    "read_stamping": {"dynamodb.GetItem": 1},
    "read_serial": {"dynamodb.GetItem": 1},
    "request_refund": {
        "dynamodb.GetItem": 2,
        "dynamodb.TransactWriteItems": 1,
        "sqs.SendMessage": 1,
    },
    "execute_refund": {"dynamodb.GetItem": 1, "dynamodb.UpdateItem": 1},
    "read_refund": {"dynamodb.GetItem": 1},
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """By operation. In a new process: the handlers read the environment and keep their clients."""
    if interpreter() is None:
        pytest.skip(INSTALL_MINISTACK)
    out = tmp_path_factory.mktemp("bench") / "calls.json"
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.calls", "--out", out], cwd=ROOT, check=True
    )
    return {row["operation"]: row for row in json.loads(Path(out).read_text())}


def test_a_stamp_all_in_stays_within_its_write_units(measured: dict[str, Row]) -> None:
    assert measured["per_stamp_all_in"]["write_units"] <= WRITE_UNITS_ALL_IN


def test_a_stamp_takes_one_signature_of_the_key_service(measured: dict[str, Row]) -> None:
    assert measured["per_stamp_all_in"]["kms_signs"] == 1


@pytest.mark.parametrize("function", HOT_PATH)
def test_the_hot_path_makes_only_these_calls(function: str, measured: dict[str, Row]) -> None:
    assert measured[function]["calls"] == HOT_PATH[function]


def test_the_stamping_worker_writes_three_units_and_reads_none(measured: dict[str, Row]) -> None:
    assert (measured["stamp"]["write_units"], measured["stamp"]["read_units"]) == (3, 0)


def test_a_poll_of_an_item_costs_one_read(measured: dict[str, Row]) -> None:
    for operation in ("read_order", "read_stamping", "read_serial"):
        row = measured[operation]
        assert (row["aws_calls"], row["write_units"]) == (1, 0), operation
