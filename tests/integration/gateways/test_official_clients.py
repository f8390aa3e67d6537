"""The gateways' own clients read our simulators' responses, so the formats are the real ones.

They have their own virtual environment: `METERAI_OFFICIAL_CLIENTS` names its interpreter; the
default is `.venv-official/bin/python`.
"""

import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from meterai.domain.orders.payments import Method
from meterai.domain.refunds.payouts import BankAccount
from tests.integration.gateways.merchant import SERVER_KEY
from tests.integration.gateways.stage import Stage, stage

ROOT = Path(__file__).parents[3]
CLIENTS = Path(
    os.environ.get("METERAI_OFFICIAL_CLIENTS") or ROOT / ".venv-official" / "bin" / "python"
)

pytestmark = pytest.mark.skipif(
    not CLIENTS.exists(),
    reason="midtransclient and xendit-python are not installed: `make setup` makes .venv-official "
    "from tests/tools/requirements-official.txt",
)


def read_by(on_stage: Stage, *arguments: str) -> dict[str, Any]:
    """What this gateway's client read; the buyer pays when the client requests it."""
    script = Path(__file__).with_name("official_clients.py")
    name = on_stage.app.adapter.name
    command = [str(CLIENTS), str(script), name, on_stage.simulator.url, SERVER_KEY, *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        for line in client.stdout:
            if not line.startswith("pay "):
                answer: dict[str, Any] = json.loads(line)
                return answer
            assert on_stage.simulator.pay(line.removeprefix("pay ").strip())
            client.stdin.write("paid\n")
            client.stdin.flush()
    raise AssertionError("the client read nothing")


def test_the_official_client_of_midtrans_reads_its_simulator() -> None:
    with stage("midtrans") as on_stage:
        assert read_by(on_stage) == {
            "charged": "201",
            "pending": "pending",
            "settled": "settlement",
            "refunded": "12000.00",
            "unknown": "404",
        }


def test_the_official_client_of_xendit_reads_its_simulator() -> None:
    with stage("xendit") as on_stage:
        adapter, now = on_stage.app.adapter, on_stage.state.now
        for method, name in ((Method.QRIS, "QR_CODE"), (Method.VIRTUAL_ACCOUNT, "VIRTUAL_ACCOUNT")):
            adapter.gateway.charge(f"ord_{name}-1", 12_000, method, now + timedelta(minutes=15))
        sri = BankAccount("bca", "1234567890", "SRI WAHYUNI")
        payout = adapter.payouts.pay_out("rfd_A-2", sri, 12_000, "a refund")
        assert read_by(on_stage, payout) == {
            "qr_code": ["PENDING", "QR_CODE"],
            "virtual_account": ["PENDING", "VIRTUAL_ACCOUNT"],
            "settled": "SUCCEEDED",
            "paid": 12_000,
            "refunds": [["rfd_A-1", 5000], [True]],
            "payout": "ACCEPTED",
            "by_reference": True,
            "transactions": [
                ["DISBURSEMENT", "PENDING", 12_000],
                ["PAYMENT", "SUCCESS", 12_000],
                ["PAYMENT", "SUCCESS", 12_000],
                ["REFUND", "PENDING", 5_000],
            ],
            "has_more": False,
        }
