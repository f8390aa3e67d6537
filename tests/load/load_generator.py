"""All buyers and the attacker, in a process of their own: its processor time is counted apart."""

import asyncio
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

import aiohttp

from tests.load.attacker import Attack, attack
from tests.load.buyer import Buyer, Targets
from tests.load.page_buyer import PageBuyer
from tests.load.people import Person, Way
from tests.load.timeline import End, Timeline

TIMEOUT_S = 40  # of a page; the API gives up after 30
GRACE_S = 5.0  # after the end, for requests in flight


class LoadGenerator:
    """Runs in the process `pid` from the start."""

    def __init__(self, process: multiprocessing.process.BaseProcess, results: Connection) -> None:
        self._process = process
        self._results = results
        assert process.pid is not None
        self.pid = process.pid

    def results(self) -> tuple[list[Timeline], Attack]:
        """Of all buyers and of the attacker, once the last has stopped. Raises EOFError if the
        process died."""
        results: tuple[list[Timeline], Attack] = self._results.recv()
        self._process.join()
        return results


@contextmanager
def load_generator(
    people: Sequence[Person],
    tokens: Mapping[int, str],
    attackers_token: str | None,
    targets: Targets,
) -> Iterator[LoadGenerator]:
    """Starts at once. Leaving the context kills it. `tokens`: by the numbers of those who use the
    API; the others sign in."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(
        target=_run, args=(people, tokens, attackers_token, targets, there), daemon=True
    )
    process.start()
    there.close()
    try:
        yield LoadGenerator(process, here)
    finally:
        if process.is_alive():
            process.kill()
        process.join()


def _run(
    people: Sequence[Person],
    tokens: Mapping[int, str],
    attackers_token: str | None,
    targets: Targets,
    answer: Connection,
) -> None:
    answer.send(asyncio.run(_all(people, tokens, attackers_token, targets)))


async def _all(
    people: Sequence[Person],
    tokens: Mapping[int, str],
    attackers_token: str | None,
    targets: Targets,
) -> tuple[list[Timeline], Attack]:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    connector = aiohttp.TCPConnector(limit=0)
    began_s = time.time()
    jar = aiohttp.DummyCookieJar()  # each browser has its own
    async with aiohttp.ClientSession(
        timeout=timeout, connector=connector, cookie_jar=jar
    ) as session:
        buyers: list[Buyer | PageBuyer] = [
            PageBuyer(person, targets, session)
            if person.way is Way.PAGES
            else Buyer(person, tokens[person.number], targets, session)
            for person in people
        ]
        tasks = [asyncio.create_task(_one(buyer, began_s)) for buyer in buyers]
        attacked = Attack()
        attackers = [
            asyncio.create_task(
                attack(session, targets.api_url, token, attacked, began_s, targets.until_s)
            )
            for token in (attackers_token,)
            if token is not None
        ]
        await _until_the_end(buyers, tasks, targets)
        left = [task for task in (*tasks, *attackers) if not task.done()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for task in (*tasks, *attackers):
            if not task.cancelled():
                task.result()  # an error of the load generator ends the run
        return [buyer.timeline for buyer in buyers], attacked


async def _until_the_end(
    buyers: Sequence[Buyer | PageBuyer], tasks: Sequence["asyncio.Task[None]"], targets: Targets
) -> None:
    """Until all buyers have stopped, or enough of them have their stamp."""
    end_s, pending = targets.until_s + GRACE_S, set(tasks)
    while pending and (left_s := end_s - time.time()) > 0:
        _, pending = await asyncio.wait(
            pending, timeout=left_s, return_when=asyncio.FIRST_COMPLETED
        )
        stamped = Counter(buyer.person.way for buyer in buyers if buyer.timeline.end is End.STAMPED)
        if targets.enough is not None and stamped >= Counter(targets.enough):
            return


async def _one(buyer: Buyer | PageBuyer, began_s: float) -> None:
    await asyncio.sleep(max(0.0, began_s + buyer.person.at_s - time.time()))
    if not buyer.is_too_late:
        await buyer.run()
