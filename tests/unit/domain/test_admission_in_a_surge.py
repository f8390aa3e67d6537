"""Admission in a closed loop: what it lets in comes to the lane, a payment's delay later."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from meterai.domain.admission import Rules, open_from
from meterai.domain.flow import LONG_S, LaneFlow
from tests.unit.domain.admission_run import LIMIT_S, MINUTE, RULES, SECOND, START, Run, lane

AtSecond = Callable[[int], float]
LASTS_S = 6_000


@dataclass
class Surge:
    """A closed loop: people come, wait, are let in, pay a while later, and are stamped."""

    arrivals_per_s: AtSecond
    stamps_per_s: AtSecond
    pays_after_s: int = 90
    stays: AtSecond = lambda _: 0.7  # of those whose turn it is, who still are there and buy
    pays: float = 1.0  # of those who buy
    rules: Rules = RULES
    deadlines: Sequence[int] = ()  # in minutes
    backlog: float = 0.0
    longest_wait_s: float = 0.0
    bought: float = 0.0
    stamped: float = 0.0

    def __post_init__(self) -> None:
        self.run = Run(open_from(START, self.rules))
        for minutes in self.deadlines:
            self.run.deadlines[f"portal {minutes}"] = START + minutes * MINUTE

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
        if len(points) < 2:
            return 0.0
        place = min(max(int(second), 0), len(points) - 2)
        rise = points[place + 1].arrived - points[place].arrived
        return points[place].arrived + min(max(second - place, 0.0), 1.0) * rise


def test_in_a_surge_who_pays_waits_little_longer_than_the_limit_and_the_lane_is_kept_busy() -> None:
    """Ten times what the lane bears, for half an hour. It reacts a payment's delay late."""
    surge = Surge(lambda second: 200.0 if second < 1_800 else 1.0, lambda _: 40.0)
    surge.play(5_400)
    assert surge.longest_wait_s < 1.5 * LIMIT_S
    assert RULES.stamps_a_buyer * surge.bought > 0.5 * 5_400 * 40.0


def ten_times(_: int) -> float:
    return 200.0


def forty(_: int) -> float:
    return 40.0


def a_tenth_for_a_while(second: int) -> float:
    return 4.0 if 600 <= second < 1_200 else 40.0


def a_tenth_for_long(second: int) -> float:
    return 4.0 if 600 <= second < 3_000 else 40.0


def a_few(_: int) -> float:
    return 6.0


def nothing_for_a_minute(second: int) -> float:
    return 0.0 if second % 600 < 60 else 40.0


def stop_and_start(second: int) -> float:
    return 400.0 if second % 1_200 < 300 else 0.0


def _surge(
    arrivals_per_s: AtSecond = ten_times, stamps_per_s: AtSecond = forty, **more: Any
) -> Surge:
    return Surge(arrivals_per_s, stamps_per_s, **more)


# The longest wait of somebody who paid, in seconds, and how much of what could be stamped was.
NASTY: Mapping[str, tuple[Surge, float, float]] = {
    "nobody leaves": (_surge(stays=lambda _: 1.0), 300, 0.9),
    "almost everybody leaves": (_surge(stays=lambda _: 0.1), 300, 0.4),
    "a third pays": (_surge(pays=0.33), 300, 0.6),
    "payments come at once": (_surge(pays_after_s=5), 300, 0.9),
    "payments take ten minutes": (_surge(pays_after_s=600), 300, 0.7),
    "a tenth for a while": (_surge(stamps_per_s=a_tenth_for_a_while), 1_500, 0.9),
    "a tenth for long": (_surge(stamps_per_s=a_tenth_for_long), 1_500, 0.9),
    "a tenth for long, and most leave": (
        _surge(stamps_per_s=a_tenth_for_long, stays=lambda _: 0.3),
        600,
        0.6,
    ),
    "nothing for a minute": (_surge(stamps_per_s=nothing_for_a_minute), 300, 0.9),
    "stop and start": (_surge(stop_and_start), 300, 0.9),
    "set far too low": (_surge(rules=Rules(capacity_per_s=1.0)), 300, 0.9),
    "set far too low, and few come": (_surge(a_few, rules=Rules(capacity_per_s=1.0)), 300, 0.6),
    "set far too high": (_surge(rules=Rules(capacity_per_s=4_000.0)), 900, 0.9),
    "a deadline passes": (_surge(deadlines=[40]), 300, 0.9),
    "two deadlines pass": (_surge(deadlines=[40, 50]), 300, 0.9),
}


@pytest.mark.parametrize("name", NASTY)
def test_it_neither_floods_the_lane_nor_starves_it(name: str) -> None:
    surge, longest_wait_s, least = NASTY[name]
    surge.play(LASTS_S)
    could = min(
        sum(surge.stamps_per_s(second) for second in range(LASTS_S)),
        RULES.stamps_a_buyer * sum(surge.arrivals_per_s(second) for second in range(LASTS_S)),
    )
    assert surge.longest_wait_s < longest_wait_s
    assert surge.stamped > least * could
