"""Work on a hostile document, in a fork of this process that may take so much and no more.

What a document makes a library do can only be held from outside: pyHanko, qpdf and pdfium loop,
recurse, inflate and crash, each on files of its own. So whoever opens an unknown file with one of
them does it in here, with `confined(work)`. A fork costs 8 ms and shares what is imported already;
Lambda allows it, as it allows no semaphores (multiprocessing's pools and queues). Only answers come
back, through a pipe.

The child has a limit of processor time, counted over all children of one `ResourceBudget`, and one
of address space on top of what it was born with: what it may take in memory, whatever takes it.
"""

import gc
import os
import resource
import signal
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeVar

from meterai.domain.errors import DocumentDamaged, DocumentTooComplex, MeteraiError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

CPU_SECONDS = 2.4
"""To examine a document, or to stamp it: both are below 5 s of one processor."""

FURTHER_CPU_SECONDS = 1.0
"""For each further reading of a document that was read within that."""

GROWTH_BYTES = 320 * 1024 * 1024
"""A function that has its libraries loaded and holds 20 MB has 150 MB: below 512 MB together."""

WALL_SECONDS = 15.0
"""A child that waits instead of working is given up after this; the API waits for 30."""

_T = TypeVar("_T")
_R = TypeVar("_R")


class ResourceBudget:
    """Processor time that is left for one document, which may be read again for each mark."""

    def __init__(self, readings: int = 1) -> None:
        self.cpu_seconds_left = CPU_SECONDS + (readings - 1) * FURTHER_CPU_SECONDS


def run_sandboxed(work: Callable[[], _R], budget: ResourceBudget | None = None) -> _R:
    """The answer of `work`, done in a child. Raises what `Sandbox.ask` raises."""
    with Sandbox(work, budget or ResourceBudget()) as child:
        return child.ask(_itself)


class Sandbox(Generic[_T]):
    """Something that is made and lives in a child: `ask` has a function called on it there.

    What is asked and answered must pickle. Raises DocumentTooComplex if nothing is allowed.
    """

    def __init__(self, make: Callable[[], _T], budget: ResourceBudget) -> None:
        self._child: int | None = None
        self._allowance = budget
        from multiprocessing.connection import Pipe  # 14 ms that the first door does without

        self._pipe, theirs = Pipe()
        if budget.cpu_seconds_left <= 0:
            raise DocumentTooComplex(cause="time")
        with warnings.catch_warnings():
            # Of threads: the child takes no lock that another thread could have held.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._child = os.fork()
        if self._child == 0:
            self._pipe.close()
            _live(theirs, make, budget.cpu_seconds_left)
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, question: Callable[[_T], _R]) -> _R:
        """The answer. Raises the question's own MeteraiError, DocumentTooComplex where it took too
        much or crashed, DocumentDamaged for every other error."""
        try:
            self._pipe.send(question)
            if not self._pipe.poll(WALL_SECONDS):
                raise DocumentTooComplex(cause="time")
            what, answer, values = self._pipe.recv()
        except (EOFError, ConnectionError):
            raise DocumentTooComplex(cause=_cause_of_death(self._reap())) from None
        if what == "refusal":
            raise answer(**values)
        if what == "error":
            raise DocumentDamaged(cause=answer)
        return answer  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the child; what it used is taken from the allowance."""
        self._pipe.close()
        self._reap()

    __del__ = close

    def _reap(self) -> int:
        """The child's wait status."""
        if self._child is None:
            return 0
        child, self._child = self._child, None
        os.kill(child, signal.SIGKILL)  # it may be working on; one that is dead keeps its status
        _, status, used = os.wait4(child, 0)
        self._allowance.cpu_seconds_left -= used.ru_utime + used.ru_stime
        return status


def _itself(made: _R) -> _R:
    return made


def _cause_of_death(status: int) -> str:
    """A library that is refused memory may well abort, or crash."""
    if not os.WIFSIGNALED(status):
        return "no_answer"
    return "time" if os.WTERMSIG(status) == signal.SIGPROF else "memory"


def _live(pipe: "Connection", make: Callable[[], Any], cpu_seconds: float) -> NoReturn:
    """The child's whole life: nothing of the parent's is tidied up twice."""
    with suppress(BaseException):
        _limit(cpu_seconds)
        made: list[Any] = []
        while True:
            question: Callable[[Any], Any] = pipe.recv()
            answer = _answer(question, made, make)
            pipe.send(answer)
    os._exit(1)


def _answer(
    question: Callable[[Any], Any], made: list[Any], make: Callable[[], Any]
) -> tuple[str, Any, dict[str, str | int]]:
    try:
        if not made:
            made.append(make())
        return "answer", question(made[0]), {}
    except MeteraiError as refusal:
        return "refusal", type(refusal), refusal.values
    except MemoryError:
        return "refusal", DocumentTooComplex, {"cause": "memory"}
    except Exception as error:  # noqa: BLE001 - a hostile document makes libraries raise anything
        return "error", type(error).__name__, {}


def _limit(cpu_seconds: float) -> None:
    gc.freeze()  # what was inherited is not looked through, which would copy it
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    with suppress(FileNotFoundError):  # where it is not Linux, memory is not limited
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + GROWTH_BYTES
        _, hardest = resource.getrlimit(resource.RLIMIT_AS)
        most = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
