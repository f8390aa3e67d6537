"""A simulated lane with its workers and its queue's approximate depth, in small steps of time.

The estimator under test sees only what it would see of SQS: depths that are wrong by a fifth and up
to ten seconds old, and samples that arrive in batches.
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
REPORT_INTERVAL_S = 2.0
ESTIMATES_PER_SECOND = 3  # of those who wait, and the last one besides; also of those who arrive

Message = tuple[int, float]  # its name, and when it was sent
Rate = Callable[[float], float]  # messages a second, by time in seconds


@dataclass(frozen=True, slots=True)
class FewWorkers:
    """So few workers that single batches matter. Each takes up to `batch` messages as soon as it is
    free and works on them for `takes_s`, give or take a tenth."""

    workers: int
    batch: int
    takes_s: float


@dataclass(frozen=True, slots=True)
class LaneLoad:
    """Arrivals and served messages a second, or a few workers that serve one batch at a time.
    Estimates given while workers stand still (`not_judged`, from and until) are not judged: nobody
    can know how long that lasts."""

    arrivals: Rate
    served: Rate | FewWorkers
    duration_s: int
    not_judged: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate, and the real wait time_at it, in begun seconds."""

    estimate: Range | None
    waited_s: int

    @property
    def is_right(self) -> bool:
        given = self.estimate
        return given is not None and given.low <= self.waited_s <= given.high


@dataclass(slots=True)
class _Worker:
    reported_at_s: float
    taken: int = 0
    dwells_s: list[float] = field(default_factory=list)
    was_full: bool = False
    free_at_s: float = 0.0

    def sample(self, name: int, now_s: float) -> ThroughputSample | None:
        """Reports as `entrypoints/throughput_reporter.py` does: nothing where nothing waited."""
        if not self.taken or now_s - self.reported_at_s < REPORT_INTERVAL_S:
            return None
        dwells, taken, was_full = sorted(self.dwells_s), self.taken, self.was_full
        self.reported_at_s, self.taken, self.dwells_s, self.was_full = now_s, 0, [], False
        if dwells[-1] < REPORT_INTERVAL_S and not was_full:
            return None
        last = len(dwells) - 1
        shown = dwells if last < 9 else [dwells[n * last // 8] for n in range(9)]
        return ThroughputSample(
            Lane.STAMPING, time_at(now_s), str(name), taken, len(dwells), tuple(shown)
        )


def time_at(seconds: float) -> datetime:
    return BEGINS + timedelta(seconds=seconds)


def simulate(
    load: LaneLoad, seed: int, *, noise: float = 0.2, stale_s: float = 10.0
) -> list[Estimate]:
    """Every estimate with the real wait. The same seed gives the same run."""
    chance = random.Random(seed)
    taken_at_s: dict[int, float] = {}
    questions: list[tuple[int, float, Range | None]] = []

    def record(name: int, sent_s: float, at_s: float, status: QueueStatus) -> None:
        begins, ends = load.not_judged
        if not begins <= at_s < ends:
            questions.append((name, at_s, status.wait_of(time_at(sent_s), time_at(at_s))))

    before: QueueStatus | None = None
    for second, queue, arrived, status in _seconds(load, chance, taken_at_s, noise, stale_s):
        some = chance.sample(list(queue), min(ESTIMATES_PER_SECOND, len(queue)))
        waiting = some + list(queue)[-1:]
        for name, sent_s in waiting:
            # clients see a snapshot up to two seconds old
            record(name, sent_s, second + 2 * chance.random(), status)
        for name, sent_s in chance.sample(arrived, min(ESTIMATES_PER_SECOND, len(arrived))):
            if before is not None:  # a new message is estimated at once, also where nobody waits
                record(name, sent_s, sent_s, before)
        before = status
    return [
        Estimate(estimate, max(1, math.ceil(taken_at_s[name] - at_s)))
        for name, at_s, estimate in questions
        if taken_at_s.get(name, 0.0) > at_s
    ]


def _seconds(
    load: LaneLoad,
    chance: random.Random,
    taken_at_s: dict[int, float],
    noise: float,
    stale_s: float,
) -> Iterator[tuple[float, Sequence[Message], Sequence[Message], QueueStatus]]:
    """Yields each second's queue, the arrivals in it, and the lane's status as estimated."""
    queue: deque[Message] = deque()
    arrived: list[Message] = []
    served = load.served
    few = served if isinstance(served, FewWorkers) else None
    workers = [_Worker(2 * chance.random()) for _ in range(few.workers if few else WORKERS)]
    depths: list[int] = []
    samples: list[ThroughputSample] = []
    status: QueueStatus | None = None
    sent, credit = 0, 0.0
    for step in range(round(load.duration_s / STEP_S)):
        now_s = step * STEP_S
        for _ in range(_poisson(chance, load.arrivals(now_s) * STEP_S)):
            arrived.append((sent, now_s + STEP_S * chance.random()))
            queue.append(arrived[-1])
            sent += 1
        if isinstance(served, FewWorkers):
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
        reported = (worker.sample(number, now_s) for number, worker in enumerate(workers))
        samples += [sample for sample in reported if sample is not None]
        depths.append(len(queue))
        if step % 10 == 9:
            seen = depths[max(0, step - int(stale_s * chance.random() / STEP_S))]
            waiting = max(0, round(seen * (1 + chance.uniform(-noise, noise))))
            now = time_at(now_s)
            if status is None:
                status = first_status(Lane.STAMPING, waiting, now)
            else:
                settled = [one for one in samples if status.at <= one.at < now - SETTLED]
                samples = [one for one in samples if one.at >= now - SETTLED]
                status = next_status(status, waiting, settled, now)
            yield now_s, queue, arrived, status
            arrived = []


def _batches(
    few: FewWorkers, workers: Sequence[_Worker], waiting: int, chance: random.Random, now_s: float
) -> list[_Worker]:
    """Each free worker takes a batch."""
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
