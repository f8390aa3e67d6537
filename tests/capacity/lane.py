"""A queue and the workers that receive from it."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import simpy

from tests.capacity.function import Function
from tests.capacity.quotas import Quota
from tests.capacity.waits import Waits

# (messages, calls, at) -> how long the calls take, and how many of the messages fail.
Work = Callable[[int, int, float], tuple[float, int]]
Done = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class LaneSize:
    """As template.yaml sets it. `workers_added`: a second, while messages wait. `polls_per_s`: of
    ten workers; None is unlimited."""

    min_workers: int
    max_workers: int
    workers_added: float
    batch: int
    polls_per_s: float | None = None
    visibility_s: float = 360
    receives: int = 10


@dataclass(slots=True)
class Group:
    """Messages sent at the same moment. `done` is called with the number handled, part by part."""

    count: int
    sent_s: float
    work: Work
    done: Done
    receives: int = 0


class QueueLane:
    """First in, first out, handled by as many workers as have been added so far."""

    def __init__(
        self, environment: simpy.Environment, name: str, size: LaneSize, function: Function
    ) -> None:
        self.name = name
        self.size = size
        self.function = function
        self.waiting = 0
        self.arrived = 0
        self.handled = 0
        self.failed = 0
        self.dead = 0
        self.max_waiting = 0
        self.dwells = Waits()
        self.recent: deque[tuple[float, int]] = deque()  # dwell, count
        self._environment = environment
        self._queue: deque[Group] = deque()
        self._workers = float(size.min_workers)
        self._polls = None if size.polls_per_s is None else Quota(f"{name} polls", self._polls_now)
        self._is_waking = False

    @property
    def workers(self) -> int:
        return int(self._workers)

    @property
    def head_sent_s(self) -> float | None:
        """When the message that is next in the queue was sent."""
        return self._queue[0].sent_s if self._queue else None

    def send(self, count: int, work: Work, done: Done) -> None:
        self.arrived += count
        self._put(Group(count, self._environment.now, work, done))

    def pass_time(self, length_s: float) -> None:
        """Add workers while messages wait, remove some when none do."""
        if self.waiting:
            added = self.size.workers_added * length_s
            self._workers = min(self.size.max_workers, self._workers + added)
        elif self.function.running < self._workers / 2:
            removed = self.size.workers_added * length_s / 10  # AWS says "slowly", without a number
            self._workers = max(self.size.min_workers, self._workers - removed)
        if self._polls is not None:
            self._polls.per_s = self._polls.burst = self._polls_now
        self._take()

    @property
    def _polls_now(self) -> float:
        return (self.size.polls_per_s or 0) * self._workers / 10

    def _put(self, group: Group) -> None:
        self.waiting += group.count
        self.max_waiting = max(self.max_waiting, self.waiting)
        self._queue.append(group)
        self._take()

    def _take(self) -> None:
        now_s = self._environment.now
        while self._queue:
            free = min(self.workers - self.function.running, self.function.free)
            calls = min(free, math.ceil(self.waiting / self.size.batch))
            if calls > 0 and self._polls is not None:
                calls = self._polls.take_whole(now_s, calls)
                if calls == 0:
                    self._wake_later(self._polls.next_s(1))
            if calls <= 0:
                return
            self._begin(calls, now_s)

    def _begin(self, calls: int, now_s: float) -> None:
        """Run this many calls, with full batches as far as there are messages, of one group."""
        group = self._queue[0]
        calls = min(calls, math.ceil(group.count / self.size.batch))
        parts = self._parts(calls * self.size.batch, now_s)
        taken = sum(part.count for part in parts)
        cold_s = self.function.begin(now_s, calls)
        if cold_s is None:  # throttled: they are visible again later
            self._retry_later(parts, taken)
            return
        work_s, failing = group.work(taken, calls, now_s)
        took_s = cold_s + work_s

        def end(_: simpy.Event) -> None:
            self.function.end(calls, took_s)
            failed = self._retry_later(list(reversed(parts)), failing)
            for part in parts:
                if part.count > failed.get(id(part), 0):
                    count = part.count - failed.get(id(part), 0)
                    self.handled += count
                    part.done(count)
            self._take()

        timeout = self._environment.timeout(took_s)
        assert timeout.callbacks is not None
        timeout.callbacks.append(end)

    def _parts(self, room: int, now_s: float) -> list[Group]:
        """The next messages, at most `room`."""
        parts = []
        while room and self._queue:
            group = self._queue[0]
            if group.count <= room:
                part = self._queue.popleft()
            else:
                part = Group(room, group.sent_s, group.work, group.done, group.receives)
                group.count -= room
            room -= part.count
            part.receives += 1
            self.waiting -= part.count
            if part.receives == 1:
                self.dwells.add(now_s - part.sent_s, part.count)
                self.recent.append((now_s - part.sent_s, part.count))
            parts.append(part)
        return parts

    def _retry_later(self, parts: list[Group], failing: int) -> dict[int, int]:
        """How many messages of each part failed, `failing` in all; they become visible again
        later."""
        failed = {}
        for part in parts:
            count = min(part.count, failing)
            if not count:
                break
            failing -= count
            failed[id(part)] = count
            self.failed += count
            retried = Group(count, part.sent_s, part.work, part.done, part.receives)
            if part.receives >= self.size.receives:
                self.dead += count  # the item's timer sends a new message
                retried.receives = 0
            timeout = self._environment.timeout(self.size.visibility_s, retried)
            assert timeout.callbacks is not None
            timeout.callbacks.append(lambda event: self._put(event.value))
        return failed

    def _wake_later(self, wait_s: float) -> None:
        if self._is_waking:
            return
        self._is_waking = True

        def wake(_: simpy.Event) -> None:
            self._is_waking = False
            self._take()

        timeout = self._environment.timeout(max(wait_s, 1e-3))
        assert timeout.callbacks is not None
        timeout.callbacks.append(wake)
