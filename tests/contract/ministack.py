"""A ministack process for the duration of the tests, on this machine only and on a free port.

It has its own virtual environment because it pins an older boto3. `METERAI_MINISTACK_PYTHON` names
its interpreter; the default is `.venv-ministack/bin/python`.
"""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 30
INSTALL_MINISTACK = (
    "ministack is not installed: make an environment .venv-ministack from "
    "tests/tools/requirements-ministack.txt, or set METERAI_MINISTACK_PYTHON to its interpreter"
)


def interpreter() -> Path | None:
    named = os.environ.get("METERAI_MINISTACK_PYTHON")
    path = Path(named) if named else ROOT / ".venv-ministack" / "bin" / "python"
    return path if path.exists() else None


@contextmanager
def running(python: Path, *, fair_queues: bool = False) -> Iterator[str]:
    """Yields its address. `fair_queues`: with our model of SQS fair queues
    (`tests/local/fair_queues.py`)."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="ministack-") as folder:
        log = Path(folder, "log")
        with log.open("wb") as output:
            server = subprocess.Popen(
                [python, "-m", "tests.local.fair_ministack" if fair_queues else "ministack"],
                cwd=folder,
                env={
                    "PATH": os.defpath,
                    "PYTHONPATH": str(ROOT) if fair_queues else "",
                    "HOME": folder,
                    "TMPDIR": folder,
                    "BIND_HOST": "127.0.0.1",
                    "GATEWAY_PORT": str(port),
                    "LOG_LEVEL": "ERROR",
                    "IOT_MTLS_ENABLED": "0",  # no listeners but the one
                    "SFTP_ENABLED": "0",
                },
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(server, address, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=10)


def _wait_for(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    pool = urllib3.PoolManager(retries=False, timeout=1)
    give_up = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < give_up and server.poll() is None:
        try:
            if pool.request("GET", f"{address}/_ministack/health").status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise RuntimeError(f"ministack did not start: {log.read_text()[-2_000:]}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
