"""All buyers, in a process of their own, so that their processor time is counted separately."""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

import aiohttp

from tests.load.buyer import Buyer, Targets
from tests.load.people import Person
from tests.load.timeline import Timeline

TIMEOUT_S = 40  # of a page; the API gives up after 30
GRACE_S = 5.0  # after the end, for requests in flight


class LoadGenerator:
    """Runs in the process `pid` from the start."""

    def __init__(self, process: multiprocessing.process.BaseProcess, timelines: Connection) -> None:
        self._process = process
        self._stories = timelines
        assert process.pid is not None
        self.pid = process.pid

    def timelines(self) -> list[Timeline]:
        """Of all buyers, once the last has stopped. Raises EOFError if the process died."""
        timelines: list[Timeline] = self._stories.recv()
        self._process.join()
        return timelines


@contextmanager
def load_generator(
    people: Sequence[Person], tokens: Sequence[str], targets: Targets
) -> Iterator[LoadGenerator]:
    """Starts at once. Leaving the context kills it."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(people, tokens, targets, there), daemon=True)
    process.start()
    there.close()
    try:
        yield LoadGenerator(process, here)
    finally:
        if process.is_alive():
            process.kill()
        process.join()


def _run(
    people: Sequence[Person], tokens: Sequence[str], targets: Targets, answer: Connection
) -> None:
    answer.send(asyncio.run(_all(people, tokens, targets)))


async def _all(people: Sequence[Person], tokens: Sequence[str], targets: Targets) -> list[Timeline]:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    connector = aiohttp.TCPConnector(limit=0)
    began_s = time.time()
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        buyers = [
            Buyer(person, token, targets, session)
            for person, token in zip(people, tokens, strict=True)
        ]
        tasks = [asyncio.create_task(_one(buyer, began_s)) for buyer in buyers]
        left_s = targets.until_s - time.time() + GRACE_S
        done, late = await asyncio.wait(tasks, timeout=left_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for task in done:
            task.result()  # an error of the load generator ends the run
        return [buyer.timeline for buyer in buyers]


async def _one(buyer: Buyer, began_s: float) -> None:
    await asyncio.sleep(max(0.0, began_s + buyer.person.at_s - time.time()))
    if not buyer.is_too_late:
        await buyer.run()
