"""The stamping function takes ten messages at once: no document is refused because of the
others."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from meterai.domain.errors import DocumentTooComplex, Unavailable
from meterai.pdf import confinement, sandbox
from meterai.pdf.sandbox import (
    CPU_SECONDS,
    MAX_WAIT_SECONDS,
    WALL_SECONDS,
    ResourceBudget,
    Sandbox,
    run_sandboxed,
)
from tests.integration.pdf.odd_batch import DOCUMENTS, UPLOAD_BYTES, odd_document
from tests.integration.template.declared import functions

ROOT = Path(__file__).parents[3]
UPLOAD_MIB = UPLOAD_BYTES / 1024 / 1024
LOADED_MACHINE_S = 600.0


def test_ten_odd_documents_in_one_batch_are_stamped_within_the_memory_of_the_function(
    tmp_path: Path,
) -> None:
    path = tmp_path / "odd.pdf"
    path.write_bytes(odd_document())
    command = [sys.executable, "-m", "tests.integration.pdf.odd_batch", str(path)]
    batch = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    answer = json.loads(batch.stdout.splitlines()[-1])
    own_mib, child_mib = answer.pop("own_mib"), answer.pop("child_mib")
    assert answer == {"outcomes": ["stamped"] * DOCUMENTS, "batchItemFailures": []}
    assert own_mib > UPLOAD_MIB
    assert child_mib > UPLOAD_MIB
    memory_mib = functions()["stamp"].properties["MemorySize"]
    assert own_mib + sandbox.MAX_CHILDREN * child_mib <= memory_mib


def test_ten_documents_that_use_all_their_processor_time_have_their_turns() -> None:
    assert DOCUMENTS * CPU_SECONDS <= MAX_WAIT_SECONDS
    assert functions()["stamp"].timeout_s > MAX_WAIT_SECONDS + WALL_SECONDS


def test_the_clock_of_a_child_starts_with_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(1) as threads:
        with Sandbox[list[int]](list, ResourceBudget()) as first:
            monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.0)  # over before its turn comes
            second = threads.submit(run_sandboxed, os.getpid)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.1)
            assert first.ask(len) == 0
            monkeypatch.undo()
        assert second.result() != os.getpid()


def test_a_turn_that_does_not_come_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_WAIT_SECONDS", 0.01)
    with (
        ThreadPoolExecutor(1) as threads,
        Sandbox[list[int]](list, ResourceBudget()),
        pytest.raises(Unavailable) as failure,
    ):
        threads.submit(run_sandboxed, os.getpid).result()
    assert failure.value.values == {"party": "sandbox", "reason": "no_turn"}
    assert run_sandboxed(os.getpid) != os.getpid()


def _spin() -> None:
    while True:
        pass


def _sleep() -> None:
    time.sleep(60)


@pytest.mark.parametrize("work", [_spin, _sleep])
def test_a_child_that_was_not_given_its_processor_time_is_tried_again(
    work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.05)
    with pytest.raises(Unavailable) as failure:
        run_sandboxed(work)
    assert failure.value.values == {"party": "sandbox", "reason": "stalled"}


def test_a_child_that_used_its_processor_time_is_too_complex() -> None:
    budget = ResourceBudget()
    budget.cpu_seconds_left = 0.05
    with pytest.raises(DocumentTooComplex):
        run_sandboxed(_spin, budget)


def _killed_by_the_kernel() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_child_that_the_kernel_killed_for_the_memory_of_all_is_tried_again() -> None:
    with pytest.raises(Unavailable) as failure:
        run_sandboxed(_killed_by_the_kernel)
    assert failure.value.values == {"party": "sandbox", "reason": "killed"}


def test_where_there_is_no_memory_for_a_child_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_memory() -> int:
        raise OSError(12, "Cannot allocate memory")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fork", no_memory)
        with pytest.raises(Unavailable) as failure:
            run_sandboxed(os.getpid)
    assert failure.value.values == {"party": "sandbox", "reason": "no_process"}
    assert run_sandboxed(os.getpid) != os.getpid()


@pytest.mark.parametrize("part", [(sandbox, "_set_limits"), (confinement, "confine")])
def test_a_child_that_cannot_be_set_up_is_tried_again(
    part: tuple[ModuleType, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(*part, fails)
    with pytest.raises(Unavailable) as failure:
        run_sandboxed(os.getpid)
    assert failure.value.values == {"party": "sandbox", "reason": "not_set_up"}


def test_a_probe_that_fails_does_not_go_on_as_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> bool:
        raise MemoryError

    monkeypatch.setattr(confinement, "_filter_calls", fails)
    tested, told = os.getpid(), os.pipe()
    try:
        # Not cached: other tests use what was found. What the probe raises it may print.
        found = confinement.can_filter.__wrapped__()
    finally:
        if os.getpid() != tested:
            os.write(told[1], b"went on")
            os._exit(1)
    assert found is False
    os.close(told[1])
    assert os.read(told[0], 100) == b""
    os.close(told[0])


def test_work_in_a_sandbox_may_need_a_sandbox_itself() -> None:
    assert run_sandboxed(lambda: run_sandboxed(os.getppid) == os.getpid())


def test_a_thread_compares_two_children_beside_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the first is closed before the second: the turn ends with both."""
    monkeypatch.setattr(sandbox, "MAX_WAIT_SECONDS", 0.01)
    with ThreadPoolExecutor(1) as threads:
        first = Sandbox[list[int]](list, ResourceBudget())
        second = Sandbox[list[int]](list, ResourceBudget())
        assert first.ask(len) == second.ask(len) == 0
        first.close()
        with pytest.raises(Unavailable):
            threads.submit(run_sandboxed, os.getpid).result()
        second.close()
        assert threads.submit(run_sandboxed, os.getpid).result() != os.getpid()


