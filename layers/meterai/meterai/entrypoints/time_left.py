"""How long the present invocation may still run, for those who wait for somebody within it."""

from math import inf
from time import monotonic

from aws_lambda_powertools.utilities.typing import LambdaContext


class TimeLeft:
    """In seconds. Outside of an invocation, as in the command line, there is no end."""

    def __init__(self) -> None:
        self._ends_at = inf

    def begin(self, context: LambdaContext) -> None:
        self._ends_at = monotonic() + context.get_remaining_time_in_millis() / 1_000

    def __call__(self) -> float:
        return self._ends_at - monotonic()


time_left = TimeLeft()
