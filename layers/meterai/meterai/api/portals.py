"""Portals: by when they want their stamped files, and whether that can still be met."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from meterai.api.models import Answer, PollAfter, Request
from meterai.api.queue_estimates import EstimateAnswer
from meterai.domain.waiting.deadlines import Deadline, Outlook

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
_WITH_ZONE = re.compile(rf"{_DAY}T{_TIME}(Z|[+-][0-9]{{2}}:[0-9]{{2}})", re.ASCII)
POLL_AFTER_MS = 15_000  # it moves by the second, and nobody's place depends on it


def _with_zone(value: object) -> object:
    """Raises ValueError. Otherwise a number would be read too, as seconds since 1970."""
    if isinstance(value, str) and _WITH_ZONE.fullmatch(value):
        return value
    raise ValueError("a time with its zone (RFC 3339), as 2026-12-31T23:59:59+07:00")


def _in_utc(at: datetime) -> datetime:
    """Raises ValueError."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time between the years 1 and 9999 in UTC") from None


Moment = Annotated[
    AwareDatetime, Field(strict=False), BeforeValidator(_with_zone), AfterValidator(_in_utc)
]


class DeadlineRequest(Request):
    """By when a portal wants its stamped files. What was told last counts."""

    deadline_at: Moment | None = Field(
        description="With its zone; ahead, and by a year at most. null removes it"
    )
    honours_receipts: bool = Field(
        description="Say true to take a receipt (GET /v1/stampings/{stamping_id}/receipt) of "
        "before the deadline for a file that comes after it"
    )


class DeadlineAnswer(Answer):
    """The deadline that stands; within a second or two everybody knows it."""

    portal: str
    deadline_at: datetime | None
    honours_receipts: bool
    told_at: datetime

    @classmethod
    def of(cls, deadline: Deadline) -> "DeadlineAnswer":
        return cls(
            portal=deadline.portal,
            deadline_at=deadline.deadline_at,
            honours_receipts=deadline.honours_receipts,
            told_at=deadline.told_at,
        )


class PortalAnswer(Answer):
    """A portal, as it is at this second."""

    portal: str
    deadline_at: datetime | None = Field(description="null: it has told none")
    honours_receipts: bool = Field(
        description="It takes a receipt of before the deadline for a file that comes after it"
    )
    in_time: bool | None = Field(
        description="Whether what is bought now would be: POST /v1/orders with this portal is "
        "refused where not. null: there is no deadline"
    )
    estimate: EstimateAnswer | None = Field(
        description="How long from now until what is bought now is stamped, its payment included; "
        "null: that is not known"
    )
    says: str = Field(description="How it stands, in plain words")
    says_id: str = Field(description="The same in Indonesian")
    poll_after_ms: PollAfter

    @classmethod
    def of(cls, portal: str, known: Outlook, now: datetime) -> "PortalAnswer":
        says, says_id = _says(known, now)
        return cls(
            portal=portal,
            deadline_at=known.deadline_at,
            honours_receipts=known.honours_receipts,
            in_time=known.is_in_time,
            estimate=None if known.stamped_in is None else EstimateAnswer.of(known.stamped_in),
            says=says,
            says_id=says_id,
            poll_after_ms=POLL_AFTER_MS,
        )


_NONE = (
    "It has told no deadline.",
    "Portal ini tidak menyebut batas waktu.",
)
_PAST = (
    "Its deadline is past. E-meterai that are paid for stay available.",
    "Batas waktunya sudah lewat. E-meterai yang sudah dibayar tetap tersedia.",
)
_IN_TIME = (
    "What is bought and paid now will be stamped in time.",
    "Yang dibeli dan dibayar sekarang akan dibubuhkan tepat waktu.",
)
_BY_RECEIPT = (
    "What is bought, paid and asked for now is in time: the portal takes its receipt for it.",
    "Yang dibeli, dibayar, dan diminta sekarang tepat waktu: portal menerima tanda terimanya.",
)
_TOO_LATE = (
    "What is bought now could not be stamped in time.",
    "Yang dibeli sekarang tidak akan sempat dibubuhkan tepat waktu.",
)


def _says(known: Outlook, now: datetime) -> tuple[str, str]:
    if known.deadline_at is None:
        return _NONE
    if known.deadline_at <= now:
        return _PAST
    if not known.is_in_time:
        return _TOO_LATE
    return _BY_RECEIPT if known.honours_receipts else _IN_TIME