def test_garbage_that_is_collected_while_a_turn_is_taken_stops_nobody() -> None:
    forgotten = [Sandbox[list[int]](list, ResourceBudget())]
    child, ours = forgotten[0]._child, list(forgotten[0]._open)
    assert child is not None

    def collected_within_acquire() -> None:
        with sandbox._turns._free._cond, sandbox._turns._counting:  # type: ignore[attr-defined]
            forgotten.clear()

    thread = threading.Thread(target=collected_within_acquire, daemon=True)
    thread.start()
    thread.join(10)
    try:
        assert not thread.is_alive()
    finally:
        sandbox._turns.begin_anew()
        with suppress(OSError):  # where it was closed
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            for one in ours:
                os.close(one)


def test_no_two_threads_have_children_that_work_at_once() -> None:
    working = threading.Semaphore(1)

    def one(_: int) -> bool:
        with Sandbox[list[int]](list, ResourceBudget()) as child:
            alone = working.acquire(blocking=False)
            child.ask(len)
            working.release()
            return alone

    with ThreadPoolExecutor(DOCUMENTS) as threads:
        assert all(threads.map(one, range(DOCUMENTS)))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends them")
def test_a_sandbox_within_a_sandbox_ends_with_it(tmp_path: Path) -> None:
    told = tmp_path / "pid"

    def inner() -> None:
        written = tmp_path / "written"
        written.write_text(str(os.getpid()), encoding="ascii")
        written.rename(told)
        time.sleep(LOADED_MACHINE_S)

    with (
        ThreadPoolExecutor(1) as threads,
        Sandbox(partial(run_sandboxed, inner), ResourceBudget()) as outer,
    ):
        asked = threads.submit(outer.ask, id)
        _wait_until(told.exists)
        assert outer._child is not None
        os.kill(outer._child, signal.SIGKILL)
        with pytest.raises(Unavailable):
            asked.result()
    stat = Path(f"/proc/{int(told.read_text(encoding='ascii'))}/stat")
    _wait_until(lambda: not _runs(stat))


def _wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + LOADED_MACHINE_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def _runs(stat: Path) -> bool:
    with suppress(OSError):
        return stat.read_text(encoding="utf-8").rpartition(") ")[2][0] != "Z"  # not yet reaped
    return False
