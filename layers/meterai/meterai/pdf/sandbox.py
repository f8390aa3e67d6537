"""A sandbox for work on hostile documents: a forked process with limited time and memory.

pyHanko, qpdf and pdfium may loop, recurse, inflate or crash, each on different files, and only
another process can stop them. So unknown files are opened with them only in here, by
`run_sandboxed(work)`. A fork costs 8 ms and inherits what is already imported. Lambda allows it; it
does not allow semaphores between processes, which multiprocessing's pools and queues need. Only
results come back, through a pipe, in a form that runs nothing when it is read
(`sandbox_answers.py`). What else the child is denied: `confinement.py`.

The limit of processor time counts over all children of one `ResourceBudget`. The limit of memory is
on address space, on top of what the child has when it is forked. A child that exceeds one of these
is the document's fault, wherever it runs. Everything else that stops a child is the fault of what
runs beside it: `Unavailable`, and the document is tried again.

Threads share a function's memory and its one processor, so that the children of one thread work at
a time (`MAX_CHILDREN`) and the other threads wait for their turn.
"""

import faulthandler
import gc
import os
import pickle
import resource
import select
import signal
import struct
import threading
import time
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, Self, TypeVar

from meterai.domain.errors import DocumentTooComplex, MeteraiError, Unavailable
from meterai.pdf import sandbox_answers

CPU_SECONDS = 2.4
"""For inspecting a document, or for stamping it. With the trial between, which has half of it, they
stay below 5 s."""

FURTHER_CPU_SECONDS = 1.0
"""For each further reading of the same document."""

GROWTH_BYTES = 320 * 1024 * 1024
"""A function with its libraries loaded and a document of 20 MB takes 150 MB, so both fit 512 MB."""

WALL_SECONDS = 15.0
"""How long a child may take for its answers, from its turn on. The API waits for 30 s."""

MAX_CHILDREN = 1
"""At once in one process. A batch of ten stampings shares one processor and 1,769 MB."""

MAX_WAIT_SECONDS = 30.0
"""For a turn. With a repair before it and `WALL_SECONDS` after it, below the time-out of the
stamping function, 60 s."""

MAX_ANSWER_BYTES = 256 * 1024 * 1024
"""Less than a child can hold beside what it was given."""

NOT_SET_UP = 2  # a child's exit status

_LENGTH = struct.Struct(">Q")
_PIPE_BYTES = 1024 * 1024
_T = TypeVar("_T")
_R = TypeVar("_R")


class ResourceBudget:
    """The processor time left for one document. `readings`: how often the document is read."""

    def __init__(self, readings: int = 1) -> None:
        self.cpu_seconds_left = CPU_SECONDS + (readings - 1) * FURTHER_CPU_SECONDS


def run_sandboxed(work: Callable[[], _R], budget: ResourceBudget | None = None) -> _R:
    """The result of `work`, run in a child. Raises what `Sandbox.ask` raises."""
    with Sandbox(work, budget or ResourceBudget()) as child:
        return child.ask(_unchanged)


@dataclass
class _Turn:
    """`children`: how many of its thread's children share it."""

    children: int = 1


class _Turns:
    """Who may have a child. A thread that has one may have another beside it, as when two states of
    a file are compared: else it would wait for itself. A child has turns of its own, as it may need
    a sandbox itself."""

    def __init__(self) -> None:
        self.begin_anew()
        os.register_at_fork(after_in_child=self.begin_anew)

    def begin_anew(self) -> None:
        self._free = threading.BoundedSemaphore(MAX_CHILDREN)
        self._counting = threading.Lock()
        self._mine = threading.local()

    def take(self) -> _Turn:
        mine: _Turn | None = getattr(self._mine, "turn", None)
        with self._counting:
            if mine is not None and mine.children > 0:
                mine.children += 1
                return mine
        if not self._free.acquire(timeout=MAX_WAIT_SECONDS):
            raise Unavailable(party="sandbox", reason="no_turn")
        self._mine.turn = _Turn()
        return self._mine.turn  # type: ignore[no-any-return]

    def give_back(self, turn: _Turn) -> None:
        """By any thread."""
        with self._counting:
            turn.children -= 1
            if turn.children == 0:
                self._free.release()


_turns = _Turns()


