"""The one form in which answers write a time: RFC 3339 in UTC, with `Z`."""

from datetime import UTC, datetime


def utc_text(at: datetime) -> str:
    """In whole seconds, as sentences need it: `2026-12-31T16:59:59Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
