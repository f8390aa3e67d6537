"""Portals: by when they want their stamped files, and whether that can still be met."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from meterai.api.models import Answer, Message, PollAfter, Request
from meterai.api.queue_estimates import EstimateAnswer
from meterai.domain.waiting.deadlines import Deadline, Outlook
from meterai.languages import Language, Text

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
_WITH_ZONE = re.compile(rf"{_DAY}T{_TIME}(Z|[+-][0-9]{{2}}:[0-9]{{2}})", re.ASCII)
POLL_AFTER_MS = 15_000  # changes by the second; no place in a queue depends on it


def _with_zone(value: object) -> object:
    """Raises ValueError. Pydantic alone would also read a number, as seconds since 1970."""
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
    """By when a portal wants its stamped files. The last one set counts."""

    deadline_at: Moment | None = Field(
        description="With its time zone; in the future, within a year. null removes it"
    )
    honours_receipts: bool = Field(
        description="true: the portal accepts a file after the deadline if its receipt (GET "
        "/v1/stampings/{stamping_id}/receipt) is from before it"
    )


class DeadlineAnswer(Answer):
    """The deadline as it is now set. Every answer uses it within two seconds."""

    portal: str
    deadline_at: datetime | None
    honours_receipts: bool
    set_at: datetime

    @classmethod
    def of(cls, deadline: Deadline) -> "DeadlineAnswer":
        return cls(
            portal=deadline.portal,
            deadline_at=deadline.deadline_at,
            honours_receipts=deadline.honours_receipts,
            set_at=deadline.reported_at,
        )


class PortalAnswer(Answer):
    """A portal, and whether its deadline can still be met."""

    portal: str
    deadline_at: datetime | None = Field(description="null: it has set none")
    honours_receipts: bool = Field(
        description="It accepts a late file if its receipt is from before the deadline"
    )
    in_time: bool | None = Field(
        description="Whether an e-meterai bought now would be stamped in time; if not, POST "
        "/v1/orders with this portal is refused. null: there is no deadline"
    )
    estimate: EstimateAnswer | None = Field(
        description="From now until an e-meterai bought now is stamped, its payment included; "
        "null: not known"
    )
    message: Message
    poll_after_ms: PollAfter

    @classmethod
    def of(cls, portal: str, known: Outlook, now: datetime, language: Language) -> "PortalAnswer":
        return cls(
            portal=portal,
            deadline_at=known.deadline_at,
            honours_receipts=known.honours_receipts,
            in_time=known.is_in_time,
            estimate=None if known.stamped_in is None else EstimateAnswer.of(known.stamped_in),
            message=_message(known, now).in_language(language),
            poll_after_ms=POLL_AFTER_MS,
        )


_NO_DEADLINE = Text(
    "Portal ini tidak menetapkan batas waktu.",
    "This portal has set no deadline.",
)
_PAST = Text(
    "Batas waktunya sudah lewat. E-meterai yang sudah dibayar tetap dapat dipakai.",
    "The deadline has passed. E-meterai that you have paid for can still be used.",
)
_IN_TIME = Text(
    "E-meterai yang dibeli dan dibayar sekarang akan dibubuhkan tepat waktu.",
    "An e-meterai bought and paid for now will be stamped in time.",
)
_BY_RECEIPT = Text(
    "E-meterai yang dibeli, dibayar, dan diminta sekarang dihitung tepat waktu: portal ini "
    "menerima tanda terimanya.",
    "An e-meterai bought, paid for and requested now is in time: this portal accepts its receipt.",
)
_TOO_LATE = Text(
    "E-meterai yang dibeli sekarang tidak akan sempat dibubuhkan sebelum batas waktu.",
    "An e-meterai bought now could not be stamped before the deadline.",
)


def _message(known: Outlook, now: datetime) -> Text:
    if known.deadline_at is None:
        return _NO_DEADLINE
    if known.deadline_at <= now:
        return _PAST
    if not known.is_in_time:
        return _TOO_LATE
    return _BY_RECEIPT if known.honours_receipts else _IN_TIME
