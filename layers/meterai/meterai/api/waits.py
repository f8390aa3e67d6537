"""How long something waits: told as ranges, from what was measured a second ago."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from meterai.api.forms import Answer
from meterai.domain.flow import Range, Standing

MILLISECOND = timedelta(milliseconds=1)
UNKNOWN_MS = 5_000


class PositionAnswer(Answer):
    """How many stand before it, from low to high."""

    low: int
    high: int

    @classmethod
    def of(cls, ahead: Range) -> "PositionAnswer":
        return cls(low=ahead.low, high=ahead.high)


class EstimateAnswer(Answer):
    """How many seconds from now, from the least to the most that is likely."""

    from_s: int = Field(ge=0)
    to_s: int = Field(description="At most three times `from_s`")

    @classmethod
    def of(cls, wait: Range) -> "EstimateAnswer":
        return cls(from_s=wait.low, to_s=wait.high)


Position = Annotated[
    PositionAnswer | None,
    Field(description="How many stand before it; null: nothing waits, or it is not known"),
]
Estimate = Annotated[
    EstimateAnswer | None,
    Field(description="How long it still waits; null: nothing waits, or it is not known"),
]


def position_of(standing: Standing | None) -> PositionAnswer | None:
    return None if standing is None else PositionAnswer.of(standing.ahead)


def estimate_of(standing: Standing | None) -> EstimateAnswer | None:
    wait = None if standing is None else standing.wait
    return None if wait is None else EstimateAnswer.of(wait)


def poll_after_ms(standing: Standing | None, least_ms: int) -> int:
    """The later the longer it still waits."""
    if standing is None:
        return least_ms
    return max(least_ms, round(standing.poll_after / MILLISECOND))
