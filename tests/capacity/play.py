"""One scenario, played with one way of building the office."""

import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import simpy

from tests.capacity.account import Account
from tests.capacity.centre import Centre
from tests.capacity.cost import cost_usd
from tests.capacity.curve import STAMPS_A_PERSON, Curve
from tests.capacity.latencies import LATENCIES
from tests.capacity.measured import Measured
from tests.capacity.office import Container
from tests.capacity.outcome import LimitMet, Outcome, Series
from tests.capacity.people import PEOPLE, People
from tests.capacity.room import Gauge
from tests.capacity.sizes import Size
from tests.capacity.times import Times

MINUTE_S = 60
CENTRE_GRAIN = 100  # which its dozen servers have done in four seconds
RECENT_S = 60  # a wait is told of who was stamped in the last minute, or since the last sample


class Way(StrEnum):
    CENTRE = "one centre, no queue"
    ONE_QUEUE = "one queue for all"
    COLD = "our lanes, as deployed"
    WARM = "our lanes, set before the day"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`grain`: how many people stay together; `tick_s`: how often lanes and room are looked at."""

    name: str
    curve: Curve
    expected_people_per_s: float  # in the fullest minute; what `Way.WARM` is set for
    people: People = PEOPLE
    grain: int = 10
    tick_s: float = 1
    sample_s: float = 10
    patience_s: float = 4 * 3_600  # after the last arrival, for everything to be finished
    bulk: tuple[tuple[float, int], ...] = field(default=())  # (at, stamps) of distributors


def play(
    scenario: Scenario, way: Way, size: Size, measured: Measured, *, seed: int, latency: float = 1
) -> Outcome:
    """Until everybody is served or gone, or `patience_s` after the last came."""
    environment = simpy.Environment()
    times = Times(measured, random.Random(seed), LATENCIES.scaled(latency))
    if way is Way.CENTRE:
        return _Run(environment, scenario, way, times, Centre(environment, times)).outcome()
    account = Account(environment, size, times, one_queue=way is Way.ONE_QUEUE)
    has_lanes = way in (Way.COLD, Way.WARM)
    office = Container(
        environment, account, times, scenario.people, admits=has_lanes, feeds_bulk=has_lanes
    )
    return _Run(environment, scenario, way, times, office).outcome()


class _Run:
    def __init__(
        self,
        environment: simpy.Environment,
        scenario: Scenario,
        way: Way,
        times: Times,
        place: Container | Centre,
    ) -> None:
        self._environment = environment
        self._scenario = scenario
        self._way = way
        self._chance = times.chance
        self._place = place
        self._gauge = Gauge()
        self._looks = 0.0
        self._ordered_before = 0
        self._series = Series()
        self._drained_s: float | None = None
        self._stamped_by_deadline = 0

    def outcome(self) -> Outcome:
        environment, curve = self._environment, self._scenario.curve
        environment.process(self._arrivals())
        environment.process(self._every(self._scenario.sample_s, self._sample))
        environment.process(self._deadline())
        if isinstance(self._place, Container):
            environment.process(self._every(self._scenario.tick_s, self._tick))
            environment.process(self._every(MINUTE_S, self._minute))
            environment.process(self._bulk(self._place))
        while environment.peek() < curve.ends_s + self._scenario.patience_s:
            environment.step()
            if self._drained_s is not None:
                break
        return self._told()

    # --- what happens ----------------------------------------------------------------------------

    def _arrivals(self) -> simpy.events.ProcessGenerator:
        """A Poisson process whose rate follows the curve."""
        curve, grain = self._scenario.curve, self._scenario.grain
        if self._way is Way.CENTRE:
            grain = CENTRE_GRAIN
        for start_s, end_s, rate in zip(
            curve.starts_s, curve.starts_s[1:], curve.people_per_s, strict=False
        ):
            now_s = start_s
            while rate > 0:
                now_s += self._chance.expovariate(rate / grain)
                if now_s >= end_s:
                    break
                yield self._environment.timeout(now_s - self._environment.now)
                self._place.arrive(grain)
            yield self._environment.timeout(end_s - self._environment.now)

    def _bulk(self, office: Container) -> simpy.events.ProcessGenerator:
        for at_s, stamps in self._scenario.bulk:
            yield self._environment.timeout(at_s - self._environment.now)
            office.bring_bulk(stamps)

    def _deadline(self) -> simpy.events.ProcessGenerator:
        if self._scenario.curve.deadline_s is not None:
            yield self._environment.timeout(self._scenario.curve.deadline_s)
            self._stamped_by_deadline = self._place.stamped_stamps

    def _every(
        self, length_s: float, act: Callable[[float], None]
    ) -> simpy.events.ProcessGenerator:
        while True:
            yield self._environment.timeout(length_s)
            act(length_s)

    def _tick(self, length_s: float) -> None:
        """What `measure` does each second, and the looks of those who wait."""
        office = self._place
        assert isinstance(office, Container)
        account, now_s = office.account, self._environment.now
        lanes = {account.stamping, account.payments}
        for lane in lanes:
            lane.pass_time(length_s)
        taken = [(dwell_s, count) for _, dwell_s, count in account.stamping.recent]
        account.stamping.recent.clear()
        account.payments.recent.clear()
        flow = self._gauge.look(now_s, account.stamping.waiting, taken)
        looks_per_s = office.looks_per_s(flow)
        if office.room is not None:
            bought = STAMPS_A_PERSON * (office.ordered - self._ordered_before)
            self._ordered_before = office.ordered
            office.room.move_on(flow, bought, now_s, length_s)
        self._looks += length_s * account.gate.stream(now_s, looks_per_s, length_s)
        for quota in account.quotas():
            quota.close_interval(length_s)
        office.release_bulk(flow, length_s)

    def _minute(self, _: float) -> None:
        assert isinstance(self._place, Container)
        for function in self._place.account.functions.values():
            function.pass_minute()

    def _sample(self, length_s: float) -> None:
        place, now_s = self._place, self._environment.now
        room = place.room.waiting if isinstance(place, Container) and place.room else 0
        lanes = (
            (place.account.stamping, place.account.payments)
            if isinstance(place, Container)
            else (place.pool, place.pool)
        )
        self._series.add(
            at_s=now_s,
            offered=STAMPS_A_PERSON * self._scenario.curve.at(now_s - length_s / 2),
            stamped=place.stamped_stamps,
            stamping_waiting=lanes[0].waiting,
            payments_waiting=lanes[1].waiting,
            room=room,
            wait_s=_recent_wait_s(place.recent, now_s - max(RECENT_S, length_s)),
            without=place.came - place.never_paid - place.stamped_stamps / STAMPS_A_PERSON,
            usd=self._usd(),
            writes=sum(table.asked for table in place.account.tables.values())
            if isinstance(place, Container)
            else 0,
        )
        if now_s >= self._scenario.curve.ends_s and self._is_drained():
            self._drained_s = now_s - self._scenario.curve.ends_s

    # --- what has become of it -------------------------------------------------------------------

    def _is_drained(self) -> bool:
        place = self._place
        if isinstance(place, Centre):
            settled = place.stamped_stamps + place.lost_stamps
            return place.came == place.ordered + place.left and settled == 2 * place.paid
        return (
            place.came == place.ordered + place.left
            and place.unpaid == 0
            and place.stamped_stamps == STAMPS_A_PERSON * place.paid
            and place.bulk_waiting_stamps == 0
        )

    def _usd(self) -> float:
        if isinstance(self._place, Centre):
            return 0.0
        stamps = self._place.stamped_stamps + self._place.bulk_stamped_stamps
        return cost_usd(self._place.account, self._looks, stamps)

    def _told(self) -> Outcome:
        place = self._place
        account = place.account if isinstance(place, Container) else None
        room = place.room if isinstance(place, Container) else None
        lane = place.pool if isinstance(place, Centre) else place.account.stamping
        met = [
            LimitMet(
                quota.name, quota.per_s, quota.peak_per_s, quota.refused, quota.first_refused_s
            )
            for quota in (account.quotas() if account else ())
        ]
        return Outcome(
            scenario=self._scenario.name,
            way=self._way,
            came=place.came,
            ordered=place.ordered,
            paid=place.paid,
            left=place.left,
            stamped_stamps=place.stamped_stamps,
            lost_stamps=place.lost_stamps if isinstance(place, Centre) else 0,
            unserved_stamps=STAMPS_A_PERSON * place.paid - place.stamped_stamps,
            stamped_by_deadline=self._stamped_by_deadline,
            served=place.served,
            dwells=lane.dwells,
            most_waiting=lane.most_waiting,
            most_in_room=room.most_waiting if room else 0,
            closed_s=room.closed_s if room else 0.0,
            drained_s=self._drained_s,
            limits=sorted(met, key=lambda one: (one.first_s is None, one.first_s or 0)),
            most_running=account.most_running() if account else {},
            dead=account.stamping.dead + account.payments.dead if account else 0,
            usd=self._usd(),
            series=self._series,
        )


def _recent_wait_s(recent: deque[tuple[float, float, int]], since_s: float) -> float:
    """From payment to stamp, p90, of those stamped since then; no number of nobody."""
    while recent and recent[0][0] < since_s:
        recent.popleft()
    left = 0.9 * sum(stamps for _, _, stamps in recent)
    for wait_s, stamps in sorted((wait_s, stamps) for _, wait_s, stamps in recent):
        left -= stamps
        if left <= 0:
            return wait_s
    return math.nan
