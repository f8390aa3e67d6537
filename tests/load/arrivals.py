"""When people come: a slow beginning, a steep rise, two peaks and a tail, drawn from a seed.

Not one of the curves that the estimator was tuned on (`tests/unit/domain/test_queue_estimates.py`
has steps, ramps and bells): it rises as a rumour does, and jumps where the evening news tell of it.
"""

import math
import random
from bisect import bisect_left
from itertools import accumulate

_STEPS = 1_000
_RUMOUR, _NEWS, _SLEEP = 0.30, 0.55, 0.78  # of the whole time


def arrivals(people: int, seconds: float, seed: int) -> list[float]:
    """Seconds from the beginning at which so many people come, in order."""
    chance = random.Random(seed)
    weights = [_density(step / _STEPS) for step in range(_STEPS)]
    until = list(accumulate(weights))
    drawn = (chance.random() * until[-1] for _ in range(people))
    places = (bisect_left(until, each) for each in drawn)
    return sorted(seconds * (place + chance.random()) / _STEPS for place in places)


def _density(x: float) -> float:
    """How many come at `x`, from 0 to 1, in no unit: only its shape means something."""
    rumour = 1 / (1 + math.exp(-(x - _RUMOUR) / 0.035))
    news = 1.4 * math.exp(-(x - _NEWS) / 0.09) if x >= _NEWS else 0.0
    awake = 1.0 if x < _SLEEP else math.exp(-(x - _SLEEP) / 0.07)
    return (0.08 + 0.8 * rumour + news) * awake
