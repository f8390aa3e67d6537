"""When people arrive: a slow start, a steep rise, two peaks and a tail, drawn from a seed.

The estimator was not tuned on this shape (`tests/unit/domain/test_queue_estimates.py` has steps,
ramps and bells). It rises as word spreads, and jumps when the evening news reports it.
"""

import math
import random
from bisect import bisect_left
from itertools import accumulate

_STEPS = 1_000
_WORD_SPREADS, _NEWS, _SLEEP = 0.30, 0.55, 0.78  # of the whole time


def arrivals(people: int, seconds: float, seed: int) -> list[float]:
    """The times at which this many people arrive, in seconds from the start, in order."""
    chance = random.Random(seed)
    weights = [_density(step / _STEPS) for step in range(_STEPS)]
    until = list(accumulate(weights))
    drawn = (chance.random() * until[-1] for _ in range(people))
    places = (bisect_left(until, each) for each in drawn)
    return sorted(seconds * (place + chance.random()) / _STEPS for place in places)


def _density(x: float) -> float:
    """The density of arrivals at `x`, from 0 to 1. Only its shape matters."""
    word = 1 / (1 + math.exp(-(x - _WORD_SPREADS) / 0.035))
    news = 1.4 * math.exp(-(x - _NEWS) / 0.09) if x >= _NEWS else 0.0
    awake = 1.0 if x < _SLEEP else math.exp(-(x - _SLEEP) / 0.07)
    return (0.08 + 0.8 * word + news) * awake
