"""What the incremental engine may use for a document: processor time and address space."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from meterai.pdf.sandbox import CPU_SECONDS

MAX_BYTES = 40_000_000


@contextmanager
def bounded(document: bytes) -> Iterator[None]:
    """Raises TimeoutError after the processor time that any document may take; the work raises
    MemoryError where this process would grow by more than three times the document and 40 MB,
    whatever takes it.

    For a process with one thread: the others would be refused memory as well.
    """
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most_bytes = pages * resource.getpagesize() + 3 * len(document) + MAX_BYTES
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _too_slow(_: int, __: FrameType | None) -> None:
    raise TimeoutError(f"more than {CPU_SECONDS} s")