class Sandbox(Generic[_T]):
    """An object that is made in a child process and stays there; `ask` calls a function on it.

    Functions must pickle; results are plain values, and dataclasses and enumerations of this
    package. Waits for its turn. Raises DocumentTooComplex if the budget is used up, Unavailable
    where the turn does not come or there is no memory for a child.
    """

    def __init__(self, make: Callable[[], _T], budget: ResourceBudget) -> None:
        self._child: int | None = None
        self._open: list[int] = []
        self._budget = budget
        if budget.cpu_seconds_left <= 0:
            raise DocumentTooComplex(cause="time")
        # Here, so that the children inherit what is imported and what the probe finds.
        from meterai.pdf.confinement import can_filter

        self._turn = _turns.take()
        self._wall_seconds_left = WALL_SECONDS
        pipes: list[int] = []
        try:
            can_filter()
            for _ in range(2):
                pipes += os.pipe()
            parent = os.getpid()
            self._child = _forked()
        except OSError as failure:
            _close(pipes)
            _turns.give_back(self._turn)
            raise Unavailable(party="sandbox", reason="no_process") from failure
        questions, self._questions, self._answers, answers = pipes
        if self._child == 0:
            _serve(parent, questions, answers, make, budget.cpu_seconds_left)
        _close([questions, answers])
        self._open = [self._questions, self._answers]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, question: Callable[[_T], _R]) -> _R:
        """The result. Raises the MeteraiError that `question` raises, DocumentTooComplex where the
        child exceeds a limit or crashes, DocumentDamaged for any other error, and Unavailable where
        the child was not set up, was not given its processor time, or was killed, which its own
        limits never do."""
        if not self._open:
            raise OSError("the sandbox is closed")
        asked_at = time.monotonic()
        try:
            _send(self._questions, pickle.dumps(question))
            said = _receive(self._answers, asked_at + self._wall_seconds_left)
        except TimeoutError:
            raise Unavailable(party="sandbox", reason="stalled") from None
        except (EOFError, ConnectionError):
            raise _crash(self._reap()) from None
        self._wall_seconds_left -= time.monotonic() - asked_at
        answer: _R = sandbox_answers.read(said)
        return answer

    def close(self) -> None:
        """End the child, and deduct its processor time from the budget. Not left to the
        garbage collector, which runs anywhere, also while a lock of `_Turns` is held."""
        ours, self._open = self._open, []
        _close(ours)
        self._reap()

    def _reap(self) -> int:
        """The child's wait status."""
        if self._child is None:
            return 0
        child, self._child = self._child, None
        os.kill(child, signal.SIGKILL)  # a child that has ended keeps its status
        _, status, used = os.wait4(child, 0)
        _turns.give_back(self._turn)
        self._budget.cpu_seconds_left -= used.ru_utime + used.ru_stime
        return status


def _close(descriptors: Iterable[int]) -> None:
    for one in descriptors:
        os.close(one)


def _unchanged(made: _R) -> _R:
    return made


def _forked() -> int:
    with warnings.catch_warnings():
        # About threads: the child takes no lock that another thread could hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _crash(status: int) -> MeteraiError:
    """What a child's end says. By its own limits a child gets SIGPROF, or is refused memory, and
    then libraries abort or crash. The kernel sends SIGKILL where the memory of all processes
    together is used up."""
    if not os.WIFSIGNALED(status):
        if os.WEXITSTATUS(status) == NOT_SET_UP:
            return Unavailable(party="sandbox", reason="not_set_up")
        return DocumentTooComplex(cause="no_answer")
    if os.WTERMSIG(status) == signal.SIGKILL:
        return Unavailable(party="sandbox", reason="killed")
    return DocumentTooComplex(cause="time" if os.WTERMSIG(status) == signal.SIGPROF else "memory")


def _serve(
    parent: int, questions: int, answers: int, make: Callable[[], Any], cpu_seconds: float
) -> NoReturn:
    """The child's main loop. It leaves by `_exit`, so the parent's clean-up does not run twice."""
    status = NOT_SET_UP
    with suppress(BaseException):
        from meterai.pdf.confinement import confine, end_with

        end_with(parent)
        _set_limits(cpu_seconds)
        confine(questions, answers)
        status = 1
        made: list[Any] = []
        while True:
            question = pickle.loads(_receive(questions))  # noqa: S301 - the parent's
            _send(answers, _answer(question, made, make))
    os._exit(status)


def _answer(question: Callable[[Any], Any], made: list[Any], make: Callable[[], Any]) -> bytes:
    try:
        if not made:
            made.append(make())
        return sandbox_answers.write_answer(question(made[0]))
    except MeteraiError as refusal:
        return sandbox_answers.write_refusal(refusal)
    except MemoryError:
        return sandbox_answers.write_refusal(DocumentTooComplex(cause="memory"))
    except Exception as error:  # noqa: BLE001 - a hostile document makes libraries raise anything
        return sandbox_answers.write_error(error)


def _send(pipe: int, message: bytes) -> None:
    left = memoryview(_LENGTH.pack(len(message)) + message)
    while left:
        left = left[os.write(pipe, left) :]


def _receive(pipe: int, until: float | None = None) -> bytes:
    """One message. Raises TimeoutError where it is not whole by then (monotonic), EOFError, and
    DocumentTooComplex where it is announced larger than any of ours."""
    (length,) = _LENGTH.unpack(_read(pipe, _LENGTH.size, until))
    if length > MAX_ANSWER_BYTES:
        raise DocumentTooComplex(cause="memory")
    return _read(pipe, length, until)


def _read(pipe: int, length: int, until: float | None) -> bytes:
    ready = select.poll()
    ready.register(pipe, select.POLLIN)
    parts = []
    while length:
        left_ms = None if until is None else max(0.0, until - time.monotonic()) * 1_000
        if not ready.poll(left_ms):
            raise TimeoutError
        part = os.read(pipe, min(length, _PIPE_BYTES))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _set_limits(cpu_seconds: float) -> None:
    faulthandler.disable()  # libraries may crash here; the parent reports it
    gc.freeze()  # a collection would touch, and so copy, all inherited pages
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    with suppress(FileNotFoundError):  # outside Linux memory is not limited
        # Not by pathlib: what a child touches is copied, which made each fork a third dearer.
        statm = os.open("/proc/self/statm", os.O_RDONLY)
        pages = int(os.read(statm, 64).split()[0])
        os.close(statm)
        most = pages * resource.getpagesize() + GROWTH_BYTES
        _, hardest = resource.getrlimit(resource.RLIMIT_AS)
        most = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
