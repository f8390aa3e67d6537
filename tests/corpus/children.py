"""Trials in processes of their own, a few at once: one that hangs or crashes is one row."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic

from tests.corpus.trial import Row, tried

MAX_S = 120.0
"""With all judges; stamping alone is held to 5 s."""


@dataclass(frozen=True)
class _Running:
    process: BaseProcess
    name: str
    until: float


def rows(paths: Sequence[Path], trial: Callable[[str, bytes], Row] = tried) -> Iterator[Row]:
    """One for each file, as they come."""
    fork = multiprocessing.get_context("fork")  # what is imported here is imported once
    waiting = list(reversed(paths))
    running: dict[Connection, _Running] = {}
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            path = waiting.pop()
            ours, theirs = fork.Pipe(duplex=False)
            process = fork.Process(target=_send, args=(trial, path, theirs))
            process.start()
            theirs.close()
            running[ours] = _Running(process, path.name, monotonic() + MAX_S)
        ready = wait(list(running), timeout=1)
        late = [pipe for pipe, one in running.items() if monotonic() > one.until]
        for pipe in {*ready, *late}:
            assert isinstance(pipe, Connection)
            yield _row(pipe, running.pop(pipe))


def _send(trial: Callable[[str, bytes], Row], path: Path, pipe: Connection) -> None:
    try:
        pipe.send(trial(path.name, path.read_bytes()))
    except Exception as error:
        pipe.send(Row(path.name, "wrong", why=[f"{type(error).__name__}: {error}"]))
        raise


def _row(pipe: Connection, one: _Running) -> Row:
    try:
        row: Row = pipe.recv() if pipe.poll() else Row(one.name, "wrong", why=["took too long"])
    except EOFError:
        row = Row(one.name, "wrong", why=["the process died"])
    pipe.close()
    one.process.kill()
    one.process.join()
    return row
