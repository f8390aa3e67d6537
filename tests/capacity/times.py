"""How long a step takes: our processor times and the latencies of AWS and the gateway."""

import random
from dataclasses import dataclass

from tests.capacity import units
from tests.capacity.latencies import LATENCIES, SPREAD, Latencies
from tests.capacity.measured import HTTP_ANSWER_S, WHOLE_PROCESSOR_MB, Measured
from tests.capacity.units import Step

# botocore's standard mode with three tries pauses this long on average before it fails.
SDK_RETRIES_S = 1.5


@dataclass(slots=True)
class Times:
    """Draws the seconds of one call, log-normal around its mean with `SPREAD`."""

    measured: Measured
    chance: random.Random
    latencies: Latencies = LATENCIES

    def http_s(self, step: Step, memory_mb: int, gateway_s: float = 0) -> float:
        answer_s = HTTP_ANSWER_S / _processor(memory_mb)
        return self._drawn(answer_s + self._latency_s(step) + gateway_s)

    def confirm_s(self) -> float:
        return self._drawn(self._latency_s(units.CONFIRM) + self.latencies.gateway_status_s)

    def stamp_s(self, documents: int, memory_mb: int) -> float:
        """A call with `documents` messages: their waits overlap, their processor time does not."""
        waits_s = self._latency_s(units.STAMP) + self.latencies.kms_s
        busy_s = documents * self.measured.stamp_s / _processor(memory_mb)
        return self._drawn(waits_s + busy_s)

    def cold_s(self, function: str, memory_mb: int) -> float:
        # A function that the benchmark's file does not have counts as slow as the slowest.
        slowest_s = max(self.measured.imports_s.values())
        imports_s = self.measured.imports_s.get(_folder(function), slowest_s)
        return self.latencies.cold_platform_s + imports_s / _processor(memory_mb)

    def mean_s(self, step: Step) -> float:
        """The mean of an HTTP function on half a processor."""
        return 2 * HTTP_ANSWER_S + self._latency_s(step)

    def _latency_s(self, step: Step) -> float:
        return (
            step.dynamodb_calls * self.latencies.dynamodb_s
            + step.s3_calls * self.latencies.s3_s
            + step.sqs_calls * self.latencies.sqs_s
        )

    def _drawn(self, mean_s: float) -> float:
        return mean_s * self.chance.lognormvariate(-SPREAD * SPREAD / 2, SPREAD)


def _processor(memory_mb: int) -> float:
    """The share of a processor that this memory buys; more than one is of no use here."""
    return min(1.0, memory_mb / WHOLE_PROCESSOR_MB)


def _folder(function: str) -> str:
    """RequestStamping: functions/request_stamping."""
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in function).lstrip("_")
