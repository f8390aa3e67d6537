"""What operators send besides: why."""

from typing import Final, TypedDict

from pydantic import Field

from meterai.api.portals import DeadlineRequest


class _Reason(TypedDict):
    min_length: int
    max_length: int
    pattern: str
    description: str


REASON: Final[_Reason] = {
    "min_length": 5,
    "max_length": 200,
    "pattern": r"\S.*\S",
    "description": "Why; kept in the audit trail with your name, before anything is done",
}


class OperatorDeadlineRequest(DeadlineRequest):
    """A portal's deadline, set in its place."""

    reason: str = Field(**REASON)
