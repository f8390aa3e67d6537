"""The centre of 2024, as far as it is known from outside: one pool of servers for everything, and
every request waits in it for its turn while the browser waits too.

Its size is not published. Here it bears half again the fullest hour of the first two weeks; that is
inferred, as it did stand until 3 September.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import simpy

from tests.capacity.curve import DAY_S, STAMPS_A_PERSON, weeks
from tests.capacity.function import Function
from tests.capacity.lane import LaneSize, QueueLane
from tests.capacity.times import Times
from tests.capacity.waits import Waits

HEADROOM = 1.5
STOOD_DAYS = 14  # 20 August to 2 September
WORK_S = 0.5  # a server's time for each request: page, purchase, stamping alike
REQUESTS = 2 + STAMPS_A_PERSON  # of a person: to sign in, to buy, and one for each stamp
TIMES_OUT_S = 30
RELOADS = 8  # then whoever has not paid goes home
Answered = Callable[[int], None]


def servers() -> int:
    curve = weeks()
    starts = [start for start in curve.starts_s if start < STOOD_DAYS * DAY_S]
    fullest = max((curve.at(start) + curve.at(start + 1_860)) / 2 for start in starts[::3])
    return round(HEADROOM * fullest * REQUESTS * WORK_S)


@dataclass(slots=True)
class Request:
    people: int
    answered: int = 0
    is_over: bool = False


class Centre:
    """People are counted as in `Office`; all ask one pool of servers, up to four times each.

    As it was seen in 2024: the money is at the gateway before the centre is asked for the quota,
    and a stamping that fails costs the e-meterai.
    """

    def __init__(self, environment: simpy.Environment, times: Times) -> None:
        count = servers()
        self.pool = QueueLane(
            environment,
            "centre",
            LaneSize(first_workers=count, most_workers=count, workers_added=0, batch=1),
            Function("servers", count, cold_s=0, memory_mb=0),
        )
        self.came = self.ordered = self.never_paid = self.paid = self.left = 0
        self.stamped_stamps = self.lost_stamps = 0
        self.timed_out = 0
        self.served = Waits()
        self.recent: deque[tuple[float, float, int]] = deque()
        self._environment = environment
        self._times = times

    def arrive(self, people: int) -> None:
        self.came += people
        self._ask(people, 0, self._pay, self._go_home)

    def _go_home(self, people: int) -> None:
        self.left += people

    def _pay(self, people: int) -> None:
        self.ordered += people
        self.paid += people
        paid_s = self._environment.now
        self._ask(people, 0, lambda count: self._stamp(count, paid_s), self._lose)

    def _lose(self, people: int) -> None:
        self.lost_stamps += people * STAMPS_A_PERSON

    def _stamp(self, people: int, paid_s: float) -> None:
        stamps = people * STAMPS_A_PERSON
        self._ask(stamps, RELOADS, lambda count: self._stamped(count, paid_s), self._spoil)

    def _stamped(self, stamps: int, paid_s: float) -> None:
        now_s = self._environment.now
        self.stamped_stamps += stamps
        self.served.add(now_s - paid_s, stamps)
        self.recent.append((now_s, now_s - paid_s, stamps))

    def _spoil(self, stamps: int) -> None:
        self.lost_stamps += stamps

    def _ask(self, count: int, tries: int, then: Answered, fails: Answered) -> None:
        """One request each. Who is not answered in time asks again, and the pool still works on
        what nobody waits for any more."""
        request = Request(count)

        def end() -> None:
            request.is_over = True
            if request.answered:
                then(request.answered)

        def done(count: int) -> None:
            if request.is_over:
                return
            request.answered += count
            if request.answered == request.people:
                end()

        def give_up() -> None:
            if request.is_over:
                return
            missing = request.people - request.answered
            self.timed_out += missing
            end()
            if tries >= RELOADS:
                fails(missing)
            else:
                pause_s = self._times.chance.uniform(1, 2.0 ** (tries + 2))
                self._later(pause_s, lambda: self._ask(missing, tries + 1, then, fails))

        self.pool.send(count, self._work, done)
        self._later(TIMES_OUT_S, give_up)

    def _work(self, _count: int, _calls: int, _at: float) -> tuple[float, int]:
        return self._times.chance.expovariate(1 / WORK_S), 0

    def _later(self, wait_s: float, act: Callable[[], None]) -> None:
        timeout = self._environment.timeout(wait_s)
        assert timeout.callbacks is not None
        timeout.callbacks.append(lambda _: act())
