"""Runs two workers one port call at a time, in the order of a schedule.

Each worker is a thread that waits for its turn at every port call, so a schedule always runs in the
same way.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations
from math import comb

from meterai.domain.errors import MeteraiError
from tests.fakes.in_memory_state import InMemoryState, Moment

Act = Callable[[], object]
MAX_MERGES = 1_000  # up to this number every order is run, beyond it those with two switches
MAX_WAIT_S = 30.0


class Worker:
    """Runs an act in a thread that stops before each port call until `advance` is called."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self.calls = 0
        self.is_done = False
        self.error: BaseException | None = None
        self._go = threading.Semaphore(0)
        self._stopped = threading.Semaphore(0)
        self.thread = threading.Thread(target=self._work, daemon=True)

    def advance(self) -> None:
        """Makes the port call it waits at, if any, and runs to the next one or to the end."""
        if not self.thread.is_alive() and not self.is_done:
            self.thread.start()
        else:
            self._go.release()
        if not self._stopped.acquire(timeout=MAX_WAIT_S):
            raise TimeoutError(self.act)

    def wait_for_turn(self) -> None:
        self.calls += 1
        self._stopped.release()
        if not self._go.acquire(timeout=MAX_WAIT_S):
            raise TimeoutError(self.act)

    def _work(self) -> None:
        try:
            self.act()
        except MeteraiError:
            pass  # refused, or to be retried
        except BaseException as error:  # noqa: BLE001 (raised again by `run_schedule`)
            self.error = error
        finally:
            self.is_done = True
            self._stopped.release()


def run_schedule(
    state: InMemoryState, acts: Sequence[Act], schedule: Sequence[int]
) -> tuple[int, ...]:
    """Advances the workers in this order, then to their ends. Returns how many calls each made."""
    workers = [Worker(act) for act in acts]
    before = state.hook

    def hook(moment: Moment, call: str) -> None:
        me = next((w for w in workers if w.thread is threading.current_thread()), None)
        if me is not None and moment == "before":
            me.wait_for_turn()
        before(moment, call)

    state.hook = hook
    try:
        for worker in workers:
            worker.advance()
        for turn in chain(schedule, _to_the_end(workers)):
            if not workers[turn].is_done:
                workers[turn].advance()
    finally:
        state.hook = before
    for worker in workers:
        if worker.error is not None:
            raise worker.error
    return tuple(worker.calls for worker in workers)


def _to_the_end(workers: Sequence[Worker]) -> Iterator[int]:
    for number, worker in enumerate(workers):
        while not worker.is_done:
            yield number


def schedules(first: int, second: int) -> Iterator[tuple[int, ...]]:
    """Orders of `first` calls of worker 0 and `second` of worker 1. All of them; if there are
    too many, those in which one runs to any call, then the other to any of its own, then each to
    its end."""
    total = first + second
    if comb(total, first) <= MAX_MERGES:
        for places in combinations(range(total), first):
            yield tuple(0 if place in set(places) else 1 for place in range(total))
        return
    for one in range(first + 1):
        for other in range(second + 1):
            yield (0,) * one + (1,) * other + (0,) * (first - one)
            yield (1,) * other + (0,) * one + (1,) * (second - other)
