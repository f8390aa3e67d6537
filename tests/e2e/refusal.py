"""What a refusal must look like, whatever its reason (RFC 9457)."""

from dataclasses import dataclass, field
from typing import Any

from meterai.problems import PROBLEMS
from tests.applicant.client import Page


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is its own: the status, the stable code and the values that say what happened."""

    status: int
    code: str
    values: dict[str, Any] = field(default_factory=dict)


def refusal(answer: Page) -> Refusal:
    """Holds the form to be right: media type, type, title, and both sentences filled in."""
    assert answer.content_type == "application/problem+json", answer
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    code = body["code"]
    known = PROBLEMS[code]
    common = {
        "type": f"urn:meterai:problem:{code}",
        "code": code,
        "title": known.title,
        "status": answer.status,
    }
    values = {name: value for name, value in body.items() if name not in {*common, *_SENTENCES}}
    sentences = {
        "detail": known.english.format(**values),
        "detail_id": known.indonesian.format(**values),
    }
    assert body == {**common, **sentences, **values}
    return Refusal(answer.status, code, values)


_SENTENCES = ("detail", "detail_id")
