"""Documents tried each in a process of its own that did nothing before: its memory is limited, and
what other work left free there cannot be used up unnoticed."""

from collections.abc import Sequence
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from unittest.mock import patch

from tests.fuzz.incremental import try_one

CLEAN = get_context("forkserver")
CLEAN.set_forkserver_preload(["tests.fuzz.apart"])
UNBOUNDED = 1 << 40

Bound = tuple[str, str]
"""The name of a module, and that of its constant."""


def outcome(data: bytes, without: Sequence[Bound] = ()) -> str:
    """The engine's answer, or the name of the error, without these of its bounds."""
    reading, writing = CLEAN.Pipe(duplex=False)
    child = CLEAN.Process(target=_try, args=(writing, data, without))
    child.start()
    writing.close()
    try:
        answer = str(reading.recv())
    except EOFError:
        answer = "crash"
    reading.close()
    child.join()
    child.close()
    return answer


def _try(writing: Connection, data: bytes, without: Sequence[Bound]) -> None:
    for module, bound in without:
        patch.object(import_module(module), bound, UNBOUNDED).start()
    try:
        answer = try_one(data)
    except Exception as error:  # noqa: BLE001 - reported, whatever it is
        answer = type(error).__name__
    writing.send(answer)
