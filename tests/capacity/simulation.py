"""One scenario, simulated with one variant of the system."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import simpy

from tests.capacity.account import Account
from tests.capacity.cost import cost_usd
from tests.capacity.curve import STAMPS_A_PERSON, Curve
from tests.capacity.latencies import LATENCIES
from tests.capacity.measured import Measured
from tests.capacity.outcome import LimitMet, Outcome
from tests.capacity.people import PEOPLE, People
from tests.capacity.sizes import Size
from tests.capacity.system import System
from tests.capacity.times import Times
from tests.capacity.waiting_room import LaneStatus, LaneUse, asked_for

MINUTE_S = 60


class Variant(StrEnum):
    ONE_QUEUE = "one queue for all"
    AS_DEPLOYED = "our lanes, as deployed"
    PREPARED = "our lanes, set before the day"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`tick_s`: how often lanes and waiting room are updated. `check_s`: how often the simulation
    checks whether all is done."""

    name: str
    curve: Curve
    expected_people_per_s: float  # in the busiest minute; `Variant.PREPARED` is sized for it
    people: People = PEOPLE
    cohort_size: int = 10
    tick_s: float = 1
    check_s: float = 10
    ends_after_s: float = 4 * 3_600  # the last arrival, at the latest
    bulk: tuple[tuple[float, int], ...] = field(default=())  # (at, stamps) of distributors


def simulate(
    scenario: Scenario,
    variant: Variant,
    size: Size,
    measured: Measured,
    *,
    seed: int,
    latency: float = 1,
) -> Outcome:
    """Until all people are served or have left. `latency` scales the outside parties' latencies."""
    environment = simpy.Environment()
    times = Times(measured, random.Random(seed), LATENCIES.scaled(latency))
    one_queue = variant is Variant.ONE_QUEUE
    account = Account(environment, size, times, one_queue=one_queue)
    system = System(
        environment,
        account,
        times,
        scenario.people,
        has_waiting_room=not one_queue,
        paces_bulk=not one_queue,
    )
    return _Run(environment, scenario, variant, times, system).outcome()


class _Run:
    def __init__(
        self,
        environment: simpy.Environment,
        scenario: Scenario,
        variant: Variant,
        times: Times,
        system: System,
    ) -> None:
        self._environment = environment
        self._scenario = scenario
        self._variant = variant
        self._chance = times.chance
        self._system = system
        self._lane_status = LaneStatus()
        self._polls = 0.0
        self._ordered_before = 0
        self._use = LaneUse()
        self._drained_s: float | None = None
        self._stamped_by_deadline = 0

    def outcome(self) -> Outcome:
        environment, curve = self._environment, self._scenario.curve
        environment.process(self._arrivals())
        environment.process(self._every(self._scenario.check_s, self._check))
        environment.process(self._deadline())
        environment.process(self._every(self._scenario.tick_s, self._tick))
        environment.process(self._every(MINUTE_S, self._minute))
        environment.process(self._bulk())
        while environment.peek() < curve.ends_s + self._scenario.ends_after_s:
            environment.step()
            if self._drained_s is not None:
                break
        return self._outcome()

    def _arrivals(self) -> simpy.events.ProcessGenerator:
        """A Poisson process whose rate follows the curve."""
        curve, cohort_size = self._scenario.curve, self._scenario.cohort_size
        for start_s, end_s, rate in zip(
            curve.starts_s, curve.starts_s[1:], curve.people_per_s, strict=False
        ):
            now_s = start_s
            while rate > 0:
                now_s += self._chance.expovariate(rate / cohort_size)
                if now_s >= end_s:
                    break
                yield self._environment.timeout(now_s - self._environment.now)
                self._system.arrive(cohort_size)
            yield self._environment.timeout(end_s - self._environment.now)

    def _bulk(self) -> simpy.events.ProcessGenerator:
        for at_s, stamps in self._scenario.bulk:
            yield self._environment.timeout(at_s - self._environment.now)
            self._system.add_bulk(stamps)

    def _deadline(self) -> simpy.events.ProcessGenerator:
        if self._scenario.curve.deadline_s is not None:
            yield self._environment.timeout(self._scenario.curve.deadline_s)
            self._stamped_by_deadline = self._system.stamped_stamps

    def _every(
        self, length_s: float, act: Callable[[float], None]
    ) -> simpy.events.ProcessGenerator:
        while True:
            yield self._environment.timeout(length_s)
            act(length_s)

    def _tick(self, length_s: float) -> None:
        """The work of publish_load_snapshot each second, and the polls of all who wait."""
        system, now_s = self._system, self._environment.now
        account = system.account
        for lane in dict.fromkeys((account.stamping, account.payments)):
            lane.pass_time(length_s)
        taken = list(account.stamping.recent)
        account.stamping.recent.clear()
        account.payments.recent.clear()
        status = self._lane_status.update(now_s, account.stamping.waiting, taken)
        polls_per_s = system.polls_per_s(status)
        if system.room is not None:
            ordered = STAMPS_A_PERSON * (system.ordered - self._ordered_before)
            self._ordered_before = system.ordered
            system.room.advance(status, ordered, asked_for(system.asked), length_s)
            self._use.record(system.room.waiting, account.stamping.waiting, length_s)
        system.asked.clear()
        self._polls += length_s * account.api.stream(now_s, polls_per_s, length_s)
        for quota in account.quotas():
            quota.close_interval(length_s)
        system.release_bulk(status, length_s)

    def _minute(self, _: float) -> None:
        for function in self._system.account.functions.values():
            function.pass_minute()

    def _check(self, _: float) -> None:
        system, ends_s = self._system, self._scenario.curve.ends_s
        if self._environment.now >= ends_s and (
            system.came == system.ordered + system.left
            and system.unpaid == 0
            and system.stamped_stamps == STAMPS_A_PERSON * system.paid
            and system.bulk_waiting_stamps == 0
        ):
            self._drained_s = self._environment.now - ends_s

    def _outcome(self) -> Outcome:
        system = self._system
        account, room = system.account, system.room
        stamps = system.stamped_stamps + system.bulk_stamped_stamps
        met = [
            LimitMet(
                quota.name, quota.per_s, quota.peak_per_s, quota.refused, quota.first_refused_s
            )
            for quota in account.quotas()
        ]
        return Outcome(
            scenario=self._scenario.name,
            variant=self._variant,
            came=system.came,
            ordered=system.ordered,
            paid=system.paid,
            left=system.left,
            stamped_stamps=system.stamped_stamps,
            unserved_stamps=STAMPS_A_PERSON * system.paid - system.stamped_stamps,
            stamped_by_deadline=self._stamped_by_deadline,
            served=system.served,
            dwells=account.stamping.dwells,
            max_waiting=account.stamping.max_waiting,
            max_in_room=room.max_waiting if room else 0,
            busy_share=self._use.busy_share(),
            closed_s=room.closed_s if room else 0.0,
            drained_s=self._drained_s,
            limits=sorted(met, key=lambda one: (one.first_s is None, one.first_s or 0)),
            max_running=account.max_running(),
            dead=account.stamping.dead + account.payments.dead,
            usd=cost_usd(account, self._polls, stamps),
        )
