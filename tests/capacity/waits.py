"""A histogram of waits with logarithmic bins: its quantiles are exact to within four percent."""

import math
from collections import Counter

BINS_OF_A_FACTOR_E = 25


class Waits:
    """The mean is exact."""

    def __init__(self) -> None:
        self.count = 0
        self.total_s = 0.0
        self.max_s = 0.0
        self._bins: Counter[int] = Counter()

    def add(self, wait_s: float, count: int = 1) -> None:
        self.count += count
        self.total_s += wait_s * count
        self.max_s = max(self.max_s, wait_s)
        self._bins[round(BINS_OF_A_FACTOR_E * math.log(max(wait_s, 1e-4)))] += count

    @property
    def mean_s(self) -> float:
        return self.total_s / self.count if self.count else 0.0

    def quantile_s(self, share: float) -> float:
        """This share waited so long or less; 0 if nothing waited."""
        left = share * self.count
        for size in sorted(self._bins):
            left -= self._bins[size]
            if left <= 0:
                return min(math.exp(size / BINS_OF_A_FACTOR_E), self.max_s)
        return self.max_s
