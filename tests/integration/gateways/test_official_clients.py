"""The gateways' own clients live through a payment at our simulators: the formats of requests and
responses are the real ones.

They have their own virtual environment: `METERAI_OFFICIAL_CLIENTS` names its interpreter; the
default is `.venv-official/bin/python`.
"""

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.integration.gateways.gateway_harness import GatewayHarness, open_harness
from tests.integration.gateways.merchant import SERVER_KEY

ROOT = Path(__file__).parents[3]
CLIENTS = Path(
    os.environ.get("METERAI_OFFICIAL_CLIENTS") or ROOT / ".venv-official" / "bin" / "python"
)

pytestmark = pytest.mark.skipif(
    not CLIENTS.exists(),
    reason="midtransclient and xendit-python are not installed: `make setup` makes .venv-official "
    "from tests/tools/requirements-official.txt",
)


def read_by(harness: GatewayHarness) -> dict[str, Any]:
    """What this gateway's client read; the buyer pays when the client requests it."""
    script = Path(__file__).with_name("official_clients.py")
    name = harness.app.adapter.name
    command = [str(CLIENTS), str(script), name, harness.simulator.url, SERVER_KEY]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        for line in client.stdout:
            if not line.startswith("pay "):
                answer: dict[str, Any] = json.loads(line)
                return answer
            assert harness.simulator.pay(line.removeprefix("pay ").strip())
            client.stdin.write("paid\n")
            client.stdin.flush()
    raise AssertionError("the client read nothing")


def test_the_official_client_of_midtrans_lives_through_a_payment() -> None:
    with open_harness("midtrans") as harness:
        assert read_by(harness) == {
            "charged": "201",
            "pending": "pending",
            "unpaid": "412",
            "settled": "settlement",
            "refunds": ["5000.00", "7000.00"],
            "returned": ["refund", 2],
            "account": "bca",
            "cancelled": "cancel",
            "cancelled_again": "412",
            "expired": "407",
            "expired_again": "412",
            "taken": "406",
            "not_activated": "402",
            "unknown": "404",
        }


def test_the_official_client_of_xendit_lives_through_a_payment() -> None:
    with open_harness("xendit") as harness:
        harness.state.now = datetime.now(UTC)  # the client states a time of its own
        assert read_by(harness) == {
            "expiry": "API_VALIDATION_ERROR",
            "charged": ["PENDING", "QR_CODE", True],
            "settled": ["PENDING", "SUCCEEDED", 12_000],
            "refunded": ["rfd_A-1", 5_000, [True]],
            "at_once": "REFUND_IN_PROGRESS",
            "account": ["PENDING", "EXPIRED", "INVALID_PAYMENT_METHOD", True],
            "payout": ["ACCEPTED", True],
            "transactions": [
                ["DISBURSEMENT", "PENDING", 12_000],
                ["PAYMENT", "SUCCESS", 12_000],
                ["REFUND", "PENDING", 5_000],
            ],
            "has_more": False,
        }
