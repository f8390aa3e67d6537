"""Admission in a closed loop: what it lets in comes to the lane, a payment's delay later."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from meterai.domain.admission import Rules, open_from
from meterai.domain.flow import LONG_S, LaneFlow
from tests.unit.domain.admission_run import LIMIT_S, RULES, SECOND, START, Run, lane

AtSecond = Callable[[int], float]


@dataclass
class Surge:
    """A closed loop: people come, wait, are let in, pay a while later, and are stamped."""

    arrivals_per_s: AtSecond
    stamps_per_s: AtSecond
    pays_after_s: int = 90
    stays: AtSecond = lambda _: 0.7  # of those whose turn it is, who still are there and buy
    pays: float = 1.0  # of those who buy
    rules: Rules = RULES
    deadlines: Mapping[str, datetime] = field(default_factory=dict)
    backlog: float = 0.0
    longest_wait_s: float = 0.0
    bought: float = 0.0
    stamped: float = 0.0
    closed_s: int = 0

    def __post_init__(self) -> None:
        self.run = Run(open_from(START, self.rules), deadlines=dict(self.deadlines))

    def play(self, seconds: int) -> None:
        paying = [0.0] * (seconds + self.pays_after_s + 1)
        chance = random.Random(5)
        reached = self.run.admission.watermark
        bought = 0.0
        for second in range(seconds):
            coming = self.arrivals_per_s(second) * chance.uniform(0.7, 1.3)
            self.backlog += self.pays * RULES.stamps_a_buyer * paying[second]
            taken = min(self.backlog, self.stamps_per_s(second))
            self.backlog -= taken
            self.stamped += taken
            was_open = self.run.admission.is_open
            admission = self.run.on(
                1,
                self._lane(taken),
                issued_per_s=0.0 if was_open else coming,
                bought_per_s=round(RULES.stamps_a_buyer * bought),
            )
            self.closed_s += not admission.is_open
            bought = (
                coming
                if was_open
                else self.stays(second) * self._between(reached, admission.watermark)
            )
            reached = max(reached, admission.watermark)
            paying[second + self.pays_after_s] += bought
            self.bought += bought

    def _lane(self, taken: float) -> LaneFlow:
        """As it is measured: of a lane that is short no rate is known, nor of one that stands."""
        if not taken:
            flow = lane(self.backlog, 1.0)
            return replace(flow, drained_low_per_s=0.0, drained_high_per_s=0.0, reached=START)
        wait_s = self.backlog / taken
        self.longest_wait_s = max(self.longest_wait_s, wait_s)
        flow = lane(wait_s, taken)
        if wait_s > LONG_S:
            return flow
        return replace(flow, drained_low_per_s=0.0, drained_high_per_s=0.0, reached=flow.at)

    def _between(self, after: datetime, until: datetime) -> float:
        return max(0.0, self._issued_by(until) - self._issued_by(after))

    def _issued_by(self, at: datetime) -> float:
        """Point n was noted n + 1 seconds after the start."""
        second = (at - START) / SECOND - 1
        points = self.run.issued
        place = min(max(int(second), 0), len(points) - 2)
        rise = points[place + 1].arrived - points[place].arrived
        return points[place].arrived + min(max(second - place, 0.0), 1.0) * rise


def test_in_a_surge_who_pays_waits_little_longer_than_the_limit_and_the_lane_is_kept_busy() -> None:
    """Ten times what the lane bears, for half an hour. It reacts a payment's delay late."""
    surge = Surge(lambda second: 200.0 if second < 1_800 else 1.0, lambda _: 40.0)
    surge.play(5_400)
    assert surge.longest_wait_s < 1.5 * LIMIT_S
    assert RULES.stamps_a_buyer * surge.bought > 0.5 * 5_400 * 40.0


def hour_of_ten_times_as_many(_: int) -> float:
    return 200.0


def all_the_time(_: int) -> float:
    return 40.0


def a_tenth_for_a_while(second: int) -> float:
    return 4.0 if 600 <= second < 1_200 else 40.0


def a_tenth_until_the_lane_is_empty(second: int) -> float:
    return 4.0 if 600 <= second < 3_000 else 40.0


def nothing_for_a_minute(second: int) -> float:
    return 0.0 if second % 600 < 60 else 40.0


def stop_and_start(second: int) -> float:
    return 400.0 if second % 1_200 < 300 else 0.0


NASTY = {
    "nobody leaves": Surge(hour_of_ten_times_as_many, all_the_time, stays=lambda _: 1.0),
    "almost everybody leaves": Surge(hour_of_ten_times_as_many, all_the_time, stays=lambda _: 0.1),
    "a third pays": Surge(hour_of_ten_times_as_many, all_the_time, pays=0.33),
    "payments come at once": Surge(hour_of_ten_times_as_many, all_the_time, pays_after_s=5),
    "payments take ten minutes": Surge(hour_of_ten_times_as_many, all_the_time, pays_after_s=600),
    "a tenth for a while": Surge(hour_of_ten_times_as_many, a_tenth_for_a_while),
    "a tenth for long": Surge(hour_of_ten_times_as_many, a_tenth_until_the_lane_is_empty),
    "nothing for a minute": Surge(hour_of_ten_times_as_many, nothing_for_a_minute),
    "stop and start": Surge(stop_and_start, all_the_time),
    "set far too low": Surge(
        hour_of_ten_times_as_many, all_the_time, rules=Rules(capacity_per_s=1.0)
    ),
    "set far too high": Surge(
        hour_of_ten_times_as_many, all_the_time, rules=Rules(capacity_per_s=4_000.0)
    ),
    "a deadline passes": Surge(
        hour_of_ten_times_as_many, all_the_time, deadlines={"one": START + timedelta(minutes=40)}
    ),
    "two deadlines pass": Surge(
        hour_of_ten_times_as_many,
        all_the_time,
        deadlines={
            "one": START + timedelta(minutes=40),
            "two": START + timedelta(minutes=50),
        },
    ),
}


@pytest.mark.parametrize("name", NASTY)
def test_it_neither_starves_the_lane_nor_floods_it(name: str) -> None:
    surge = replace(NASTY[name])
    surge.play(7_200)
    could = sum(surge.stamps_per_s(s) for s in range(7_200))
    print(f"\n{name}: wait {surge.longest_wait_s:.0f} s, used {surge.stamped / could:.2f}", surge.run.admission.level, round(surge.run.admission.capacity_per_s,1), surge.closed_s, end='')
