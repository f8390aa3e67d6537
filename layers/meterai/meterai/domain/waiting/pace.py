"""How fast people are admitted from the waiting room, and what follows for those who wait."""

import math
from dataclasses import dataclass

from meterai.domain.waiting.queue_status import MAX_WAIT_S

MAX_PACE = 2.0  # times what the lane makes
MIN_SETTLES_S = 60.0  # so fast the window is filled or emptied


@dataclass(frozen=True, slots=True)
class Pace:
    """How people are admitted from now on: `people_per_s`, as many as the lane serves now;
    `missing` more, or fewer where it is negative, spread over about `settles_s`, once the lane has
    had work after `idle_s`. `usual_per_s`: as many as the lane serves on average, for estimates.
    """

    people_per_s: float
    usual_per_s: float
    missing: float = 0.0
    settles_s: float = MIN_SETTLES_S
    idle_s: float = 0.0

    @property
    def now_per_s(self) -> float:
        per_s = self.people_per_s + self.missing / self.settles_s
        return min(max(0.0, per_s), MAX_PACE * self.people_per_s)

    def wait_s(self, ahead: float) -> float:
        """Until so many people have been admitted."""
        usual_per_s = self.usual_per_s
        # While far too much is on its way nobody is admitted, and the lane works it off.
        max_surplus = usual_per_s * self.settles_s
        shut_s = max(0.0, -self.missing - max_surplus) / usual_per_s
        shut_s += self.idle_s if self.missing < 0 else 0.0
        missing = max(self.missing, -max_surplus)
        low_s, high_s = 0.0, (ahead + abs(missing)) / usual_per_s
        for _ in range(30):
            middle_s = (low_s + high_s) / 2
            filled = missing * -math.expm1(-middle_s / self.settles_s)
            if usual_per_s * middle_s + filled < ahead:
                low_s = middle_s
            else:
                high_s = middle_s
        return min(MAX_WAIT_S, shut_s + max(high_s, ahead / (MAX_PACE * usual_per_s)))
