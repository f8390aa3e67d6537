"""The metrics of the stack."""

from typing import Protocol

from meterai.domain.metrics import Metric


class Metrics(Protocol):
    def record(self, metric: Metric, value: int = 1) -> None:
        """Report one value. It never fails; values of the same minute are kept apart."""
        ...
