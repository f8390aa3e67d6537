"""Admission in a closed loop: what it lets in comes to the lane, a payment's delay later."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tests.unit.domain.admission_run import LIMIT_S, RULES, SECOND, START, Run, lane


@dataclass
class Surge:
    """A closed loop: people come, wait, are let in, pay a while later, and are stamped."""

    arrivals_per_s: Callable[[int], float]
    stamps_per_s: float
    pays_after_s: int = 90
    leaves: float = 0.3  # of those who wait, who do not come back
    run: Run = field(default_factory=Run)
    backlog: float = 0.0
    longest_wait_s: float = 0.0
    bought: float = 0.0
    bought_last: float = 0.0

    def play(self, seconds: int) -> None:
        paying = [0.0] * (seconds + self.pays_after_s + 1)
        chance = random.Random(5)
        reached = self.run.admission.watermark
        for second in range(seconds):
            coming = self.arrivals_per_s(second) * chance.uniform(0.7, 1.3)
            self.backlog += RULES.stamps_a_buyer * paying[second]
            self.backlog = max(0.0, self.backlog - self.stamps_per_s)
            wait_s = self.backlog / self.stamps_per_s
            self.longest_wait_s = max(self.longest_wait_s, wait_s)
            was_open = self.run.admission.is_open
            admission = self.run.on(
                1,
                lane(wait_s, self.stamps_per_s),
                issued_per_s=0.0 if was_open else coming,
                bought_per_s=round(self.bought_last),
            )
            let_in = (
                coming
                if was_open
                else (1 - self.leaves) * self._between(reached, admission.watermark)
            )
            reached = admission.watermark
            paying[second + self.pays_after_s] += let_in
            self.bought += let_in
            self.bought_last = RULES.stamps_a_buyer * let_in

    def _between(self, after: datetime, until: datetime) -> float:
        return self._issued_by(until) - self._issued_by(after)

    def _issued_by(self, at: datetime) -> float:
        """Point n was noted n + 1 seconds after the start."""
        second = (at - START) / SECOND - 1
        points = self.run.issued
        place = min(max(int(second), 0), len(points) - 2)
        rise = points[place + 1].arrived - points[place].arrived
        return points[place].arrived + min(max(second - place, 0.0), 1.0) * rise


def test_in_a_surge_who_pays_waits_little_longer_than_the_limit_and_the_lane_is_kept_busy() -> None:
    """Ten times what the lane bears, for half an hour. It reacts a payment's delay late."""
    surge = Surge(lambda second: 200.0 if second < 1_800 else 1.0, stamps_per_s=40.0)
    surge.play(5_400)
    assert surge.longest_wait_s < 1.5 * LIMIT_S
    assert RULES.stamps_a_buyer * surge.bought > 0.5 * 5_400 * surge.stamps_per_s
