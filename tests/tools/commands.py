"""`make commands`: run every command that the documents name, each at a size of seconds. Those that
a test or another command runs are left to it.

Two run at a time. A line says how each ended and how long it took; where one fails, the end of its
output follows, and the exit status is 1. Whole outputs are in `out/commands/`.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import urllib3

ROOT = Path(__file__).parents[2]
OUT = ROOT / "out/commands"
AT_ONCE = 2
MAX_S = 240
SERVE_PORT = 18_000  # and the three that follow
SHOWN_LINES = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    ok: bool
    took_s: float
    output: str


def _run(*command: str) -> Callable[[], tuple[bool, str]]:
    def run() -> tuple[bool, str]:
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=MAX_S,
            check=False,
        )
        return done.returncode == 0, done.stdout

    return run


def _make(target: str, *settings: str) -> Callable[[], tuple[bool, str]]:
    return _run("make", "--no-print-directory", target, *settings)


def _serve() -> tuple[bool, str]:
    """`make serve` until it has answered one request, and then Ctrl-C."""
    log = OUT / "serve.output"
    with log.open("w") as output:
        server = subprocess.Popen(
            ["make", "--no-print-directory", "serve", f"PORT={SERVE_PORT}"],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        answered = _answers(f"http://127.0.0.1:{SERVE_PORT + 3}/", server)
    finally:
        os.killpg(server.pid, signal.SIGINT)
        try:
            server.wait(30)
            stopped = True
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            stopped = False
    return answered and stopped, log.read_text()


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    until_s = monotonic() + MAX_S / 2
    while monotonic() < until_s and server.poll() is None:
        try:
            return urllib3.request("GET", url, retries=False, timeout=5).status == 200
        except urllib3.exceptions.HTTPError:
            sleep(0.5)
    return False


def _pages() -> tuple[bool, str]:
    """Left out where there is no browser, as its tests are."""
    if shutil.which("chromium") is None:
        return True, "chromium is not installed (.ci/run installs it)\n"
    return _make("pages", "QUICK=1")()


# By make target, or by the command itself. Those that take longest begin first.
COMMANDS: dict[str, Callable[[], tuple[bool, str]]] = {
    "bench": _make("bench", "QUICK=1"),
    "faults": _make("faults", "QUICK=1", "WORKERS=1"),
    "capacity": _make("capacity", "QUICK=1"),
    "pages": _pages,
    "corpus": _make("corpus", "DIR=tests/fixtures/documents"),
    "python -m tests.faults.random_scenario": _run(
        sys.executable, "-m", "tests.faults.random_scenario", "--seed", "17"
    ),
    "python -m tests.integration.pdf.attacks": _run(
        *(sys.executable, "-m", "tests.integration.pdf.attacks"),
        *("second roles", "further stampings"),  # of each kind one; tests judge them all
    ),
    "python -m tests.integration.pdf.honest": _run(
        sys.executable, "-m", "tests.integration.pdf.honest", "tests/fixtures/documents"
    ),
    "serve": _serve,
}
# These tests run what the recipe of the target says, as `arguments_of` reads it.
RUN_BY_TESTS = {
    "demo": "tests/e2e/test_demo.py",
    "growth": "tests/growth/test_growth.py",
    "load": "tests/load/test_load.py",
}
RUN_BY_OTHERS = {"bench-stamping": "bench", "bench-verify": "bench"}


def arguments_of(target: str, *settings: str) -> list[str]:
    """What make gives to Python for this target: `-m`, a module, and its options."""
    dry = ("make", "--no-print-directory", "--dry-run", target, *settings)
    printed = subprocess.run(dry, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    python, *arguments = shlex.split(printed.splitlines()[-1])
    if python != ".venv/bin/python":
        raise ValueError(f"{target} is no Python: {printed}")
    return arguments


def _outcome(name: str) -> Outcome:
    began_s = monotonic()
    try:
        ok, output = COMMANDS[name]()
    except subprocess.TimeoutExpired as late:
        printed = (late.stdout or b"").decode(errors="replace")
        ok, output = False, f"{printed}\nnot done after {MAX_S} s\n"
    (OUT / f"{name}.output").write_text(output)
    return Outcome(name, ok, monotonic() - began_s, output)


def main(names: list[str]) -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    failed = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for future in as_completed([pool.submit(_outcome, name) for name in names or COMMANDS]):
            outcome = future.result()
            ended = "ok" if outcome.ok else "FAILED"
            print(f"{outcome.name:<40} {ended:<7}{outcome.took_s:4.0f} s", flush=True)
            if not outcome.ok:
                failed.append(outcome.name)
                print("\n".join(outcome.output.splitlines()[-SHOWN_LINES:]), flush=True)
    return bool(failed)


def named_in(text: str) -> set[str]:
    """The make targets and the modules of `tests` that a document's commands name."""
    targets = re.findall(r"(?:`|^ {4}|^)make ([a-z0-9.-]+)", text, re.MULTILINE)
    modules = re.findall(r"python -m tests\.[a-z_.]*[a-z_]", text)
    return {*targets, *modules}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
