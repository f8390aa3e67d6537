"""Everybody who comes, in a process of their own: the office's processor time is not theirs."""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

import aiohttp

from tests.load.buyer import Buyer, Town
from tests.load.people import Person
from tests.load.timeline import Story

TIMEOUT_S = 40  # of a page; the API gives up after 30
GOES_HOME_S = 5.0  # after the end, for what is under way


class Crowd:
    """Under way since it was made, in the process `pid`."""

    def __init__(self, process: multiprocessing.process.BaseProcess, stories: Connection) -> None:
        self._process = process
        self._stories = stories
        assert process.pid is not None
        self.pid = process.pid

    def stories(self) -> list[Story]:
        """Everybody's, once the last has gone home. Raises EOFError where the process died."""
        told: list[Story] = self._stories.recv()
        self._process.join()
        return told


@contextmanager
def crowd(people: Sequence[Person], tokens: Sequence[str], town: Town) -> Iterator[Crowd]:
    """They begin to come at once. Whoever leaves this context sends all of them home."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_come, args=(people, tokens, town, there), daemon=True)
    process.start()
    there.close()
    try:
        yield Crowd(process, here)
    finally:
        if process.is_alive():
            process.kill()
        process.join()


def _come(people: Sequence[Person], tokens: Sequence[str], town: Town, answer: Connection) -> None:
    answer.send(asyncio.run(_all(people, tokens, town)))


async def _all(people: Sequence[Person], tokens: Sequence[str], town: Town) -> list[Story]:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    connector = aiohttp.TCPConnector(limit=0)
    began_s = time.time()
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        buyers = [
            Buyer(person, token, town, session)
            for person, token in zip(people, tokens, strict=True)
        ]
        errands = [asyncio.create_task(_one(buyer, began_s)) for buyer in buyers]
        left_s = town.until_s - time.time() + GOES_HOME_S
        done, late = await asyncio.wait(errands, timeout=left_s)
        for errand in late:
            errand.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for errand in done:
            errand.result()  # a fault of the crowd's own ends the run
        return [buyer.story for buyer in buyers]


async def _one(buyer: Buyer, began_s: float) -> None:
    await asyncio.sleep(max(0.0, began_s + buyer.person.at_s - time.time()))
    if not buyer.is_too_late:
        await buyer.come()
