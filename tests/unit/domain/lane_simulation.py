"""A lane, its workers and its queue's approximate depth, in small steps of time; and beside them
the measuring under test, which sees what it would see of SQS: depths that are wrong by a fifth and
up to ten seconds old, and samples that arrive in lumps.
"""

import math
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from meterai.domain.waiting.queue_status import Lane, QueueStatus, Range, ThroughputSample
from meterai.domain.waiting.throughput_estimator import SETTLED, first_status, next_status

BEGINS = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
STEP_S = 0.1
WORKERS = 20
TOLD_EVERY_S = 2.0
ASKED_EACH_SECOND = 3  # of those who wait, and the last one besides; of those who come

Message = tuple[int, float]  # its name, and when it was sent
Rate = Callable[[float], float]  # a second, at so many seconds


@dataclass(frozen=True, slots=True)
class Few:
    """So few workers that each batch is felt: each takes up to `batch` as soon as it is free, and
    is busy with them for `takes_s`, give or take a tenth."""

    workers: int
    batch: int
    takes_s: float


@dataclass(frozen=True, slots=True)
class Course:
    """How many come and how many are served, a second; or the few who serve them, a batch at a
    time. What is told while workers stand still (`not_judged`, from and until) cannot be right:
    nobody knows for how long."""

    arrivals: Rate
    served: Rate | Few
    lasts_s: int
    not_judged: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody was told, and how long they then waited: begun seconds counted whole."""

    told: Range | None
    waited_s: int

    @property
    def is_right(self) -> bool:
        return self.told is not None and self.told.low <= self.waited_s <= self.told.high


@dataclass(slots=True)
class _Worker:
    told_at_s: float
    taken: int = 0
    dwells_s: list[float] = field(default_factory=list)
    was_full: bool = False
    free_at_s: float = 0.0

    def sample(self, name: int, now_s: float) -> ThroughputSample | None:
        """As `entrypoints/throughput_reporter.py` counts: nothing where nothing waited."""
        if not self.taken or now_s - self.told_at_s < TOLD_EVERY_S:
            return None
        dwells, taken, was_full = sorted(self.dwells_s), self.taken, self.was_full
        self.told_at_s, self.taken, self.dwells_s, self.was_full = now_s, 0, [], False
        if dwells[-1] < TOLD_EVERY_S and not was_full:
            return None
        last = len(dwells) - 1
        shown = dwells if last < 9 else [dwells[n * last // 8] for n in range(9)]
        return ThroughputSample(
            Lane.STAMPING, after(now_s), str(name), taken, len(dwells), tuple(shown)
        )


def after(seconds: float) -> datetime:
    return BEGINS + timedelta(seconds=seconds)


def play(course: Course, seed: int, *, noise: float = 0.2, stale_s: float = 10.0) -> list[Asked]:
    """Everybody's question and how it turned out. The same seed is the same play."""
    chance = random.Random(seed)
    taken_at_s: dict[int, float] = {}
    questions: list[tuple[int, float, Range | None]] = []

    def ask(name: int, sent_s: float, asked_s: float, flow: QueueStatus) -> None:
        begins, ends = course.not_judged
        if not begins <= asked_s < ends:
            questions.append((name, asked_s, flow.wait_of(after(sent_s), after(asked_s))))

    before: QueueStatus | None = None
    for second, queue, came, flow in _seconds(course, chance, taken_at_s, noise, stale_s):
        waiting = chance.sample(list(queue), min(ASKED_EACH_SECOND, len(queue))) + list(queue)[-1:]
        for name, sent_s in waiting:
            ask(name, sent_s, second + 2 * chance.random(), flow)  # it is remembered for a second
        for name, sent_s in chance.sample(came, min(ASKED_EACH_SECOND, len(came))):
            if before is not None:  # who comes is told at once, also where they wait for nobody
                ask(name, sent_s, sent_s, before)
        before = flow
    return [
        Asked(told, max(1, math.ceil(taken_at_s[name] - asked_s)))
        for name, asked_s, told in questions
        if taken_at_s.get(name, 0.0) > asked_s
    ]


def _seconds(
    course: Course,
    chance: random.Random,
    taken_at_s: dict[int, float],
    noise: float,
    stale_s: float,
) -> Iterator[tuple[float, Sequence[Message], Sequence[Message], QueueStatus]]:
    """Each second's queue, who came in it, and the flow as it was measured."""
    queue: deque[Message] = deque()
    came: list[Message] = []
    served = course.served
    few = served if isinstance(served, Few) else None
    workers = [_Worker(2 * chance.random()) for _ in range(few.workers if few else WORKERS)]
    depths: list[int] = []
    samples: list[ThroughputSample] = []
    flow: QueueStatus | None = None
    sent, credit = 0, 0.0
    for step in range(round(course.lasts_s / STEP_S)):
        now_s = step * STEP_S
        for _ in range(_poisson(chance, course.arrivals(now_s) * STEP_S)):
            came.append((sent, now_s + STEP_S * chance.random()))
            queue.append(came[-1])
            sent += 1
        if isinstance(served, Few):
            takers = _batches(served, workers, len(queue), chance, now_s)
        else:
            capacity = served(now_s) * STEP_S
            credit = min(credit + _poisson(chance, capacity), max(3.0, 3 * capacity))
            takers = [chance.choice(workers) for _ in range(min(int(credit), len(queue)))]
            credit -= len(takers)
        for worker in takers:
            name, sent_s = queue.popleft()
            taken_at_s[name] = now_s + STEP_S
            worker.taken += 1
            worker.dwells_s.append(max(0.0, now_s + STEP_S - sent_s))
        told = (worker.sample(number, now_s) for number, worker in enumerate(workers))
        samples += [sample for sample in told if sample is not None]
        depths.append(len(queue))
        if step % 10 == 9:
            seen = depths[max(0, step - int(stale_s * chance.random() / STEP_S))]
            waiting = max(0, round(seen * (1 + chance.uniform(-noise, noise))))
            now = after(now_s)
            if flow is None:
                flow = first_status(Lane.STAMPING, waiting, now)
            else:
                settled = [one for one in samples if flow.at <= one.at < now - SETTLED]
                samples = [one for one in samples if one.at >= now - SETTLED]
                flow = next_status(flow, waiting, settled, now)
            yield now_s, queue, came, flow
            came = []


def _batches(
    few: Few, workers: Sequence[_Worker], waiting: int, chance: random.Random, now_s: float
) -> list[_Worker]:
    """A free worker takes a batch."""
    takers: list[_Worker] = []
    for worker in workers:
        count = min(few.batch, waiting - len(takers))
        if count and worker.free_at_s <= now_s:
            worker.free_at_s = now_s + few.takes_s * chance.uniform(0.9, 1.1)
            worker.was_full |= count == few.batch
            takers += [worker] * count
    return takers


def _poisson(chance: random.Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    count, product, limit = 0, chance.random(), math.exp(-mean)
    while product > limit:
        count += 1
        product *= chance.random()
    return count
