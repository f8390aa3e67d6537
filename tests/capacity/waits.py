"""How long things waited: counts by size, from which quantiles are read to within four percent."""

import math
from collections import Counter

BINS_OF_A_FACTOR_E = 25


class Waits:
    """Weighted by how many waited as long; the mean is exact."""

    def __init__(self) -> None:
        self.count = 0
        self.total_s = 0.0
        self.longest_s = 0.0
        self._bins: Counter[int] = Counter()

    def add(self, wait_s: float, count: int = 1) -> None:
        self.count += count
        self.total_s += wait_s * count
        self.longest_s = max(self.longest_s, wait_s)
        self._bins[round(BINS_OF_A_FACTOR_E * math.log(max(wait_s, 1e-4)))] += count

    @property
    def mean_s(self) -> float:
        return self.total_s / self.count if self.count else 0.0

    def quantile_s(self, share: float) -> float:
        """So long or less waited that share; 0 where nothing did."""
        left = share * self.count
        for size in sorted(self._bins):
            left -= self._bins[size]
            if left <= 0:
                return min(math.exp(size / BINS_OF_A_FACTOR_E), self.longest_s)
        return self.longest_s
