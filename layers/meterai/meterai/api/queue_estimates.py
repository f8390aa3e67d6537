"""How long something waits, as ranges, from measurements of about a second ago."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from meterai.api.models import Answer, Count
from meterai.domain.waiting.load_snapshot import QueuePosition
from meterai.domain.waiting.queue_status import Range

MILLISECOND = timedelta(milliseconds=1)


class PositionAnswer(Answer):
    """How many are ahead in the queue, from `low` to `high`."""

    low: Count
    high: Count

    @classmethod
    def of(cls, ahead: Range) -> "PositionAnswer":
        return cls(low=ahead.low, high=ahead.high)


class EstimateAnswer(Answer):
    """Seconds from now, from the shortest to the longest that is likely."""

    from_s: Count
    to_s: Count = Field(description="At most three times `from_s`")

    @classmethod
    def of(cls, wait: Range) -> "EstimateAnswer":
        return cls(from_s=wait.low, to_s=wait.high)


Position = Annotated[
    PositionAnswer | None,
    Field(description="How many are ahead in the queue; null: it does not wait, or not known"),
]
Estimate = Annotated[
    EstimateAnswer | None,
    Field(description="How long it still waits; null: it does not wait, or not known"),
]


def position_of(queue_position: QueuePosition | None) -> PositionAnswer | None:
    return None if queue_position is None else PositionAnswer.of(queue_position.ahead)


def estimate_of(queue_position: QueuePosition | None) -> EstimateAnswer | None:
    wait = None if queue_position is None else queue_position.wait
    return None if wait is None else EstimateAnswer.of(wait)


def poll_after_ms(queue_position: QueuePosition | None, min_ms: int) -> int:
    """At least `min_ms`; longer, the longer it still waits."""
    if queue_position is None:
        return min_ms
    return max(min_ms, round(queue_position.poll_after / MILLISECOND))
