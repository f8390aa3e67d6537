"""The life of an account, and that it leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import urllib3

from tests.integration.local.asking import Call, eventually
from tests.local.account import LocalAccount
from tests.local.errors import LocalAccountError, QuiesceTimeoutError

HOLD = """
import sys, time
from pathlib import Path
from tests.local.account import LocalAccount

account = LocalAccount.start(Path(sys.argv[1]), fire_schedules=False, logs=Path(sys.argv[2]))
print(account.api_url, flush=True)
time.sleep(60)
"""


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process_id}/stat")
    return not status.exists() or " Z " not in status.read_text(encoding="utf-8")


def test_instances_end_even_when_the_account_is_killed(sample: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(sample / "template.yaml"), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        announced, api_url = holder.stdout.readline(), holder.stdout.readline().strip()
        assert "not AWS" in announced
        about = urllib3.request("GET", f"{api_url}/open/about").json()
        assert _is_alive(about["process"])
        holder.send_signal(signal.SIGKILL)
    eventually(lambda: None if _is_alive(about["process"]) else True)


def test_a_second_account_on_moto_is_refused(account: LocalAccount, sample: Path) -> None:
    assert account.endpoint_url
    with pytest.raises(LocalAccountError, match="already serves"):
        LocalAccount.start(sample / "template.yaml")


def test_quiesce_says_what_work_is_left(account: LocalAccount) -> None:
    url = account.physical("WorkQueue")
    account.client("sqs").send_message(
        QueueUrl=url, MessageBody='{"id": "x", "do": "ok"}', DelaySeconds=1
    )
    with pytest.raises(QuiesceTimeoutError, match="WorkQueue"):
        account.quiesce(timeout_s=0.2)
    account.quiesce()


def test_the_endpoint_keeps_answering_while_a_receiver_waits_for_messages(
    account: LocalAccount,
) -> None:
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="empty")["QueueUrl"]
    began = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    assert time.monotonic() - began >= 0.9


def test_a_short_poll_may_find_nothing_in_a_queue_that_is_not_empty(account: LocalAccount) -> None:
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="one-message")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="a letter")
    found = [
        "Messages" in sqs.receive_message(QueueUrl=url, VisibilityTimeout=0) for _ in range(20)
    ]
    assert 5 < sum(found) < 20
    assert "Messages" in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)


def test_no_server_listens_beyond_this_machine(account: LocalAccount, call: Call) -> None:
    assert call("GET", "/open/x").status == 200
    for url in (account.api_url, account.issuer_url, account.endpoint_url):
        assert url.startswith("http://127.0.0.1:")
